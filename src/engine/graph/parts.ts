import type { Graph, GraphDocument } from './document.ts';

/** What a document has in common with a block. */
export const PARTS = ['nodes', 'edges', 'frames', 'notes'] as const;

/** Nodes, wires, frames and notes alone. */
export function graphOf({ nodes, edges, frames, notes }: Graph): Graph {
  return { nodes, edges, ...(frames && { frames }), ...(notes && { notes }) };
}

/** All but these. */
export function withoutGraph<Part extends Graph>(part: Part): Omit<Part, keyof Graph> {
  const { nodes: _nodes, edges: _edges, frames: _frames, notes: _notes, ...rest } = part;
  return rest;
}

/** The document as if this graph, a block's, were its own. */
export function lookingAt(document: GraphDocument, graph: Graph): GraphDocument {
  return { ...withoutGraph(document), ...graphOf(graph) };
}
