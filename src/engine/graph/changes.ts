import { type AnnotationChange, annotate, withoutEmptyFrames } from './annotations.ts';
import { blockPorts, blocksUsedBy, requireNesting } from './blocks.ts';
import type {
  BlockDefinition,
  BlockId,
  DataSettings,
  EdgeId,
  Graph,
  GraphDocument,
  GraphEdge,
  GraphNode,
  NodeId,
  ParameterTarget,
  ParameterValue,
  TrainingSettings,
} from './document.ts';
import { formulaValue, refreshFormulas, withFormulas } from './formulas.ts';
import { graphOf, lookingAt, PARTS, withoutGraph } from './parts.ts';

/** Every edit of a document. The union is closed: undo, autosave, tests and the history list read it. */
export type GraphChange =
  | { readonly kind: 'addNode'; readonly node: GraphNode }
  /** Removes the node and every wire that ends at it. */
  | { readonly kind: 'removeNode'; readonly node: NodeId }
  | { readonly kind: 'moveNode'; readonly node: NodeId; readonly position: GraphNode['position'] }
  | { readonly kind: 'setParameter'; readonly node: NodeId; readonly parameter: string; readonly value: ParameterValue }
  /** Lets a parameter follow from a formula over the constants; undefined: it keeps its value and follows no more. */
  | {
      readonly kind: 'setFormula';
      readonly node: NodeId;
      readonly parameter: string;
      readonly formula: string | undefined;
    }
  /** Adds or changes a constant, by its formula; undefined: takes it out. Parameters that use it follow. */
  | { readonly kind: 'setConstant'; readonly name: string; readonly formula: string | undefined }
  /** Where data flows to on the canvas. */
  | { readonly kind: 'setDirection'; readonly direction: 'right' | 'down' }
  | AnnotationChange
  | { readonly kind: 'nameNode'; readonly node: NodeId; readonly name: string | undefined }
  | { readonly kind: 'freezeNode'; readonly node: NodeId; readonly frozen: boolean }
  /** Lets it compute with the weights of another node; undefined: with its own. */
  | { readonly kind: 'shareWeights'; readonly node: NodeId; readonly shares: NodeId | undefined }
  /** How its weights are drawn; undefined: as the layer has it. */
  | { readonly kind: 'setInitial'; readonly node: NodeId; readonly initial: GraphNode['initial'] | undefined }
  /** Adds a wire; a wire that already ends at the same input port is replaced unless that port takes many. */
  | { readonly kind: 'addEdge'; readonly edge: GraphEdge; readonly many?: boolean }
  | { readonly kind: 'removeEdge'; readonly edge: EdgeId }
  | { readonly kind: 'setTraining'; readonly training: Partial<TrainingSettings> }
  | { readonly kind: 'setData'; readonly data: DataSettings }
  | { readonly kind: 'rename'; readonly name: string }
  /** Adds a block, or puts another in the place of the one with that id. */
  | { readonly kind: 'setBlock'; readonly block: BlockDefinition }
  /** Takes a block out that is used nowhere. */
  | { readonly kind: 'removeBlock'; readonly block: BlockId }
  | { readonly kind: 'renameBlock'; readonly block: BlockId; readonly name: string }
  /** Lets each use of a block set parameters of nodes inside under a name of its own; without targets, no longer. */
  | {
      readonly kind: 'exposeParameter';
      readonly block: BlockId;
      readonly name: string;
      readonly targets: readonly ParameterTarget[];
    }
  /** An edit of the nodes and wires inside of a block: all its uses change. */
  | { readonly kind: 'inBlock'; readonly block: BlockId; readonly change: GraphChange }
  /** Several changes as one step of undo. */
  | { readonly kind: 'group'; readonly changes: readonly GraphChange[] };

/**
 * The document after a change. Pure: parts that did not change are shared, and a change that does nothing gives the
 * same object back.
 * @throws RangeError if the change names a node or a block that does not exist, EngineError `bad-document` if a block
 * would contain itself.
 */
