import { type Items, membersOf } from '../../engine/graph/annotations.ts';
import type { GraphChange } from '../../engine/graph/changes.ts';
import type { Color, Frame, FrameId, GraphDocument, NodeId, Note, NoteId } from '../../engine/graph/document.ts';
import { newFrameId, newNoteId } from '../../engine/graph/ids.ts';
import { shownBoxes } from './frameBoxes.ts';
import { freeSpot } from './freeSpot.ts';
import { graphStore } from './graph.ts';
import { sessionStore } from './session.ts';

/** What is selected, the contents of selected frames included. */
export function selectedItems(document: GraphDocument): Items {
  const { nodes, notes, frames } = sessionStore.getState();
  const inside = frames.map((frame) => membersOf(document, frame));
  return {
    nodes: [...new Set<NodeId>([...nodes, ...inside.flatMap((items) => items.nodes)])].filter(
      (id) => document.nodes[id],
    ),
    notes: [...new Set<NoteId>([...notes, ...inside.flatMap((items) => items.notes)])].filter(
      (id) => document.notes?.[id],
    ),
  };
}

/** Puts a frame around what is selected, or all of it into the one frame that some of it is in; and selects that. */
export function frameSelection(name: string): void {
  const { document, dispatch } = graphStore.getState();
  const around = selectedItems(document);
  if (around.nodes.length + around.notes.length === 0) return;
  const [known, ...others] = framesOfSelection();
  const { nodes, notes } = sessionStore.getState();
  const outside = [...nodes.map((id) => document.nodes[id]), ...notes.map((id) => document.notes?.[id])].some(
    (item) => item && item.frame !== known?.id,
  );
  // Some of one frame with some of none: that frame grows.
  const frame = known && others.length === 0 && outside ? known : { id: newFrameId(document), name };
  dispatch({ kind: 'setFrame', frame, around });
  sessionStore.getState().select([], [], { frames: [frame.id] });
}

/** Takes selected frames away; with nodes selected, takes those out of their frames. */
export function unframeSelection(): void {
  const { document, dispatch } = graphStore.getState();
  const { nodes, notes, frames } = sessionStore.getState();
  const changes: GraphChange[] = frames.map((frame) => ({ kind: 'removeFrame', frame }));
  if (nodes.length + notes.length > 0) changes.push({ kind: 'frameItems', items: { nodes, notes }, frame: undefined });
  const inside = selectedItems(document);
  const [first, ...more] = changes;
  if (!first) return;
  dispatch(more.length === 0 ? first : { kind: 'group', changes });
  sessionStore.getState().select(inside.nodes, [], { notes: inside.notes });
}

/** The frames that a command on the selection is about: selected ones, else those around selected nodes. */
export function framesOfSelection(): readonly Frame[] {
  const { document } = graphStore.getState();
  const { nodes, notes, frames } = sessionStore.getState();
  const around = [...nodes.map((id) => document.nodes[id]?.frame), ...notes.map((id) => document.notes?.[id]?.frame)];
  const ids = new Set<FrameId | undefined>(frames.length > 0 ? frames : around);
  return Object.values<Frame>(document.frames ?? {}).filter(({ id }) => ids.has(id));
}

/** Folds the frames of the selection, or unfolds them if all are folded. */
export function foldSelection(): void {
  const frames = framesOfSelection();
  if (frames.length === 0) return;
  foldFrames(frames);
  sessionStore.getState().select([], [], { frames: frames.map(({ id }) => id) });
}

/** Folds frames into one box each, or unfolds them if all are folded. */
export function foldFrames(frames: readonly Frame[]): void {
  const open = frames.some(({ collapsed }) => !collapsed);
  const changes = frames.map(({ collapsed: _old, ...frame }): GraphChange => {
    return { kind: 'setFrame', frame: open ? { ...frame, collapsed: true } : frame };
  });
  const { document, dispatch } = graphStore.getState();
  dispatch({ kind: 'group', changes });
  // What is folded away can't stay selected.
  const folded = new Set<FrameId | undefined>(open ? frames.map(({ id }) => id) : []);
  const { nodes, notes, edges, frames: chosen, select } = sessionStore.getState();
  select(
    nodes.filter((id) => !folded.has(document.nodes[id]?.frame)),
    edges,
    { frames: chosen, notes: notes.filter((id) => !folded.has(document.notes?.[id]?.frame)) },
  );
}

/** Adds a note, where it covers nothing: as near to the wanted place as there is room. */
export function addNote(wanted: Place, sizeOf: (id: string) => Size): void {
  const { document, dispatch } = graphStore.getState();
  const id = newNoteId(document);
  const size = { width: 200, height: 100 };
  const start = { x: Math.round(wanted.x / 10) * 10, y: Math.round(wanted.y / 10) * 10 };
  const position = freeSpot(
    { ...start, ...size },
    shownBoxes(document, ({ id: node }) => sizeOf(node)),
  );
  dispatch({ kind: 'setNote', note: { id, text: '', position, size } });
  sessionStore.getState().select([], [], { notes: [id] });
}

interface Place {
  readonly x: number;
  readonly y: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The colour that all of what is selected has; undefined where these differ, or nothing is selected. */
export function colorOfSelection(): Color | 'none' | undefined {
  const { document } = graphStore.getState();
  const { nodes, notes, frames } = sessionStore.getState();
  const colors = new Set([
    ...nodes.map((id) => document.nodes[id]?.color ?? 'none'),
    ...frames.map((id) => document.frames?.[id]?.color ?? 'none'),
    ...notes.map((id) => document.notes?.[id]?.color ?? 'none'),
  ]);
  return colors.size === 1 ? [...colors][0] : undefined;
}

/** Colours what is selected; undefined: as usual. */
export function colorSelection(color: Color | undefined): void {
  const { document, dispatch } = graphStore.getState();
  const { nodes, notes, frames } = sessionStore.getState();
  const colored = <Item extends Frame | Note>({ color: _old, ...item }: Item): Item =>
    (color === undefined ? item : { ...item, color }) as Item;
  const changes: GraphChange[] = [
    ...nodes.map((node): GraphChange => ({ kind: 'colorNode', node, color })),
    ...frames.flatMap((id): GraphChange[] => {
      const frame = document.frames?.[id];
      return frame ? [{ kind: 'setFrame', frame: colored(frame) }] : [];
    }),
    ...notes.flatMap((id): GraphChange[] => {
      const note = document.notes?.[id];
      return note ? [{ kind: 'setNote', note: colored(note) }] : [];
    }),
  ];
  if (changes.length > 0) dispatch(changes.length === 1 ? (changes[0] as GraphChange) : { kind: 'group', changes });
}
