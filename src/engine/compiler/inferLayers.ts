import { UNKNOWN_DATA } from '../data/dataset.ts';
import type { Diagnostic } from '../graph/diagnostic.ts';
import type { EdgeId, GraphDocument, GraphEdge, NodeId } from '../graph/document.ts';
import type { Shape } from '../ir/types.ts';
import type { DataShapes, LayerError } from '../layers/defineLayer.ts';
import type { GraphInference, NodeInference } from './infer.ts';
import { inferNode, sameEntry, sameForReaders, sameMaybe } from './inferNode.ts';
import { sameData } from './layerMemo.ts';
import { sharingErrors } from './sharedWeights.ts';
import { type GraphFacts, nodeProblems, wholeProblems } from './validateGraph.ts';
import { cycleDiagnostic, layerErrorDiagnostic, wireDiagnostic } from './validateNode.ts';
import { type GraphWiring, sameItems, wiringOf } from './wiring.ts';

/** What was inferred, with what inferring again after an edit builds on. */
export interface LayersInferred {
  readonly inference: GraphInference;
  readonly document: GraphDocument;
  readonly wiring: GraphWiring;
  /** Nodes from which data flows into a loss; all, if there is none. */
  readonly used: ReadonlySet<NodeId>;
  /** Nodes with the weights of others, and losses. */
  readonly sharing: ReadonlySet<NodeId>;
  readonly losses: ReadonlySet<NodeId>;
  /** What layers said of shapes that do not fit. */
  readonly errors: ReadonlyMap<NodeId, LayerError>;
  /** What is wrong with nodes by themselves, with wires, with nodes where they stand (only where something is), and with all. */
  readonly ofNodes: ReadonlyMap<NodeId, readonly Diagnostic[]>;
  readonly ofWires: ReadonlyMap<EdgeId, Diagnostic>;
  readonly ofPlaces: ReadonlyMap<NodeId, readonly Diagnostic[]>;
  readonly ofWhole: readonly Diagnostic[];
}

/**
 * What `inferGraph` tells, of a document without blocks. `before` is what was inferred last: what an edit did not touch
 * is taken from there, as the same objects.
 */
export function inferLayers(document: GraphDocument, data: DataShapes, before?: LayersInferred): LayersInferred {
  return new LayerPass(document, data, before, new Map()).run();
}

/** The same of a document by itself, with shapes that come in from outside, by node. */
export function inferGiven(
  document: GraphDocument,
  data: DataShapes,
  given: ReadonlyMap<string, Shape>,
): GraphInference {
  return new LayerPass(document, data, undefined, given).run().inference;
}

/** One walk over the nodes that an edit touched, and those that it reaches from there. */
class LayerPass {
  readonly #document: GraphDocument;
  readonly #data: DataShapes;
  readonly #before: LayersInferred | undefined;
  readonly #given: ReadonlyMap<string, Shape>;
  readonly #wiring: GraphWiring;
  /** Whether nodes or wires came, went, or lie in another order. */
  readonly #rewired: boolean;
  /** Nodes that are other than before, or read from one whose outputs are; those that are gone, too. */
  readonly #touched: Set<NodeId>;
  #nodes: Record<string, NodeInference>;
  /** Whether `#nodes` is this pass's own, and whether a node is another layer than before. */
  #own = false;
  #layersChanged = false;
  readonly #sharing: Set<NodeId>;
  readonly #losses: Set<NodeId>;
  readonly #errors: Map<NodeId, LayerError>;
  readonly #ofNodes: Map<NodeId, readonly Diagnostic[]>;

  constructor(
    document: GraphDocument,
    data: DataShapes,
    before: LayersInferred | undefined,
    given: ReadonlyMap<string, Shape>,
  ) {
    this.#document = document;
    this.#data = data;
    this.#before = before;
    this.#given = given;
    this.#wiring = wiringOf(document, before);
    this.#rewired = this.#wiring !== before?.wiring;
    this.#nodes = before?.inference.nodes ?? {};
    this.#sharing = new Set(before?.sharing);
    this.#losses = new Set(before?.losses);
    this.#errors = new Map(before?.errors);
    this.#ofNodes = new Map(before?.ofNodes);
    this.#touched = this.#findTouched();
  }

