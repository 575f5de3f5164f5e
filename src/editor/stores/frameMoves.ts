import { type Items, membersOf } from '../../engine/graph/annotations.ts';
import type { GraphChange } from '../../engine/graph/changes.ts';
import { type Frame, type FrameId, type GraphDocument, type NodeId, noteId } from '../../engine/graph/document.ts';
import type { Box } from './alignment.ts';
import { foldedBox, frameBorder, frameParts, heldBy, NOTE_PREFIX, type Rect, type SizeOf } from './frameBoxes.ts';
import { freeSpot } from './freeSpot.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where a frame is drawn: one box, or several where other layers lie between what it holds. */
interface DrawnFrame {
  readonly frame: Frame;
  readonly boxes: readonly Rect[];
}

/** Layers and notes in a hand. */
export interface Dragged {
  /** Where they are now; a note's id has its prefix. */
  readonly boxes: readonly Box[];
  /** The id of the one that the hand holds; undefined where it holds all of them by the box around them. */
  readonly held: string | undefined;
  readonly pointer: Point;
}

/** Which frames gain and lose what is dragged if it is let go where it is. */
export interface Reframing {
  readonly into: FrameId | undefined;
  /** Ids as in `Dragged`. */
  readonly entering: ReadonlySet<string>;
  readonly leaving: ReadonlySet<string>;
}

export const NO_REFRAMING: Reframing = { into: undefined, entering: new Set(), leaving: new Set() };

/** All frames as they are drawn, for `frameAt` and `reframing`. */
export function drawnFrames(document: GraphDocument, sizeOf: SizeOf): DrawnFrame[] {
  return Object.values<Frame>(document.frames ?? {}).map((frame) => ({
    frame,
    boxes: frame.collapsed
      ? [foldedBox(heldBy(document, frame.id, sizeOf))]
      : frameParts(document, frame.id, sizeOf).map(frameBorder),
  }));
}

/** The frame that shows at a point. */
export function frameAt(frames: readonly DrawnFrame[], point: Point): FrameId | undefined {
  return frames.find(({ boxes }) => boxes.some((box) => contains(box, point)))?.frame.id;
}

/**
 * What is let go over a frame belongs to it; what is let go outside of its own frame is out of it. Frames count as they
 * were drawn when the drag began: else one would follow what is dragged out of it. A thing has left when neither the
 * pointer nor its own middle is in its frame any more. Of several, those whose middle is still in their own frame stay,
 * but for the one that the hand holds. A frame all of whose things are dragged goes with them.
 */
export function reframing(document: GraphDocument, frames: readonly DrawnFrame[], dragged: Dragged): Reframing {
  const ids = new Set(dragged.boxes.map(({ id }) => id));
  const travels = ({ frame }: DrawnFrame) => {
    const { nodes, notes } = membersOf(document, frame.id);
    return nodes.every((id) => ids.has(id)) && notes.every((id) => ids.has(NOTE_PREFIX + id));
  };
  const others = frames.filter((each) => !travels(each));
  const into = frameAt(others, dragged.pointer);
  const entering = new Set<string>();
  const leaving = new Set<string>();
  for (const box of dragged.boxes) {
    const own = frameOf(document, box.id);
    if (own === into) continue;
    const border = frames.find(({ frame }) => frame.id === own);
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const stays = border?.boxes.some((each) => contains(each, middle)) ?? false;
    if (into !== undefined && (!stays || box.id === dragged.held)) entering.add(box.id);
    else if (border && !stays && others.includes(border)) leaving.add(box.id);
  }
  if (entering.size + leaving.size === 0) return NO_REFRAMING;
  return { into: entering.size > 0 ? into : undefined, entering, leaving };
}

/** The edits that do it. What goes into a folded frame gets a place beside what that holds already. */
export function reframe(
  document: GraphDocument,
  { into, entering, leaving }: Reframing,
  boxes: readonly Box[],
  sizeOf: SizeOf,
): GraphChange[] {
  const changes: GraphChange[] = [];
  if (into !== undefined && document.frames?.[into]?.collapsed) {
    const taken: Rect[] = heldBy(document, into, sizeOf);
    for (const box of boxes.filter(({ id }) => entering.has(id))) {
      const position = freeSpot(box, taken);
      taken.push({ ...box, ...position });
      const note = isNote(box.id) ? document.notes?.[noteOf(box.id)] : undefined;
      if (note) changes.push({ kind: 'setNote', note: { ...note, position } });
      else changes.push({ kind: 'moveNode', node: box.id as NodeId, position });
    }
  }
  if (entering.size > 0) changes.push({ kind: 'frameItems', items: itemsOf(entering), frame: into });
  if (leaving.size > 0) changes.push({ kind: 'frameItems', items: itemsOf(leaving), frame: undefined });
  return changes;
}

function itemsOf(ids: ReadonlySet<string>): Items {
  const all = [...ids];
  return {
    nodes: all.filter((id) => !isNote(id)) as NodeId[],
    notes: all.filter(isNote).map(noteOf),
  };
}

const isNote = (id: string): boolean => id.startsWith(NOTE_PREFIX);

const noteOf = (id: string) => noteId(id.slice(NOTE_PREFIX.length));

const frameOf = (document: GraphDocument, id: string): FrameId | undefined =>
  isNote(id) ? document.notes?.[noteOf(id)]?.frame : document.nodes[id as NodeId]?.frame;

const contains = ({ x, y, width, height }: Rect, point: Point): boolean =>
  point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + height;
