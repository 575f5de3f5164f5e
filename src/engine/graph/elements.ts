import { withoutEmptyFrames } from './annotations.ts';
import type { Color, EdgeId, GraphDocument, GraphEdge, GraphNode, NodeId, ParameterValue } from './document.ts';
import { formulaValue, withFormulas } from './formulas.ts';
import { copyOf, sameKeys, valuesOf } from './keys.ts';

/** Edits of single nodes and wires. */
export type ElementChange =
  | { readonly kind: 'addNode'; readonly node: GraphNode }
  /** Removes the node and every wire that ends at it. */
  | { readonly kind: 'removeNode'; readonly node: NodeId }
  /** Adds a wire; a wire that already ends at the same input port is replaced unless that port takes many. */
  | { readonly kind: 'addEdge'; readonly edge: GraphEdge; readonly many?: boolean }
  | { readonly kind: 'removeEdge'; readonly edge: EdgeId }
  | NodeChange;

type NodeChange =
  | { readonly kind: 'moveNode'; readonly node: NodeId; readonly position: GraphNode['position'] }
  | { readonly kind: 'setParameter'; readonly node: NodeId; readonly parameter: string; readonly value: ParameterValue }
  /** Lets a parameter follow from a formula over the constants; undefined: it keeps its value and follows no more. */
  | {
      readonly kind: 'setFormula';
      readonly node: NodeId;
      readonly parameter: string;
      readonly formula: string | undefined;
    }
  | { readonly kind: 'colorNode'; readonly node: NodeId; readonly color: Color | undefined }
  | { readonly kind: 'nameNode'; readonly node: NodeId; readonly name: string | undefined }
  | { readonly kind: 'freezeNode'; readonly node: NodeId; readonly frozen: boolean }
  /** Lets it compute with the weights of another node; undefined: with its own. */
  | { readonly kind: 'shareWeights'; readonly node: NodeId; readonly shares: NodeId | undefined }
  /** How its weights are drawn; undefined: as the layer has it. */
  | { readonly kind: 'setInitial'; readonly node: NodeId; readonly initial: GraphNode['initial'] | undefined };

const KINDS: Readonly<Record<ElementChange['kind'], true>> = {
  addNode: true,
  removeNode: true,
  addEdge: true,
  removeEdge: true,
  moveNode: true,
  setParameter: true,
  setFormula: true,
  colorNode: true,
  nameNode: true,
  freezeNode: true,
  shareWeights: true,
  setInitial: true,
};

export function isElementChange(change: { readonly kind: string }): change is ElementChange {
  return Object.hasOwn(KINDS, change.kind);
}

/**
 * The document after these, one after the other. Its records are copied once for all of them: pasting thousands of
 * layers takes time by their number, not its square.
 */
export function applyElements(document: GraphDocument, changes: readonly ElementChange[]): GraphDocument {
  const draft = new GraphDraft(document);
  for (const change of changes) draft.apply(change);
  return draft.finish();
}

class GraphDraft {
  readonly #document: GraphDocument;
  readonly #constants: NonNullable<GraphDocument['constants']>;
  #nodes: Record<NodeId, GraphNode> | undefined;
  #edges: Record<EdgeId, GraphEdge> | undefined;
  /** Wires by the nodes at both of their ends; made when first asked for. */
  #wiring: Map<NodeId, Set<EdgeId>> | undefined;
  /** Whether nodes came or went, and whether some went. */
  #others = false;
  #removed = false;

  constructor(document: GraphDocument) {
    this.#document = document;
    this.#constants = document.constants ?? {};
  }

  apply(change: ElementChange): void {
    switch (change.kind) {
      case 'addNode':
        this.#ownNodes()[change.node.id] = withFormulas(change.node, this.#constants);
        this.#others = true;
        break;
      case 'removeNode':
        this.#removeNode(change.node);
        break;
      case 'addEdge':
        this.#addEdge(change.edge, change.many === true);
        break;
      case 'removeEdge':
        this.#removeEdge(change.edge);
        break;
      default:
        this.#edit(change);
    }
  }

