import type { GraphDocument, GraphEdge, NodeId } from './document.ts';

/** Wires by the node they end at, in the document's order. Wires from or to nodes that do not exist are left out. */
export function edgesByTarget(
  document: GraphDocument,
  wires: readonly GraphEdge[] = Object.values(document.edges),
): Map<NodeId, readonly GraphEdge[]> {
  const byTarget = new Map<NodeId, GraphEdge[]>();
  for (const edge of wires) {
    const { source, target } = edge;
    if (!Object.hasOwn(document.nodes, source.node) || !Object.hasOwn(document.nodes, target.node)) continue;
    const list = byTarget.get(target.node);
    if (list) list.push(edge);
    else byTarget.set(target.node, [edge]);
  }
  return byTarget as Map<NodeId, readonly GraphEdge[]>;
}

/** Wires by the node they start from, likewise. */
export function edgesBySource(
  document: GraphDocument,
  byTarget: ReadonlyMap<NodeId, readonly GraphEdge[]> = edgesByTarget(document),
): Map<NodeId, readonly GraphEdge[]> {
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
  const ids = Object.keys(document.nodes) as NodeId[];
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

/** Whether data flows from `from` to `to` along wires; a node reaches itself. */
export function reaches(document: GraphDocument, from: NodeId, to: NodeId): boolean {
  const outgoing = edgesBySource(document);
  const seen = new Set<NodeId>([from]);
  for (const id of seen) {
    if (id === to) return true;
    for (const { target } of outgoing.get(id) ?? []) seen.add(target.node);
  }
  return false;
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
