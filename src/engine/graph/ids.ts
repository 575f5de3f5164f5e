import {
  type EdgeId,
  edgeId,
  type FrameId,
  frameId,
  type Graph,
  type GraphDocument,
  type NodeId,
  type NoteId,
  nodeId,
  noteId,
} from './document.ts';

const NONE: ReadonlySet<string> = new Set();

/**
 * An id that no node of the document has: `conv2d1`, `conv2d2`, … Ids start with a letter, since objects would sort
 * keys that are numbers.
 * @param taken ids given to nodes that are not in the document yet
 */
export function newNodeId(document: GraphDocument, type = 'node', taken: ReadonlySet<string> = NONE): NodeId {
  const stem = type.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
  return nodeId(freeId(/^[a-z]/.test(stem) ? stem : `node${stem}`, document.nodes, taken));
}

/** An id that no edge of the document has. */
export function newEdgeId(document: GraphDocument, taken: ReadonlySet<string> = NONE): EdgeId {
  return edgeId(freeId('edge', document.edges, taken));
}

/** An id that no frame of the graph has. */
export function newFrameId({ frames = {} }: Graph, taken: ReadonlySet<string> = NONE): FrameId {
  return frameId(freeId('frame', frames, taken));
}

/** An id that no note of the graph has. */
export function newNoteId({ notes = {} }: Graph, taken: ReadonlySet<string> = NONE): NoteId {
  return noteId(freeId('note', notes, taken));
}

type Counters = Map<string, number>;

/** For records of ids, which are never changed, the first number by stem that none of their ids has. */
const firstFree = new WeakMap<object, Counters>();
/** For sets of ids, to which some are added but from which none is taken, the number by stem that was given last. */
const lastGiven = new WeakMap<ReadonlySet<string>, WeakMap<object, Counters>>();

function freeId(stem: string, used: Readonly<Record<string, unknown>>, taken: ReadonlySet<string>): string {
  const known = kept(firstFree, used, () => new Map());
  let number = known.get(stem) ?? 1;
  while (Object.hasOwn(used, `${stem}${number}`)) number++;
  known.set(stem, number);
  const given = kept(
    kept(lastGiven, taken, () => new WeakMap()),
    used,
    () => new Map(),
  );
  number = Math.max(number, given.get(stem) ?? 1);
  while (Object.hasOwn(used, `${stem}${number}`) || taken.has(`${stem}${number}`)) number++;
  given.set(stem, number);
  return `${stem}${number}`;
}

function kept<Key extends object, Value>(map: WeakMap<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
