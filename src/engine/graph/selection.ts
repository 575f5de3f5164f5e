import { EngineError } from '../errors.ts';
import { adoptBlocks, blocksOfNodes, withBlockId } from './blockBundle.ts';
import type { GraphChange } from './changes.ts';
import { type GraphDocument, type GraphEdge, type GraphNode, type NodeId, nodeId, type PortRef } from './document.ts';
import { newEdgeId, newNodeId } from './ids.ts';
import { parseWire } from './parseGraph.ts';
import { parseDocument } from './schema.ts';

/** What a clipboard holds: layers with the wires between them, and the wires into them from others. */
export interface CopiedSelection {
  readonly document: GraphDocument;
  /** Wires whose source was not copied; used where it is still there. */
  readonly incoming: readonly GraphEdge[];
}

const FORMAT = 'gradloom-selection';
const MOST_COPIED = 2000;

/** These layers as text for a clipboard: a document of its own, with the wires that come in from outside. */
export function selectionText(document: GraphDocument, ids: readonly NodeId[]): string {
  const chosen = new Set(ids);
  const nodes = Object.fromEntries(ids.flatMap((id) => (document.nodes[id] ? [[id, document.nodes[id]]] : [])));
  const wires = Object.values(document.edges).filter(({ target }) => chosen.has(target.node));
  const inner = wires.filter(({ source }) => chosen.has(source.node));
  return JSON.stringify({
    format: FORMAT,
    version: document.version,
    nodes,
    edges: Object.fromEntries(inner.map((edge) => [edge.id, edge])),
    blocks: Object.fromEntries(blocksOfNodes(Object.values(nodes), document.blocks).map((block) => [block.id, block])),
    incoming: wires.filter(({ source }) => !chosen.has(source.node)),
  });
}

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
  const { version, nodes, edges, blocks, incoming } = raw;
  const { name, training, data } = into;
  const { document } = parseDocument({ format: 'gradloom', version, name, nodes, edges, blocks, training, data });
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

/** The change that adds a copied selection under new ids, with the blocks that it uses, and those ids. */
export function pasteSelection(
  document: GraphDocument,
  copied: CopiedSelection,
  { by, wired = false }: PasteOptions,
): { readonly change: GraphChange; readonly nodes: readonly NodeId[] } {
  const taken = new Set<string>();
  const ids = new Map<NodeId, NodeId>();
  const given = Object.values(copied.document.nodes) as GraphNode[];
  const adopted = adoptBlocks(document, blocksOfNodes(given, copied.document.blocks));
  const changes: GraphChange[] = given.map((node) => {
    const id = newNodeId(document, node.type, taken);
    taken.add(id);
    ids.set(node.id, id);
    const position = { x: node.position.x + by.x, y: node.position.y + by.y };
    return { kind: 'addNode', node: { ...withBlockId(node, adopted.ids), id, position } };
  });
  const join = (source: PortRef, target: PortRef): void => {
    const id = newEdgeId(document, taken);
    taken.add(id);
    changes.push({ kind: 'addEdge', edge: { id, source, target }, many: true });
  };
  for (const { source, target } of Object.values(copied.document.edges) as GraphEdge[]) {
    const [from, to] = [ids.get(source.node), ids.get(target.node)];
    if (from && to) join({ node: from, port: source.port }, { node: to, port: target.port });
  }
  for (const { source, target } of wired ? copied.incoming : []) {
    const to = ids.get(target.node);
    if (to && document.nodes[nodeId(source.node)]) join(source, { node: to, port: target.port });
  }
  return { change: { kind: 'group', changes: [...adopted.changes, ...changes] }, nodes: [...ids.values()] };
}