export function apply(document: GraphDocument, change: GraphChange): GraphDocument {
  switch (change.kind) {
    case 'addNode':
      return {
        ...document,
        nodes: { ...document.nodes, [change.node.id]: withFormulas(change.node, document.constants ?? {}) },
      };
    case 'removeNode': {
      if (!document.nodes[change.node]) return document;
      const { [change.node]: _removed, ...nodes } = document.nodes;
      const edges = Object.fromEntries(
        Object.entries(document.edges).filter(
          ([, edge]) => edge.source.node !== change.node && edge.target.node !== change.node,
        ),
      ) as GraphDocument['edges'];
      return withoutEmptyFrames({ ...document, nodes: nodes as GraphDocument['nodes'], edges });
    }
    case 'moveNode':
      return withNode(document, change.node, (node) => ({ ...node, position: change.position }));
    case 'setParameter':
      return withNode(document, change.node, (node) => ({
        ...withoutFormula(node, change.parameter),
        parameters: { ...node.parameters, [change.parameter]: asSaved(change.value) },
      }));
    case 'setFormula':
      return withNode(document, change.node, (node) => {
        const { parameter, formula } = change;
        if (formula === undefined) return withoutFormula(node, parameter);
        const result = formulaValue(node, parameter, formula, document.constants ?? {});
        return {
          ...node,
          formulas: { ...node.formulas, [parameter]: formula },
          parameters: 'value' in result ? { ...node.parameters, [parameter]: result.value } : node.parameters,
        };
      });
    case 'setConstant': {
      const { [change.name]: _old, ...others } = document.constants ?? {};
      const constants =
        change.formula === undefined ? others : { ...document.constants, [change.name]: change.formula };
      if (Object.keys(constants).length > 0) return refreshFormulas({ ...document, constants });
      const { constants: _none, ...rest } = document;
      return refreshFormulas(rest);
    }
    case 'setDirection': {
      if (change.direction === (document.direction ?? 'right')) return document;
      const { direction: _old, ...rest } = document;
      return change.direction === 'down' ? { ...rest, direction: 'down' } : rest;
    }
    case 'setFrame':
    case 'removeFrame':
    case 'frameItems':
    case 'setNote':
    case 'removeNote':
    case 'colorNode':
      return annotate(document, change);
    case 'nameNode':
      return withNode(document, change.node, ({ name: _old, ...node }) =>
        change.name === undefined ? node : { ...node, name: change.name },
      );
    case 'freezeNode':
      return withNode(document, change.node, ({ frozen: _old, ...node }) =>
        change.frozen ? { ...node, frozen: true } : node,
      );
    case 'shareWeights':
      return withNode(document, change.node, ({ shares: _old, ...node }) =>
        change.shares === undefined ? node : { ...node, shares: change.shares },
      );
    case 'setInitial':
      return withNode(document, change.node, ({ initial: _old, ...node }) =>
        change.initial ? { ...node, initial: change.initial } : node,
      );
    case 'addEdge': {
      const { target } = change.edge;
      const kept = Object.entries(document.edges).filter(
        ([, edge]) => change.many || edge.target.node !== target.node || edge.target.port !== target.port,
      );
      return {
        ...document,
        edges: { ...(Object.fromEntries(kept) as GraphDocument['edges']), [change.edge.id]: change.edge },
      };
    }
    case 'removeEdge': {
      if (!document.edges[change.edge]) return document;
      const { [change.edge]: _removed, ...edges } = document.edges;
      return { ...document, edges: edges as GraphDocument['edges'] };
    }
    case 'setTraining':
      return { ...document, training: { ...document.training, ...change.training } };
    case 'setData':
      return { ...document, data: change.data };
    case 'rename':
      return { ...document, name: change.name };
    case 'setBlock':
      return withBlock(document, change.block);
    case 'removeBlock': {
      if (!document.blocks[change.block]) return document;
      const graphs: Graph[] = [document, ...(Object.values(document.blocks) as BlockDefinition[])];
      if (graphs.some((graph) => blocksUsedBy(graph).includes(change.block))) {
        throw new RangeError(`the block "${change.block}" is used: remove its uses first`);
      }
      const { [change.block]: _removed, ...blocks } = document.blocks;
      return { ...document, blocks: blocks as GraphDocument['blocks'] };
    }
    case 'renameBlock':
      return withBlock(document, { ...requireBlock(document, change.block), name: change.name });
    case 'exposeParameter': {
      const block = requireBlock(document, change.block);
      const { [change.name]: _old, ...others } = block.parameters;
      const parameters = change.targets.length > 0 ? { ...block.parameters, [change.name]: change.targets } : others;
      return withBlock(document, { ...block, parameters });
    }
    case 'inBlock': {
      const block = requireBlock(document, change.block);
      const inside = lookingAt(document, block);
      const edited = apply(inside, change.change);
      if (edited === inside) return document;
      const outer = lookingAt(edited, document);
      const same = PARTS.every((part) => edited[part] === block[part]);
      if (same) return outer;
      return withBlock(outer, { ...withoutGraph(requireBlock(outer, change.block)), ...graphOf(edited) });
    }
    case 'group':
      return change.changes.reduce(apply, document);
  }
}

