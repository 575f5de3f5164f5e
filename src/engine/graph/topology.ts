import type { Graph, GraphDocument, GraphEdge, NodeId } from './document.ts';
import { keysOf, valuesOf } from './keys.ts';

type Wires = ReadonlyMap<NodeId, readonly GraphEdge[]>;

/** Of the document that was asked about last: while a wire is drawn, every layer is asked about again and again. */
let last: { readonly document: GraphDocument; readonly byTarget: Wires; readonly bySource: () => Wires } | undefined;

function lastAsked(document: GraphDocument): NonNullable<typeof last> {
  if (last?.document === document) return last;
  const byTarget = wiresByTarget(document, valuesOf(document.edges));
  let bySource: Wires | undefined;
  last = {
    document,
    byTarget,
    bySource: () => {
      bySource ??= wiresBySource(byTarget);
      return bySource;
    },
  };
  return last;
}

/** Wires by the node they end at, in the document's order. Wires from or to nodes that do not exist are left out. */
export function edgesByTarget(document: GraphDocument): Wires {
  return lastAsked(document).byTarget;
}

/** Wires by the node they start from, likewise. */
export function edgesBySource(document: GraphDocument): Wires {
  return lastAsked(document).bySource();
}

/** The same of a document's wires that are at hand. */
export function wiresByTarget({ nodes }: Graph, wires: readonly GraphEdge[]): Map<NodeId, readonly GraphEdge[]> {
  const byTarget = new Map<NodeId, GraphEdge[]>();
  for (const edge of wires) {
    const { source, target } = edge;
    if (!Object.hasOwn(nodes, source.node) || !Object.hasOwn(nodes, target.node)) continue;
    const list = byTarget.get(target.node);
    if (list) list.push(edge);
    else byTarget.set(target.node, [edge]);
  }
  return byTarget as Map<NodeId, readonly GraphEdge[]>;
}

export function wiresBySource(byTarget: Wires): Map<NodeId, readonly GraphEdge[]> {
  const bySource = new Map<NodeId, GraphEdge[]>();
  for (const edges of byTarget.values()) {
    for (const edge of edges) {
      const list = bySource.get(edge.source.node);
      if (list) list.push(edge);
      else bySource.set(edge.source.node, [edge]);
    }
  }
  return bySource as Map<NodeId, readonly GraphEdge[]>;
}

/**
 * Nodes in an order in which each comes after those it reads from; among equals the document's order. Nodes on a cycle
 * or behind one are not in `order`; `cycle` is one cycle, its wires in direction of the data.
 */
export function topologicalOrder(
  document: GraphDocument,
  incoming: ReadonlyMap<NodeId, readonly GraphEdge[]> = edgesByTarget(document),
): { readonly order: readonly NodeId[]; readonly cycle: readonly GraphEdge[] } {
  const ids = keysOf(document.nodes);
  const waiting = new Map<NodeId, number>();
  const readers = new Map<NodeId, NodeId[]>();
  for (const id of ids) {
    const edges = incoming.get(id) ?? [];
    waiting.set(id, edges.length);
    for (const { source } of edges) {
      const list = readers.get(source.node);
      if (list) list.push(id);
      else readers.set(source.node, [id]);
    }
  }
  const order = ids.filter((id) => waiting.get(id) === 0);
  for (let i = 0; i < order.length; i++) {
    for (const reader of readers.get(order[i]!) ?? []) {
      const left = waiting.get(reader)! - 1;
      waiting.set(reader, left);
      if (left === 0) order.push(reader);
    }
  }
  return { order, cycle: order.length === ids.length ? [] : findCycle(ids, waiting, incoming) };
}

let lastUpstream:
  | { readonly document: GraphDocument; readonly of: NodeId; readonly found: ReadonlySet<NodeId> }
  | undefined;

/** Nodes from which data flows to a node along wires, and the node itself. */
export function upstream(document: GraphDocument, of: NodeId): ReadonlySet<NodeId> {
  if (lastUpstream?.document === document && lastUpstream.of === of) return lastUpstream.found;
  const incoming = edgesByTarget(document);
  const found = new Set<NodeId>([of]);
  for (const id of found) for (const { source } of incoming.get(id) ?? []) found.add(source.node);
  lastUpstream = { document, of, found };
  return found;
}

/** Every node that waits has a waiting source: walking back from one runs into a cycle. */
function findCycle(
  ids: readonly NodeId[],
  waiting: ReadonlyMap<NodeId, number>,
  incoming: ReadonlyMap<NodeId, readonly GraphEdge[]>,
): readonly GraphEdge[] {
  const path: GraphEdge[] = [];
  const place = new Map<NodeId, number>();
  let id = ids.find((candidate) => waiting.get(candidate)! > 0)!;
  while (!place.has(id)) {
    place.set(id, path.length);
    const edge = incoming.get(id)!.find(({ source }) => waiting.get(source.node)! > 0)!;
    path.push(edge);
    id = edge.source.node;
  }
  return path.slice(place.get(id)).reverse();
}
