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

/**
 * An id that no node of the document has: `conv2d1`, `conv2d2`, … Ids start with a letter, since objects would sort
 * keys that are numbers.
 * @param taken ids given to nodes that are not in the document yet
 */
export function newNodeId(document: GraphDocument, type = 'node', taken: ReadonlySet<string> = new Set()): NodeId {
  const stem = type.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
  return nodeId(freeId(/^[a-z]/.test(stem) ? stem : `node${stem}`, document.nodes, taken));
}

/** An id that no edge of the document has. */
export function newEdgeId(document: GraphDocument, taken: ReadonlySet<string> = new Set()): EdgeId {
  return edgeId(freeId('edge', document.edges, taken));
}

/** An id that no frame of the graph has. */
export function newFrameId({ frames = {} }: Graph, taken: ReadonlySet<string> = new Set()): FrameId {
  return frameId(freeId('frame', frames, taken));
}

/** An id that no note of the graph has. */
export function newNoteId({ notes = {} }: Graph, taken: ReadonlySet<string> = new Set()): NoteId {
  return noteId(freeId('note', notes, taken));
}

/** For records of ids, which are never changed, the first number by stem that none of their ids has. */
const firstFree = new WeakMap<object, Map<string, number>>();

function freeId(stem: string, used: Readonly<Record<string, unknown>>, taken: ReadonlySet<string>): string {
  const known = firstFree.get(used) ?? new Map<string, number>();
  firstFree.set(used, known);
  let number = known.get(stem) ?? 1;
  while (Object.hasOwn(used, `${stem}${number}`)) number++;
  known.set(stem, number);
  for (;;) {
    const id = `${stem}${number}`;
    if (!Object.hasOwn(used, id) && !taken.has(id)) return id;
    number++;
  }
}
