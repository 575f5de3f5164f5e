import {
  type Frame,
  type FrameId,
  type GraphDocument,
  type GraphEdge,
  type GraphNode,
  type NodeId,
  type Note,
  nodeId,
} from '../../engine/graph/document.ts';
import { FOLDED, foldedBox, heldBy, NOTE_PREFIX } from './frameBoxes.ts';
import { type Layout, layoutRanks } from './layoutRanks.ts';

type SizeOf = (id: NodeId) => { readonly width: number; readonly height: number };

/**
 * Places for all layers and notes, as `layoutRanks` gives them. A folded frame takes the room of its one box; what it
 * holds is arranged by itself, for when it is unfolded.
 */
export function layoutGraph(document: GraphDocument, direction: 'right' | 'down', sizeOf: SizeOf): Layout {
  const folded = frames(document).filter(({ collapsed }) => collapsed);
  if (folded.length === 0) return layoutRanks(document, direction, sizeOf);
  const standIns = new Set<NodeId>(folded.map(({ id }) => standIn(id)));
  const sizeOfShown: SizeOf = (id) => (standIns.has(id) ? FOLDED : sizeOf(id));
  const around = layoutRanks(withStandIns(document, folded, sizeOf), direction, sizeOfShown);
  const nodes = new Map([...around.nodes].filter(([id]) => !standIns.has(id)));
  const notes = new Map(around.notes);
  for (const { id: frame } of folded) {
    const own = layoutRanks(insideOf(document, frame), direction, sizeOf);
    const held = heldBy(document, frame, ({ id }) => sizeOf(id)).map((box) => ({
      ...box,
      ...(box.id.startsWith(NOTE_PREFIX)
        ? own.notes.get(box.id.slice(NOTE_PREFIX.length) as Note['id'])
        : own.nodes.get(box.id as NodeId)),
    }));
    const from = foldedBox(held);
    const to = around.nodes.get(standIn(frame)) ?? from;
    const [dx, dy] = [Math.round(to.x - from.x), Math.round(to.y - from.y)];
    const shifted = ({ x, y }: { readonly x: number; readonly y: number }) => ({ x: x + dx, y: y + dy });
    for (const [id, place] of own.nodes) nodes.set(id, shifted(place));
    for (const [id, place] of own.notes) notes.set(id, shifted(place));
  }
  return { nodes, notes };
}

const frames = (document: GraphDocument): Frame[] => Object.values<Frame>(document.frames ?? {});

/** The layer that stands for a folded frame; no layer's id has a space. */
const standIn = (frame: FrameId): NodeId => nodeId(`frame ${frame}`);

/** The graph as it is seen: a layer in the place of each folded frame, where its wires end. */
function withStandIns(document: GraphDocument, folded: readonly Frame[], sizeOf: SizeOf): GraphDocument {
  const hiding = new Set<FrameId | undefined>(folded.map(({ id }) => id));
  const seen = ({ frame }: GraphNode | Note): boolean => !frame || !hiding.has(frame);
  const shownAs = (id: NodeId): NodeId => {
    const node = document.nodes[id];
    return node?.frame && !seen(node) ? standIn(node.frame) : id;
  };
  const boxes = folded.map(({ id }): GraphNode => {
    const { x, y } = foldedBox(heldBy(document, id, (node) => sizeOf(node.id)));
    return { id: standIn(id), type: 'Folded', version: 1, parameters: {}, position: { x, y } };
  });
  const edges = Object.values<GraphEdge>(document.edges).map((edge) => ({
    ...edge,
    source: { ...edge.source, node: shownAs(edge.source.node) },
    target: { ...edge.target, node: shownAs(edge.target.node) },
  }));
  return {
    ...document,
    frames: byId(frames(document).filter(({ id }) => !hiding.has(id))),
    nodes: byId([...Object.values<GraphNode>(document.nodes).filter(seen), ...boxes]),
    edges: byId(edges.filter(({ source, target }) => source.node !== target.node)),
    notes: byId(Object.values<Note>(document.notes ?? {}).filter(seen)),
  };
}

/** What a frame holds, as a graph of its own without that frame. */
function insideOf(document: GraphDocument, frame: FrameId): GraphDocument {
  const own = <Item extends GraphNode | Note>(items: readonly Item[]): Item[] =>
    items.flatMap(({ frame: around, ...item }) => (around === frame ? [item as Item] : []));
  const nodes = byId(own(Object.values<GraphNode>(document.nodes)));
  return {
    ...document,
    frames: {},
    nodes,
    edges: byId(
      Object.values<GraphEdge>(document.edges).filter(({ source, target }) => nodes[source.node] && nodes[target.node]),
    ),
    notes: byId(own(Object.values<Note>(document.notes ?? {}))),
  };
}

function byId<Item extends { readonly id: string }>(items: readonly Item[]): Record<Item['id'], Item> {
  return Object.fromEntries(items.map((item) => [item.id, item])) as Record<Item['id'], Item>;
}