  finish(): GraphDocument {
    if (!this.#nodes && !this.#edges) return this.#document;
    if (this.#nodes && !this.#others) sameKeys(this.#nodes, this.#document.nodes);
    const after = {
      ...this.#document,
      ...(this.#nodes && { nodes: this.#nodes }),
      ...(this.#edges && { edges: this.#edges }),
    };
    return this.#removed ? withoutEmptyFrames(after) : after;
  }

  #edit(change: NodeChange): void {
    const node = (this.#nodes ?? this.#document.nodes)[change.node];
    if (!node) {
      if (change.kind === 'colorNode') return;
      throw new RangeError(`no node "${change.node}" in the document`);
    }
    const edited = editedNode(node, change, this.#constants);
    if (edited !== node) this.#ownNodes()[change.node] = edited;
  }

  #removeNode(id: NodeId): void {
    if (!(this.#nodes ?? this.#document.nodes)[id]) return;
    delete this.#ownNodes()[id];
    for (const edge of [...(this.#ends().get(id) ?? [])]) this.#removeEdge(edge);
    this.#others = true;
    this.#removed = true;
  }

  #addEdge(edge: GraphEdge, many: boolean): void {
    const { node, port } = edge.target;
    if (!many) {
      const edges = this.#edges ?? this.#document.edges;
      for (const id of [...(this.#ends().get(node) ?? [])]) {
        const { target } = edges[id]!;
        if (target.node === node && target.port === port) this.#removeEdge(id);
      }
    }
    const edges = this.#ownEdges();
    const old = edges[edge.id];
    if (old) this.#unwire(old);
    edges[edge.id] = edge;
    if (this.#wiring) wire(this.#wiring, edge);
  }

  #removeEdge(id: EdgeId): void {
    const edge = (this.#edges ?? this.#document.edges)[id];
    if (!edge) return;
    this.#unwire(edge);
    delete this.#ownEdges()[id];
  }

  #unwire({ id, source, target }: GraphEdge): void {
    this.#wiring?.get(source.node)?.delete(id);
    this.#wiring?.get(target.node)?.delete(id);
  }

  #ends(): Map<NodeId, Set<EdgeId>> {
    if (!this.#wiring) {
      this.#wiring = new Map();
      const edges = this.#edges ? Object.values<GraphEdge>(this.#edges) : valuesOf(this.#document.edges);
      for (const edge of edges) wire(this.#wiring, edge);
    }
    return this.#wiring;
  }

  #ownNodes(): Record<NodeId, GraphNode> {
    this.#nodes ??= copyOf(this.#document.nodes);
    return this.#nodes;
  }

  #ownEdges(): Record<EdgeId, GraphEdge> {
    this.#edges ??= copyOf(this.#document.edges);
    return this.#edges;
  }
}

function wire(wiring: Map<NodeId, Set<EdgeId>>, { id, source, target }: GraphEdge): void {
  for (const node of [source.node, target.node]) {
    const ends = wiring.get(node);
    if (ends) ends.add(id);
    else wiring.set(node, new Set([id]));
  }
}

function editedNode(
  node: GraphNode,
  change: NodeChange,
  constants: NonNullable<GraphDocument['constants']>,
): GraphNode {
  switch (change.kind) {
    case 'moveNode':
      return { ...node, position: change.position };
    case 'setParameter':
      return {
        ...withoutFormula(node, change.parameter),
        parameters: { ...node.parameters, [change.parameter]: asSaved(change.value) },
      };
    case 'setFormula': {
      const { parameter, formula } = change;
      if (formula === undefined) return withoutFormula(node, parameter);
      const result = formulaValue(node, parameter, formula, constants);
      return {
        ...node,
        formulas: { ...node.formulas, [parameter]: formula },
        parameters: 'value' in result ? { ...node.parameters, [parameter]: result.value } : node.parameters,
      };
    }
    case 'colorNode': {
      if (node.color === change.color) return node;
      const { color: _old, ...plain } = node;
      return change.color === undefined ? plain : { ...plain, color: change.color };
    }
    case 'nameNode': {
      const { name: _old, ...plain } = node;
      return change.name === undefined ? plain : { ...plain, name: change.name };
    }
    case 'freezeNode': {
      const { frozen: _old, ...plain } = node;
      return change.frozen ? { ...plain, frozen: true } : plain;
    }
    case 'shareWeights': {
      const { shares: _old, ...plain } = node;
      return change.shares === undefined ? plain : { ...plain, shares: change.shares };
    }
    case 'setInitial': {
      const { initial: _old, ...plain } = node;
      return change.initial ? { ...plain, initial: change.initial } : plain;
    }
  }
}

function withoutFormula(node: GraphNode, parameter: string): GraphNode {
  if (!node.formulas || !Object.hasOwn(node.formulas, parameter)) return node;
  const { formulas, ...plain } = node;
  const { [parameter]: _gone, ...others } = formulas;
  return Object.keys(others).length > 0 ? { ...plain, formulas: others } : plain;
}

/** A value as it comes back from a file: JSON has no −0. */
function asSaved(value: ParameterValue): ParameterValue {
  if (Array.isArray(value)) return value.map((item) => item + 0);
  return typeof value === 'number' ? value + 0 : value;
}
