import type { GraphChange } from './changes.ts';
import type { BlockId, GraphDocument, GraphEdge, GraphNode, NodeId, ParameterValue } from './document.ts';
import { newEdgeId, newNodeId } from './ids.ts';
import { edgesBySource, edgesByTarget } from './topology.ts';

/** Distance between the left sides of neighbouring nodes in a row, in canvas units. */
export const NODE_SPACING = 260;

/** How far the next node lies from one, in the direction of the data. */
export const stepOf = ({ direction }: GraphDocument): Spot =>
  direction === 'down' ? { x: 0, y: 150 } : { x: NODE_SPACING, y: 0 };

/** Whether a node at a place would lie on one that is there, or nearly. */
export const isCovered = ({ nodes }: GraphDocument, { x, y }: Spot): boolean =>
  Object.values(nodes).some(({ position }) => Math.abs(position.x - x) < 220 && Math.abs(position.y - y) < 100);

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** What an edit needs to know of a layer: its version and its ports; of a use, its block. */
export interface InsertedLayer {
  readonly type: string;
  readonly version: number;
  readonly block?: BlockId | undefined;
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  readonly input: string;
  readonly output: string;
}

/**
 * Puts a new node on a wire. It stands in the middle where there is room for it; else everything behind it moves on in
 * the direction of the data.
 */
export function insertOnEdge(document: GraphDocument, edge: GraphEdge, layer: InsertedLayer): GraphChange {
  const source = document.nodes[edge.source.node];
  const target = document.nodes[edge.target.node];
  if (!source || !target) return { kind: 'group', changes: [] };
  const id = newNodeId(document, layer.type);
  const middle = {
    x: (source.position.x + target.position.x) / 2,
    y: (source.position.y + target.position.y) / 2,
  };
  const roomy = !isCovered(document, middle);
  const position = roomy ? middle : target.position;
  // Between two layers of a frame is in the frame.
  const frame = source.frame === target.frame ? source.frame : undefined;
  const node: GraphNode = {
    id,
    type: layer.type,
    version: layer.version,
    parameters: layer.parameters ?? {},
    position,
    ...(layer.block !== undefined && { block: layer.block }),
    ...(frame !== undefined && { frame }),
  };
  return {
    kind: 'group',
    changes: [
      ...(roomy ? [] : shiftFrom(document, target.id)),
      { kind: 'addNode', node },
      ...spliceOnEdge(document, edge, id, layer),
    ],
  };
}

export interface SplicePorts {
  readonly input: string;
  readonly output: string;
}

/** Joins a node that is there to both ends of a wire, in the place of that. */
export function spliceOnEdge(
  document: GraphDocument,
  edge: GraphEdge,
  node: NodeId,
  { input, output }: SplicePorts,
): readonly GraphChange[] {
  const first = newEdgeId(document);
  const second = newEdgeId(document, new Set([first]));
  return [
    { kind: 'removeEdge', edge: edge.id },
    { kind: 'addEdge', edge: { id: first, source: edge.source, target: { node, port: input } } },
    { kind: 'addEdge', edge: { id: second, source: { node, port: output }, target: edge.target }, many: true },
  ];
}

/** Wires by the node they end at and by the node they start from, for those who have them already. */
export interface Wiring {
  readonly incoming: ReadonlyMap<NodeId, readonly GraphEdge[]>;
  readonly outgoing: ReadonlyMap<NodeId, readonly GraphEdge[]>;
}

/** Takes a node out and joins what it read from to what read from it. */
export function removeAndHeal(
  document: GraphDocument,
  node: NodeId,
  wiring: Wiring = { incoming: edgesByTarget(document), outgoing: edgesBySource(document) },
): GraphChange {
  const before = wiring.incoming.get(node)?.[0];
  // The wires to what reads from it keep their ids: so the change depends on the node's own wires alone.
  const healed = (before ? (wiring.outgoing.get(node) ?? []) : []).map(
    (edge): GraphChange => ({ kind: 'addEdge', edge: { ...edge, source: before!.source }, many: true }),
  );
  return { kind: 'group', changes: [{ kind: 'removeNode', node }, ...healed] };
}

/** Moves a node and all that come after it one place on. */
function shiftFrom(document: GraphDocument, start: NodeId): GraphChange[] {
  const outgoing = edgesBySource(document);
  const moved = new Set<NodeId>([start]);
  for (const id of moved) for (const { target } of outgoing.get(id) ?? []) moved.add(target.node);
  const step = stepOf(document);
  return [...moved].map((node) => {
    const { x, y } = document.nodes[node]!.position;
    return { kind: 'moveNode', node, position: { x: x + step.x, y: y + step.y } };
  });
}
