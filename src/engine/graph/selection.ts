import { EngineError } from '../errors.ts';
import { type Items, membersOf } from './annotations.ts';
import { adoptBlocks, blocksOfNodes, withBlockId } from './blockBundle.ts';
import type { GraphChange } from './changes.ts';
import {
  type Frame,
  type FrameId,
  type GraphDocument,
  type GraphEdge,
  type GraphNode,
  type NodeId,
  type Note,
  type NoteId,
  nodeId,
  type PortRef,
} from './document.ts';
import { newEdgeId, newFrameId, newNodeId, newNoteId } from './ids.ts';
import { parseWire } from './parseGraph.ts';
import { parseDocument } from './schema.ts';

/** What a clipboard holds: layers with the wires between them, frames and notes, and the wires that come from others. */
export interface CopiedSelection {
  readonly document: GraphDocument;
  /** Wires whose source was not copied; used where it is still there. */
  readonly incoming: readonly GraphEdge[];
}

const FORMAT = 'gradloom-selection';
const MOST_COPIED = 2000;

/** What of a graph is to be copied. A frame comes with all that it holds. */
export interface Chosen extends Items {
  readonly frames: readonly FrameId[];
}

/** These as text for a clipboard: a document of its own, with the wires that come in from outside. */
export function selectionText(document: GraphDocument, { nodes: layers, notes: texts, frames }: Chosen): string {
  const inside = frames.map((frame) => membersOf(document, frame));
  const chosen = new Set<NodeId>([...layers, ...inside.flatMap(({ nodes }) => nodes)]);
  const written = new Set<NoteId>([...texts, ...inside.flatMap(({ notes }) => notes)]);
  const nodes = filed([...chosen].flatMap((id) => document.nodes[id] ?? []));
  const wires = Object.values(document.edges).filter(({ target }) => chosen.has(target.node));
  return JSON.stringify({
    format: FORMAT,
    version: document.version,
    nodes,
    edges: filed(wires.filter(({ source }) => chosen.has(source.node))),
    // A layer that is copied without its frame is in none: parsing sees to that.
    frames: filed(frames.flatMap((id) => document.frames?.[id] ?? [])),
    notes: filed([...written].flatMap((id) => document.notes?.[id] ?? [])),
    blocks: filed(blocksOfNodes(Object.values(nodes), document.blocks)),
    incoming: wires.filter(({ source }) => !chosen.has(source.node)),
  });
}

const filed = <Item extends { readonly id: string }>(list: readonly Item[]): Record<string, Item> =>
  Object.fromEntries(list.map((item) => [item.id, item]));

/**
 * Text from a clipboard is anybody's: it is parsed as strictly as a document.
 * @returns undefined for text that is none of ours
 * @throws EngineError `bad-document` for text that claims to be and can't be read
 */
export function parseSelection(text: string, into: GraphDocument): CopiedSelection | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  let raw: Record<string, unknown>;
  try {
    raw = JSON.parse(text) as Record<string, unknown>;
  } catch {
    // Any other program's text.
    return undefined;
  }
  if (raw.format !== FORMAT) return undefined;
  const { version, nodes, edges, frames, notes, blocks, incoming } = raw;
  const { name, training, data } = into;
  const graph = { nodes, edges, ...(frames !== undefined && { frames }), ...(notes !== undefined && { notes }) };
  const { document } = parseDocument({ format: 'gradloom', version, name, ...graph, blocks, training, data });
  const count = Object.keys(document.nodes).length;
  if (count > MOST_COPIED) {
    throw new EngineError('bad-document', `${count} layers are too many to paste at once: at most ${MOST_COPIED}.`);
  }
  const wires = Array.isArray(incoming) ? incoming.slice(0, MOST_COPIED) : [];
  return { document, incoming: wires.map((wire, i) => parseWire(wire, `incoming[${i}]`)) };
}

export interface PasteOptions {
  /** Added to every position. */
  readonly by: { readonly x: number; readonly y: number };
  /** Joins copies to what the originals read from, where that is in this document. */
  readonly wired?: boolean;
}

export interface Pasted {
  readonly change: GraphChange;
  /** What was added, under its new ids. */
  readonly added: Chosen;
}

/** The change that adds a copied selection under new ids, with the blocks that it uses. */
export function pasteSelection(
  document: GraphDocument,
  copied: CopiedSelection,
  { by, wired = false }: PasteOptions,
): Pasted {
  const taken = new Set<string>();
  const take = <Id extends string>(id: Id): Id => {
    taken.add(id);
    return id;
  };
  const moved = ({ x, y }: PasteOptions['by']) => ({ x: x + by.x, y: y + by.y });
  const ids = new Map<NodeId, NodeId>();
  const given = Object.values<GraphNode>(copied.document.nodes);
  const adopted = adoptBlocks(document, blocksOfNodes(given, copied.document.blocks));
  const changes: GraphChange[] = given.map((node) => {
    const { frame: _old, ...plain } = withBlockId(node, adopted.ids);
    const id = take(newNodeId(document, node.type, taken));
    ids.set(node.id, id);
    return { kind: 'addNode', node: { ...plain, id, position: moved(node.position) } };
  });
  const join = (source: PortRef, target: PortRef): void => {
    changes.push({ kind: 'addEdge', edge: { id: take(newEdgeId(document, taken)), source, target }, many: true });
  };
  for (const { source, target } of Object.values<GraphEdge>(copied.document.edges)) {
    const [from, to] = [ids.get(source.node), ids.get(target.node)];
    if (from && to) join({ node: from, port: source.port }, { node: to, port: target.port });
  }
  for (const { source, target } of wired ? copied.incoming : []) {
    const to = ids.get(target.node);
    if (to && document.nodes[nodeId(source.node)]) join(source, { node: to, port: target.port });
  }
  const noteIds = new Map<NoteId, NoteId>();
  for (const { frame: _old, ...note } of Object.values<Note>(copied.document.notes ?? {})) {
    const id = take(newNoteId(document, taken));
    noteIds.set(note.id, id);
    changes.push({ kind: 'setNote', note: { ...note, id, position: moved(note.position) } });
  }
  const frames = Object.values<Frame>(copied.document.frames ?? {}).map((frame) => {
    const id = take(newFrameId(document, taken));
    const { nodes, notes } = membersOf(copied.document, frame.id);
    const around = {
      nodes: nodes.flatMap((node) => ids.get(node) ?? []),
      notes: notes.flatMap((note) => noteIds.get(note) ?? []),
    };
    changes.push({ kind: 'setFrame', frame: { ...frame, id }, around });
    return { id, around };
  });
  // What lies in a frame that was added is selected with it.
  const framed = new Set<string>(frames.flatMap(({ around }) => [...around.nodes, ...around.notes]));
  return {
    change: { kind: 'group', changes: [...adopted.changes, ...changes] },
    added: {
      nodes: [...ids.values()].filter((id) => !framed.has(id)),
      notes: [...noteIds.values()].filter((id) => !framed.has(id)),
      frames: frames.map(({ id }) => id),
    },
  };
}
