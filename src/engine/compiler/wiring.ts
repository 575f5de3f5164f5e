import type { GraphDocument, GraphEdge, NodeId } from '../graph/document.ts';
import { keysOf, valuesOf } from '../graph/keys.ts';
import { topologicalOrder, wiresBySource, wiresByTarget } from '../graph/topology.ts';

/** How a document's nodes hang together. */
export interface GraphWiring {
  /** Nodes in the document's order. */
  readonly ids: readonly NodeId[];
  /** Wires in the document's order. */
  readonly wires: readonly GraphEdge[];
  readonly incoming: ReadonlyMap<NodeId, readonly GraphEdge[]>;
  readonly outgoing: ReadonlyMap<NodeId, readonly GraphEdge[]>;
  /** Nodes, each after those it reads from; those on a cycle or behind one are in `looped`, in the document's order. */
  readonly sorted: readonly NodeId[];
  readonly looped: readonly NodeId[];
  /** One cycle, its wires in direction of the data. */
  readonly cycle: readonly GraphEdge[];
}

/**
 * The wiring of a document. Parts that are as they were `last` (wires, and lists of the wires at a node) are the same
 * objects; if all is, so is the result.
 */
export function wiringOf(
  document: GraphDocument,
  last: { readonly document: GraphDocument; readonly wiring: GraphWiring } | undefined,
): GraphWiring {
  const before = last?.wiring;
  const ids = sharedIds(keysOf(document.nodes), before?.ids);
  const wires =
    before && document.edges === last.document.edges
      ? before.wires
      : sharedWires(valuesOf(document.edges), before?.wires);
  if (before && ids === before.ids && wires === before.wires) return before;
  const incoming = sharedLists(wiresByTarget(document, wires), before?.incoming);
  const outgoing = sharedLists(wiresBySource(incoming), before?.outgoing);
  const { order: sorted, cycle } = topologicalOrder(document, incoming);
  const inOrder = new Set(sorted);
  const looped = sorted.length === ids.length ? [] : ids.filter((id) => !inOrder.has(id));
  return { ids, wires, incoming, outgoing, sorted, looped, cycle };
}

function sharedIds(ids: readonly NodeId[], before: readonly NodeId[] | undefined): readonly NodeId[] {
  return before && sameItems(ids, before) ? before : ids;
}

function sharedWires(wires: readonly GraphEdge[], before: readonly GraphEdge[] | undefined): readonly GraphEdge[] {
  if (!before) return wires;
  if (wires.length === before.length && wires.every((wire, i) => sameWire(wire, before[i]))) return before;
  const known = new Map(before.map((wire) => [wire.id, wire]));
  return wires.map((wire) => {
    const old = known.get(wire.id);
    return sameWire(wire, old) ? old : wire;
  });
}

/** Wires at uses of blocks are made anew each time that these are expanded. */
function sameWire(a: GraphEdge, b: GraphEdge | undefined): b is GraphEdge {
  if (a === b) return true;
  return (
    b !== undefined &&
    a.id === b.id &&
    a.source.node === b.source.node &&
    a.source.port === b.source.port &&
    a.target.node === b.target.node &&
    a.target.port === b.target.port
  );
}

function sharedLists(
  lists: Map<NodeId, readonly GraphEdge[]>,
  before: ReadonlyMap<NodeId, readonly GraphEdge[]> | undefined,
): ReadonlyMap<NodeId, readonly GraphEdge[]> {
  if (!before) return lists;
  for (const [id, list] of lists) {
    const old = before.get(id);
    if (old && sameItems(old, list)) lists.set(id, old);
  }
  return lists;
}

/** Whether two lists hold the same objects in the same order. */
export function sameItems<Item>(a: readonly Item[], b: readonly Item[]): boolean {
  return a === b || (a.length === b.length && a.every((item, i) => item === b[i]));
}