function withoutFormula(node: GraphNode, parameter: string): GraphNode {
  if (!node.formulas || !Object.hasOwn(node.formulas, parameter)) return node;
  const { formulas, ...plain } = node;
  const { [parameter]: _gone, ...others } = formulas;
  return Object.keys(others).length > 0 ? { ...plain, formulas: others } : plain;
}

function requireBlock({ blocks }: GraphDocument, id: BlockId): BlockDefinition {
  const block = Object.hasOwn(blocks, id) ? blocks[id] : undefined;
  if (!block) throw new RangeError(`no block "${id}" in the document`);
  return block;
}

/** Puts a block in its place. What pointed at parts of it that are gone goes too: exposed parameters, wires to ports. */
function withBlock(document: GraphDocument, given: BlockDefinition): GraphDocument {
  const old = document.blocks[given.id];
  const block = withoutEmptyFrames({ ...inOwnFrames(given), parameters: pruned(given) });
  let after: GraphDocument = { ...document, blocks: { ...document.blocks, [block.id]: block } };
  requireNesting(after.blocks);
  const ports = (of: Graph | undefined) => (of ? [...blockPorts(of).inputs, ...blockPorts(of).outputs] : []);
  const left = new Set(ports(block));
  const gone = new Set<string>(ports(old).filter((port) => !left.has(port)));
  if (gone.size === 0) return after;
  const blocks = Object.entries(after.blocks).map(([id, each]) => [id, withoutWires(each, block.id, gone)] as const);
  after = withoutWires({ ...after, blocks: Object.fromEntries(blocks) as GraphDocument['blocks'] }, block.id, gone);
  return after;
}

/** A block's nodes may have come from a frame outside: of that, nothing is known inside. */
function inOwnFrames(block: BlockDefinition): BlockDefinition {
  const nodes = Object.values<GraphNode>(block.nodes);
  const known = ({ frame }: GraphNode): boolean => frame === undefined || Object.hasOwn(block.frames ?? {}, frame);
  if (nodes.every(known)) return block;
  const kept = nodes.map((node) => {
    if (known(node)) return [node.id, node];
    const { frame: _outside, ...rest } = node;
    return [node.id, rest];
  });
  return { ...block, nodes: Object.fromEntries(kept) };
}

function pruned({ nodes, parameters }: BlockDefinition): BlockDefinition['parameters'] {
  const entries = Object.entries(parameters).map(
    ([name, targets]) => [name, targets.filter(({ node }) => Object.hasOwn(nodes, node))] as const,
  );
  return Object.fromEntries(entries.filter(([, targets]) => targets.length > 0));
}

/** The graph without wires at these ports of uses of a block. */
function withoutWires<Part extends Graph>(graph: Part, block: BlockId, ports: ReadonlySet<string>): Part {
  const ends = ({ node, port }: GraphEdge['source']) => graph.nodes[node]?.block === block && ports.has(port);
  const edges = Object.entries(graph.edges) as [EdgeId, GraphEdge][];
  const kept = edges.filter(([, { source, target }]) => !ends(source) && !ends(target));
  return kept.length === edges.length ? graph : { ...graph, edges: Object.fromEntries(kept) };
}

function withNode(document: GraphDocument, id: NodeId, edit: (node: GraphNode) => GraphNode): GraphDocument {
  const node = document.nodes[id];
  if (!node) throw new RangeError(`no node "${id}" in the document`);
  return { ...document, nodes: { ...document.nodes, [id]: edit(node) } };
}

/** A value as it comes back from a file: JSON has no −0. */
function asSaved(value: ParameterValue): ParameterValue {
  if (Array.isArray(value)) return value.map((item) => item + 0);
  return typeof value === 'number' ? value + 0 : value;
}