  run(): LayersInferred {
    const before = this.#before;
    if (before && this.#touched.size === 0 && !this.#rewired) return { ...before, document: this.#document };
    this.#visitNodes();
    const nodes = this.#nodes;
    const { edges, ofWires } = this.#inferWires();
    const used = this.#findUsed();
    const { ids, sorted, wires, incoming, outgoing, cycle } = this.#wiring;
    const facts: GraphFacts = { document: this.#document, data: this.#data, nodes, incoming, outgoing, used };
    const ofPlaces = this.#findPlaces(facts);
    const ofWhole =
      before && !this.#rewired && !this.#layersChanged ? before.ofWhole : wholeProblems(ids.map((id) => nodes[id]!));
    const diagnostics = [
      ...listed(this.#ofNodes, this.#inOrder()),
      ...(ofWires.size === 0 ? [] : wires.flatMap(({ id }) => ofWires.get(id) ?? [])),
      ...(cycle.length > 0 ? [cycleDiagnostic(this.#document, cycle)] : []),
      ...this.#allErrors().map(([id, error]) => layerErrorDiagnostic(facts, id, error)),
      ...ofWhole,
      ...listed(ofPlaces, ids),
    ];
    const order =
      used === before?.used && !this.#rewired ? before.inference.order : sorted.filter((id) => used.has(id));
    const now: GraphInference = {
      data: this.#data,
      order,
      nodes,
      edges,
      diagnostics:
        before && sameItems(diagnostics, before.inference.diagnostics) ? before.inference.diagnostics : diagnostics,
      totals: this.#totals(order),
    };
    return {
      inference: before && sameInference(now, before.inference) ? before.inference : now,
      document: this.#document,
      wiring: this.#wiring,
      used,
      sharing: this.#sharing,
      losses: this.#losses,
      errors: this.#errors,
      ofNodes: this.#ofNodes,
      ofWires,
      ofPlaces,
      ofWhole,
    };
  }

  /** Nodes as they are visited. */
  #inOrder(): readonly NodeId[] {
    const { sorted, looped } = this.#wiring;
    return looped.length === 0 ? sorted : [...sorted, ...looped];
  }

  #findTouched(): Set<NodeId> {
    const { ids, incoming } = this.#wiring;
    const before = this.#before;
    if (!before || !this.#sameAround(before)) return new Set([...ids, ...(before?.wiring.ids ?? [])]);
    const touched = new Set<NodeId>();
    const { nodes } = this.#document;
    const old = before.document.nodes;
    if (nodes !== old) {
      for (const id of ids) if (nodes[id] !== old[id]) touched.add(id);
    }
    if (this.#rewired) {
      for (const id of ids) if (incoming.get(id) !== before.wiring.incoming.get(id)) touched.add(id);
      for (const id of before.wiring.ids) if (!nodes[id]) touched.add(id);
      for (const id of before.wiring.looped) touched.add(id);
    }
    return touched;
  }

  /** Whether all that concerns every node is as before. */
  #sameAround({ document, inference }: LayersInferred): boolean {
    const [now, old] = [this.#data, inference.data];
    return (
      document.blocks === this.#document.blocks &&
      document.constants === this.#document.constants &&
      (now === old || (now !== UNKNOWN_DATA && old !== UNKNOWN_DATA && sameData(now, old)))
    );
  }

  #visitNodes(): void {
    const { sorted, looped, outgoing } = this.#wiring;
    const before = this.#before?.inference.nodes ?? {};
    // The order of entries is that of the visit. Nodes in a circle know of those only that were visited before.
    const anew = this.#rewired || looped.length > 0;
    if (anew) {
      this.#nodes = Object.create(null);
      this.#own = true;
    }
    for (const id of this.#touched) if (!this.#document.nodes[id]) this.#forget(id);
    for (const id of sorted) {
      const old = before[id];
      if (old && !this.#touched.has(id)) {
        if (anew) this.#nodes[id] = old;
        continue;
      }
      this.#visit(id);
      if (old && sameForReaders(old, this.#nodes[id]!)) continue;
      for (const { target } of outgoing.get(id) ?? []) this.#touched.add(target.node);
    }
    for (const id of looped) {
      this.#touched.add(id);
      this.#visit(id);
    }
  }

  #visit(id: NodeId): void {
    const before = this.#before;
    const wires = this.#wiring.incoming.get(id) ?? [];
    const { entry, error, diagnostics } = inferNode(
      this.#document.nodes[id]!,
      before?.document.nodes[id],
      wires,
      this.#nodes,
      this.#data,
      this.#given.get(id),
    );
    this.#forget(id);
    if (diagnostics.length > 0) this.#ofNodes.set(id, diagnostics);
    if (error) this.#errors.set(id, error);
    if (entry.shares !== undefined) this.#sharing.add(id);
    if (entry.definition?.role === 'loss') this.#losses.add(id);
    const old = before?.inference.nodes[id];
    this.#layersChanged ||= old?.definition !== entry.definition;
    const same = old !== undefined && sameEntry(old, entry);
    if (same && !this.#own) return;
    if (!this.#own) {
      const copy: Record<string, NodeInference> = Object.create(null);
      for (const each of this.#wiring.sorted) copy[each] = this.#nodes[each]!;
      this.#nodes = copy;
      this.#own = true;
    }
    this.#nodes[id] = same ? old : entry;
  }

  #forget(id: NodeId): void {
    this.#errors.delete(id);
    this.#ofNodes.delete(id);
    this.#sharing.delete(id);
    this.#losses.delete(id);
  }

  /** Shapes on the wires, and what is wrong with these. */
  #inferWires(): Pick<LayersInferred, 'ofWires'> & Pick<GraphInference, 'edges'> {
    const before = this.#before;
    const { wires, incoming, outgoing } = this.#wiring;
    const ofWires = new Map(before?.ofWires);
    if (before && !this.#rewired) {
      let edges: Record<string, Shape | undefined> | undefined;
      const around = new Set(
        [...this.#touched].flatMap((id) => [...(incoming.get(id) ?? []), ...(outgoing.get(id) ?? [])]),
      );
      for (const wire of around) {
        const shape = this.#inferWire(wire, ofWires);
        if (shape === before.inference.edges[wire.id]) continue;
        if (!edges) {
          edges = Object.create(null) as Record<string, Shape | undefined>;
          for (const { id } of wires) edges[id] = before.inference.edges[id];
        }
        edges[wire.id] = shape;
      }
      return { edges: edges ?? before.inference.edges, ofWires };
    }
    const old = new Set<GraphEdge>(before?.wiring.wires);
    const edges: Record<string, Shape | undefined> = Object.create(null);
    for (const wire of wires) {
      const { id, source, target } = wire;
      const known = old.has(wire) && !this.#touched.has(source.node) && !this.#touched.has(target.node);
      edges[id] = known ? before?.inference.edges[id] : this.#inferWire(wire, ofWires);
    }
    for (const id of ofWires.keys()) if (!this.#document.edges[id]) ofWires.delete(id);
    return { edges, ofWires };
  }

  #inferWire(wire: GraphEdge, ofWires: Map<EdgeId, Diagnostic>): Shape | undefined {
    const { id, source } = wire;
    const from = this.#nodes[source.node];
    const problem = wireDiagnostic(this.#document, wire, this.#nodes);
    if (problem) ofWires.set(id, problem);
    else ofWires.delete(id);
    const output = from?.definition?.outputs.findIndex(({ name }) => name === source.port) ?? -1;
    const shape = from?.inference?.outputs[output];
    const old = this.#before?.inference.edges[id];
    return sameMaybe(shape, old) ? old : shape;
  }

  #findUsed(): ReadonlySet<NodeId> {
    const { ids, incoming } = this.#wiring;
    if (this.#before && !this.#rewired && !this.#layersChanged) return this.#before.used;
    if (this.#losses.size === 0) return new Set(ids);
    const used = new Set(this.#losses);
    for (const id of used) for (const { source } of incoming.get(id) ?? []) used.add(source.node);
    return used;
  }

  /** Rules about where nodes stand: anew where something around them changed, and at losses, which look further. */
  #findPlaces(facts: GraphFacts): ReadonlyMap<NodeId, readonly Diagnostic[]> {
    const { ids, outgoing } = this.#wiring;
    const before = this.#before;
    const { used } = facts;
    const places = new Map(before?.ofPlaces);
    const find = (id: NodeId): void => {
      const node = this.#document.nodes[id];
      const found = node ? nodeProblems(facts, node) : [];
      if (found.length > 0) places.set(id, found);
      else places.delete(id);
    };
    for (const id of this.#touched) find(id);
    for (const id of this.#losses) find(id);
    if (before && (this.#rewired || used !== before.used)) {
      for (const id of ids) {
        if (used.has(id) !== before.used.has(id) || outgoing.get(id) !== before.wiring.outgoing.get(id)) find(id);
      }
    }
    return places;
  }

  /** What layers say, in order of the nodes; then what is wrong with shared weights. */
  #allErrors(): [NodeId, LayerError][] {
    if (this.#errors.size + this.#sharing.size === 0) return [];
    const order = this.#inOrder();
    const errors = new Map(order.flatMap((id) => (this.#errors.has(id) ? [[id, this.#errors.get(id)!] as const] : [])));
    const sharing = order.filter((id) => this.#sharing.has(id));
    for (const [id, error] of sharingErrors(sharing, this.#nodes)) errors.set(id, error);
    return [...errors];
  }

  #totals(order: readonly NodeId[]): GraphInference['totals'] {
    const before = this.#before?.inference;
    if (before && order === before.order && this.#nodes === before.nodes) return before.totals;
    const totals = { parameters: 0, multiplyAdds: 0 };
    for (const id of order) {
      const { totalParameters, inference } = this.#nodes[id]!;
      totals.parameters += totalParameters;
      totals.multiplyAdds += inference?.multiplyAdds ?? 0;
    }
    return totals;
  }
}

function sameInference(a: GraphInference, b: GraphInference): boolean {
  return (
    a.data === b.data &&
    a.order === b.order &&
    a.nodes === b.nodes &&
    a.edges === b.edges &&
    a.diagnostics === b.diagnostics &&
    a.totals === b.totals
  );
}

function listed(of: ReadonlyMap<NodeId, readonly Diagnostic[]>, order: readonly NodeId[]): readonly Diagnostic[] {
  return of.size === 0 ? [] : order.flatMap((id) => of.get(id) ?? []);
}
