import type { Frame, FrameId, GraphDocument, GraphNode, Note } from '../../engine/graph/document.ts';
import { type Box, surrounding } from './alignment.ts';

/** Between a frame and what it holds; above, there is room for its title as well. In canvas units. */
const PADDING = 20;
const TITLE = 30;
export const FOLDED = { width: 200, height: 62 };

/** Ids of notes where they stand beside those of layers: these could be the same. */
export const NOTE_PREFIX = 'note:';

export type Rect = Omit<Box, 'id'>;
export type SizeOf = (node: GraphNode) => { readonly width: number; readonly height: number };

/** The border around what a frame, or a part of it, holds. */
export function frameBorder(held: readonly Rect[]): Rect {
  const { x, y, width, height } = surrounding(held);
  return {
    x: x - PADDING,
    y: y - PADDING - TITLE,
    width: width + 2 * PADDING,
    height: height + 2 * PADDING + TITLE,
  };
}

/** The boxes of what a frame holds. */
export function heldBy(document: GraphDocument, frame: FrameId, sizeOf: SizeOf): Box[] {
  const nodes = Object.values<GraphNode>(document.nodes).filter((node) => node.frame === frame);
  const notes = Object.values<Note>(document.notes ?? {}).filter((note) => note.frame === frame);
  return [
    ...nodes.map((node) => ({ id: node.id as string, ...node.position, ...sizeOf(node) })),
    ...notes.map(({ id, position, size }) => ({ id: `${NOTE_PREFIX}${id}`, ...position, ...size })),
  ];
}

/**
 * What a frame holds, divided so that around each part a border can be drawn in which no other layer lies: in one part
 * where that is possible. A frame never looks as if it held what was not put into it, wherever layers were moved.
 */
export function frameParts(document: GraphDocument, frame: FrameId, sizeOf: SizeOf): readonly (readonly Box[])[] {
  const folded = new Set(
    Object.values<Frame>(document.frames ?? {}).flatMap(({ id, collapsed }) => (collapsed ? [id] : [])),
  );
  const others = Object.values<GraphNode>(document.nodes)
    .filter((node) => node.frame !== frame && !(node.frame && folded.has(node.frame)))
    .map((node) => ({ ...node.position, ...sizeOf(node) }));
  const isFree = (part: readonly Box[]): boolean => {
    const box = surrounding(part);
    return !others.some((other) => overlap(box, other));
  };
  const held = heldBy(document, frame, sizeOf);
  if (isFree(held)) return [held];
  const parts: Box[][] = [];
  // Rows stay together.
  for (const box of inReadingOrder(held)) {
    const part = parts.find((each) => isFree([...each, box]));
    if (part) part.push(box);
    else parts.push([box]);
  }
  return parts;
}

/** Where a folded frame stands: in the place of the first that it holds, so that wires to it run straight. */
export function foldedBox(held: readonly Box[]): Rect {
  const first = inReadingOrder(held)[0] ?? { x: 0, y: 0, ...FOLDED };
  return { x: first.x, y: first.y + (first.height - FOLDED.height) / 2, ...FOLDED };
}

/** The boxes of all that is shown of a graph: frames, and the layers and notes that are in none. */
export function shownBoxes(document: GraphDocument, sizeOf: SizeOf): Rect[] {
  const frames = Object.values<Frame>(document.frames ?? {}).flatMap(({ id, collapsed }) =>
    collapsed ? foldedBox(heldBy(document, id, sizeOf)) : frameParts(document, id, sizeOf).map(frameBorder),
  );
  const nodes = Object.values<GraphNode>(document.nodes).filter(({ frame }) => frame === undefined);
  const notes = Object.values<Note>(document.notes ?? {}).filter(({ frame }) => frame === undefined);
  return [
    ...frames,
    ...nodes.map((node) => ({ ...node.position, ...sizeOf(node) })),
    ...notes.map(({ position, size }) => ({ ...position, ...size })),
  ];
}

const inReadingOrder = (boxes: readonly Box[]): Box[] => [...boxes].sort((a, b) => a.y - b.y || a.x - b.x);

export function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
