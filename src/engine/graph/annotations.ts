import type { Frame, FrameId, Graph, GraphNode, NodeId, Note, NoteId } from './document.ts';

/** What may lie in a frame. */
export interface Items {
  readonly nodes: readonly NodeId[];
  readonly notes: readonly NoteId[];
}

/** Edits of what stands around nodes and means nothing to the compiler. */
export type AnnotationChange =
  /** Puts a frame around these; or changes the one with that id, which then holds these too. */
  | { readonly kind: 'setFrame'; readonly frame: Frame; readonly around?: Items }
  /** Takes the border away; what it held stays. */
  | { readonly kind: 'removeFrame'; readonly frame: FrameId }
  /** Puts nodes and notes into a frame; undefined: into none. A frame goes with the last that it held. */
  | {
      readonly kind: 'frameItems';
      readonly items: Items;
      readonly frame: FrameId | undefined;
    }
  | { readonly kind: 'setNote'; readonly note: Note }
  | { readonly kind: 'removeNote'; readonly note: NoteId };

/** The graph after such an edit; what does not exist is left out. */
export function annotate<Part extends Graph>(graph: Part, change: AnnotationChange): Part {
  switch (change.kind) {
    case 'setFrame':
      return framed(
        { ...graph, frames: { ...graph.frames, [change.frame.id]: change.frame } },
        change.around ?? { nodes: [], notes: [] },
        change.frame.id,
      );
    case 'removeFrame':
      if (!graph.frames?.[change.frame]) return graph;
      return withoutEmptyFrames(mapItems(graph, (item) => (item.frame === change.frame ? unframed(item) : item)));
    case 'frameItems':
      if (change.frame !== undefined && !graph.frames?.[change.frame]) return graph;
      return framed(graph, change.items, change.frame);
    case 'setNote':
      return { ...graph, notes: { ...graph.notes, [change.note.id]: change.note } };
    case 'removeNote': {
      if (!graph.notes?.[change.note]) return graph;
      const { [change.note]: _removed, ...notes } = graph.notes;
      return withoutEmptyFrames(withNotes(graph, notes as NonNullable<Graph['notes']>));
    }
  }
}

/** The graph without frames that hold nothing; `frames` is absent where there are none. */
export function withoutEmptyFrames<Part extends Graph>(graph: Part): Part {
  const { frames } = graph;
  if (!frames) return graph;
  const held = new Set<FrameId | undefined>(itemsOf(graph).map(({ frame }) => frame));
  const kept = (Object.values(frames) as Frame[]).filter(({ id }) => held.has(id));
  if (kept.length === Object.keys(frames).length) return graph;
  const { frames: _all, ...rest } = graph;
  if (kept.length === 0) return rest as Part;
  return { ...graph, frames: Object.fromEntries(kept.map((frame) => [frame.id, frame])) };
}

/** What lies in a frame. */
export function membersOf(graph: Graph, frame: FrameId): Items {
  const inside = ({ frame: own }: { readonly frame?: FrameId }): boolean => own === frame;
  return {
    nodes: (Object.values(graph.nodes) as GraphNode[]).filter(inside).map(({ id }) => id),
    notes: (Object.values(graph.notes ?? {}) as Note[]).filter(inside).map(({ id }) => id),
  };
}

function framed<Part extends Graph>(graph: Part, { nodes, notes }: Items, frame: FrameId | undefined): Part {
  const chosen = new Set<string>([...nodes, ...notes]);
  const edited = mapItems(graph, (item) => {
    if (!chosen.has(item.id) || item.frame === frame) return item;
    return frame === undefined ? unframed(item) : { ...item, frame };
  });
  return withoutEmptyFrames(edited);
}

const itemsOf = ({ nodes, notes = {} }: Graph): (GraphNode | Note)[] => [
  ...(Object.values(nodes) as GraphNode[]),
  ...(Object.values(notes) as Note[]),
];

function mapItems<Part extends Graph>(graph: Part, edit: <Item extends GraphNode | Note>(item: Item) => Item): Part {
  const nodes = mapped(graph.nodes, edit<GraphNode>);
  const notes = graph.notes && mapped(graph.notes, edit<Note>);
  if (nodes === graph.nodes && notes === graph.notes) return graph;
  return { ...graph, nodes, ...(notes && { notes }) };
}

function mapped<Key extends string, Item>(record: Readonly<Record<Key, Item>>, edit: (item: Item) => Item) {
  const entries = Object.entries(record) as [Key, Item][];
  const edited = entries.map(([key, item]) => [key, edit(item)] as const);
  if (edited.every(([, item], i) => item === entries[i]?.[1])) return record;
  return Object.fromEntries(edited) as Record<Key, Item>;
}

function unframed<Item extends GraphNode | Note>(item: Item): Item {
  const { frame: _frame, ...rest } = item;
  return rest as Item;
}

function withNotes<Part extends Graph>(graph: Part, notes: NonNullable<Graph['notes']>): Part {
  if (Object.keys(notes).length > 0) return { ...graph, notes };
  const { notes: _none, ...rest } = graph;
  return rest as Part;
}
