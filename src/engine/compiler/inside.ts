import { BLOCK_INPUT, BLOCK_OUTPUT, blockOf } from '../graph/blocks.ts';
import type { Diagnostic } from '../graph/diagnostic.ts';
import type { BlockDefinition, EdgeId, GraphDocument, NodeId } from '../graph/document.ts';
import { lookingAt } from '../graph/parts.ts';
import type { Shape } from '../ir/types.ts';
import { type GraphInference, inferGraph, type NodeInference } from './infer.ts';
import { withoutNumbers } from './inferBlocks.ts';

/** A graph that can be edited: a document's own, or that of a block as one of its uses has it. */
export interface InnerGraph {
  /** Ids of the uses on the way there, from the outside in; empty for the document's own. */
  readonly path: readonly NodeId[];
  /** The block whose graph it is. */
  readonly block: BlockDefinition | undefined;
  /** The document with the nodes and wires of this graph. */
  readonly document: GraphDocument;
  /** What is known of them, under the ids that they have in this graph. */
  readonly inference: GraphInference;
}

/**
 * The graph behind a path of uses, with the shapes of the first repetition of each. A path that leads nowhere is
 * followed as far as it goes.
 */
export function graphInside(document: GraphDocument, inference: GraphInference, path: readonly NodeId[]): InnerGraph {
  let inner = document;
  let block: BlockDefinition | undefined;
  const walked: NodeId[] = [];
  for (const id of path) {
    const node = Object.hasOwn(inner.nodes, id) ? inner.nodes[id] : undefined;
    const next = node && blockOf(node, document.blocks);
    if (!next) break;
    block = next;
    inner = lookingAt(document, next);
    walked.push(id);
  }
  return { path: walked, block, document: inner, inference: inferenceInside(inner, inference, walked) };
}

function inferenceInside(graph: GraphDocument, whole: GraphInference, path: readonly NodeId[]): GraphInference {
  const around = path.map((id) => `${id}.`).join('');
  const diagnostics = whole.diagnostics.flatMap((diagnostic) => localDiagnostic(diagnostic, around) ?? []);
  if (path.length === 0) {
    const unchanged = diagnostics.every((diagnostic, i) => diagnostic === whole.diagnostics[i]);
    return unchanged ? whole : { ...whole, diagnostics };
  }
  const prefix = path.map((id) => `${id}.0.`).join('');
  const local = (id: string): string => (id.startsWith(prefix) ? id.slice(prefix.length) : id);
  const ids = Object.keys(graph.nodes) as NodeId[];
  // A block that is too large to be expanded can still be looked at and edited.
  if (ids.some((id) => !whole.nodes[`${prefix}${id}`])) return { ...inferGraph(graph, whole.data), diagnostics };
  const nodes: Record<string, NodeInference> = Object.create(null);
  for (const id of ids) {
    const facts = whole.nodes[`${prefix}${id}`] as NodeInference;
    const sources = facts.sources.map((source) => ({
      ...source,
      node: local(source.node) as NodeId,
      edge: local(source.edge) as EdgeId,
    }));
    const isOutput = facts.definition?.type === BLOCK_OUTPUT;
    const seen = isOutput ? { sources: sources.slice(0, 1), inputs: facts.inputs.slice(0, 1) } : { sources };
    nodes[id] = { ...facts, ...seen, definition: withinBlock(facts.definition) };
  }
  const edges: Record<string, Shape | undefined> = Object.create(null);
  for (const id of Object.keys(graph.edges)) edges[id] = whole.edges[`${prefix}${id}`];
  const order = whole.order.filter((id) => id.startsWith(prefix) && !local(id).includes('.'));
  const totals = { parameters: 0, multiplyAdds: 0 };
  for (const id of ids) {
    totals.parameters += nodes[id]!.totalParameters;
    totals.multiplyAdds += nodes[id]!.inference?.multiplyAdds ?? 0;
  }
  return { data: whole.data, order: order.map((id) => local(id) as NodeId), nodes, edges, diagnostics, totals };
}

/** Seen from inside of a block, its inputs take nothing and its outputs give nothing; how they are expanded is of no concern. */
function withinBlock(definition: NodeInference['definition']): NodeInference['definition'] {
  if (definition?.type === BLOCK_INPUT) {
    return { ...definition, inputs: [], outputs: definition.outputs.slice(0, 1), parameters: {} };
  }
  if (definition?.type === BLOCK_OUTPUT) return { ...definition, inputs: definition.inputs.slice(0, 1), outputs: [] };
  return definition;
}

/** A diagnostic as one of the graph around: on the node there that it is about, or that it is inside of. */
function localDiagnostic(diagnostic: Diagnostic, around: string): Diagnostic | undefined {
  if (around === '' && !`${diagnostic.node} ${diagnostic.edge}`.includes('.')) return diagnostic;
  const place = (id: string | undefined): string | undefined => {
    if (id === undefined) return undefined;
    const path = withoutNumbers(id);
    return path.startsWith(around) ? path.slice(around.length).split('.')[0] : undefined;
  };
  const [node, edge] = [place(diagnostic.node), place(diagnostic.edge)];
  if (node === diagnostic.node && edge === diagnostic.edge && around === '') return diagnostic;
  if (node === undefined && edge === undefined) return undefined;
  const { node: _node, edge: outer, ...rest } = diagnostic;
  // A wire deeper inside is shown at the use that it is inside of.
  const deep = outer !== undefined && withoutNumbers(outer) !== `${around}${edge}`;
  return {
    ...rest,
    ...(node !== undefined && { node: node as NodeId }),
    ...(edge !== undefined && (deep ? { node: edge as NodeId } : { edge: edge as EdgeId })),
  };
}
