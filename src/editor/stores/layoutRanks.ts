import { Graph, layout } from '@dagrejs/dagre';
import type {
  Frame,
  FrameId,
  GraphDocument,
  GraphEdge,
  GraphNode,
  NodeId,
  Note,
  NoteId,
} from '../../engine/graph/document.ts';

import { shownBoxes } from './frameBoxes.ts';
import { freeSpot } from './freeSpot.ts';

interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly nodes: ReadonlyMap<NodeId, Place>;
  readonly notes: ReadonlyMap<NoteId, Place>;
}

type SizeOf = (id: NodeId) => { readonly width: number; readonly height: number };

/** Between layers side by side, and between ranks; in canvas units. */
const PLAIN = { nodesep: 36, edgesep: 20, right: 60, down: 56 };
/** The same where there are frames: borders and titles lie between. A border counts as an edge to dagre. */
const FRAMED = { nodesep: 60, edgesep: 56, right: 70, down: 100 };

/**
 * Places for all layers and notes, in ranks along the direction of the data (dagre: Gansner et al., "A Technique for
 * Drawing Directed Graphs", 1993; frames as clusters after Sander, "Layout of Compound Directed Graphs", 1996). What a
 * frame holds stays together, with no other layer in between. Notes stay beside the layers that they are nearest to now.
 */
export function layoutRanks(document: GraphDocument, direction: 'right' | 'down', sizeOf: SizeOf): Layout {
  const frames = Object.values<Frame>(document.frames ?? {});
  const notes = Object.values<Note>(document.notes ?? {});
  const gaps = frames.length > 0 ? FRAMED : PLAIN;
  const graph = new Graph({ compound: frames.length > 0 });
  graph.setGraph({
    rankdir: direction === 'right' ? 'LR' : 'TB',
    nodesep: gaps.nodesep,
    edgesep: gaps.edgesep,
    ranksep: gaps[direction],
  });
  graph.setDefaultEdgeLabel(() => ({}));
  // Ids of layers, notes and frames may be the same.
  const [layerKey, noteKey, frameKey] = ['layer', 'note', 'frame'].map((kind) => (id: string) => `${kind}:${id}`) as [
    Key,
    Key,
    Key,
  ];
  for (const { id } of frames) graph.setNode(frameKey(id), {});
  for (const { id, frame } of Object.values<GraphNode>(document.nodes)) {
    graph.setNode(layerKey(id), { ...sizeOf(id) });
    if (frame !== undefined) graph.setParent(layerKey(id), frameKey(frame));
  }
  for (const { source, target } of Object.values<GraphEdge>(document.edges)) {
    graph.setEdge(layerKey(source.node), layerKey(target.node));
  }
  const wires = Object.values<GraphEdge>(document.edges);
  const framed = notes.filter(({ frame }) => frame !== undefined);
  const free = notes.filter(({ frame }) => frame === undefined);
  for (const note of framed) {
    graph.setNode(noteKey(note.id), { ...note.size });
    graph.setParent(noteKey(note.id), frameKey(note.frame as FrameId));
    // Its layer's rank is that of whatever reads what the layer reads.
    const layer = nearest(document, note, sizeOf)?.id;
    const into = wires.find(({ target }) => target.node === layer);
    const out = wires.find(({ source }) => source.node === layer);
    if (into) graph.setEdge(layerKey(into.source.node), noteKey(note.id));
    else if (out) graph.setEdge(noteKey(note.id), layerKey(out.target.node));
  }
  if (graph.nodeCount() > 0) layout(graph);
  const placeOf = (key: string): Place => {
    const { x, y, width, height } = graph.node(key) as { x: number; y: number; width: number; height: number };
    return { x: Math.round((x - width / 2) / 10) * 10, y: Math.round((y - height / 2) / 10) * 10 };
  };
  const nodes = new Map((Object.keys(document.nodes) as NodeId[]).map((id) => [id, placeOf(layerKey(id))]));
  const inFrames = new Map(framed.map(({ id }) => [id, placeOf(noteKey(id))]));
  return { nodes, notes: new Map([...inFrames, ...besideLayers(document, free, nodes, inFrames, sizeOf)]) };
}

/** Notes that are in no frame go where their layer goes, and aside where something is in the way. */
function besideLayers(
  document: GraphDocument,
  notes: readonly Note[],
  nodes: Layout['nodes'],
  inFrames: Layout['notes'],
  sizeOf: SizeOf,
): Layout['notes'] {
  const placed: GraphDocument = {
    ...document,
    nodes: mapped(document.nodes, (node) => ({ ...node, position: nodes.get(node.id) ?? node.position })),
    notes: Object.fromEntries(
      Object.values<Note>(document.notes ?? {}).flatMap((note) => {
        const position = inFrames.get(note.id);
        return position ? [[note.id, { ...note, position }]] : [];
      }),
    ),
  };
  const taken = shownBoxes(placed, ({ id }) => sizeOf(id));
  const places = new Map<NoteId, Place>();
  for (const note of notes) {
    const layer = nearest(document, note, sizeOf);
    const to = layer && nodes.get(layer.id);
    const [dx, dy] = layer && to ? [to.x - layer.position.x, to.y - layer.position.y] : [0, 0];
    const wanted = { x: note.position.x + dx, y: note.position.y + dy, ...note.size };
    const place = freeSpot(wanted, taken);
    taken.push({ ...wanted, ...place });
    places.set(note.id, place);
  }
  return places;
}

function mapped(nodes: GraphDocument['nodes'], edit: (node: GraphNode) => GraphNode): GraphDocument['nodes'] {
  return Object.fromEntries(Object.values<GraphNode>(nodes).map((node) => [node.id, edit(node)]));
}

type Key = (id: string) => string;

/** The layer nearest to a note: of those in its frame, if it is in one that holds layers. */
function nearest({ nodes }: GraphDocument, { position, size, frame }: Note, sizeOf: SizeOf): GraphNode | undefined {
  const all = Object.values<GraphNode>(nodes);
  const own = frame === undefined ? all : all.filter((node) => node.frame === frame);
  const distance = (node: GraphNode): number => {
    const { width, height } = sizeOf(node.id);
    return Math.hypot(
      node.position.x + width / 2 - position.x - size.width / 2,
      node.position.y + height / 2 - position.y - size.height / 2,
    );
  };
  return (own.length > 0 ? own : all).reduce<GraphNode | undefined>(
    (best, node) => (best && distance(best) <= distance(node) ? best : node),
    undefined,
  );
}
