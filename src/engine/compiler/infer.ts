import type { Diagnostic } from '../graph/diagnostic.ts';
import type { EdgeId, GraphDocument, GraphEdge, GraphNode, NodeId } from '../graph/document.ts';
import { edgesBySource, edgesByTarget, topologicalOrder } from '../graph/topology.ts';
import { sameShape, sizeOf } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import { type DataShapes, type Inference, type LayerDefinition, LayerError } from '../layers/defineLayer.ts';
import { completeParameters, type ParameterSchema, type ParametersOf } from '../layers/parameters.ts';
import { findLayer } from '../layers/registry.ts';
import { type GraphFacts, validateGraph } from './validateGraph.ts';
import { cycleDiagnostic, layerErrorDiagnostic, nodeDiagnostics, wireDiagnostic } from './validateNode.ts';

/** Where one wire into a node comes from. */
interface NodeSource {
  readonly node: NodeId;
  /** Number of the source's output port. */
  readonly output: number;
  readonly edge: EdgeId;
}

/** What is known of one placed layer. Shapes are those of one sample. */
export interface NodeInference {
  /** Undefined for a type or a version that this program does not know. */
  readonly definition: LayerDefinition | undefined;
  /** Whether training leaves its weights alone. */
  readonly frozen: boolean;
  /** How its weights are drawn, where not as the layer has it. */
  readonly initial: GraphNode['initial'];
  /** With defaults filled in. */
  readonly parameters: ParametersOf<ParameterSchema>;
  /** In order of the input ports; those of a port that takes many follow one another. */
  readonly sources: readonly NodeSource[];
  /** Shapes on those wires; undefined where one is not known. */
  readonly inputs: readonly (Shape | undefined)[];
  /** Undefined if an input is missing or something is wrong. */
  readonly inference: Inference | undefined;
  /** Numbers that the optimizer learns. */
  readonly totalParameters: number;
}

export interface GraphInference {
  readonly data: DataShapes;
  /** Nodes that lead to a loss, each after those it reads from. Without a loss: all nodes that can be ordered. */
  readonly order: readonly NodeId[];
  /** Every node of the document. */
  readonly nodes: Readonly<Record<string, NodeInference>>;
  /** Shape on each wire; undefined where it is not known. */
  readonly edges: Readonly<Record<string, Shape | undefined>>;
  readonly diagnostics: readonly Diagnostic[];
  /** Over the nodes in `order`; multiply-adds are those of one sample, forward. */
  readonly totals: { readonly parameters: number; readonly multiplyAdds: number };
}

/** What depends on the node alone. */
interface NodeMemo {
  readonly definition: LayerDefinition | undefined;
  readonly parameters: ParametersOf<ParameterSchema>;
  readonly diagnostics: readonly Diagnostic[];
  last:
    | { readonly inputs: readonly Shape[]; readonly data: DataShapes; readonly result: Inference | LayerError }
    | undefined;
}

// Nodes are immutable: an edit makes a new object, so all others keep what was found for them.
const memos = new WeakMap<GraphNode, NodeMemo>();

/**
 * Shapes on every wire, and everything that is wrong with a document. Never throws: what can't be inferred is left
 * undefined and has a diagnostic on it or before it. Cheap after an edit: unchanged nodes are not inferred again.
 */
export function inferGraph(document: GraphDocument, data: DataShapes): GraphInference {
  const diagnostics: Diagnostic[] = [];
  const incoming = edgesByTarget(document);
  const { order: sorted, cycle } = topologicalOrder(document, incoming);
  const nodes: Record<string, NodeInference> = Object.create(null);
  const edges: Record<string, Shape | undefined> = Object.create(null);
  const errors = new Map<NodeId, LayerError>();

  const visit = (id: NodeId): void => {
    const node = document.nodes[id]!;
    const memo = memoOf(node);
    diagnostics.push(...memo.diagnostics);
    const { definition, parameters } = memo;
    const wires = incoming.get(id) ?? [];
    const sources = definition ? sourcesOf(definition, wires, nodes) : [];
    const inputs = sources.map(({ node: source, output }) => nodes[source]?.inference?.outputs[output]);
    let inference: Inference | undefined;
    if (definition && isComplete(definition, wires) && inputs.every((shape) => shape !== undefined)) {
      const result = inferMemoized(memo, definition, inputs, data);
      if (result instanceof LayerError) errors.set(id, result);
      else inference = result;
    }
    const frozen = node.frozen === true;
    const totalParameters = inference ? parameterCount(inference) : 0;
    nodes[id] = { definition, frozen, initial: node.initial, parameters, sources, inputs, inference, totalParameters };
  };
  for (const id of sorted) visit(id);
  for (const id of Object.keys(document.nodes) as NodeId[]) if (!nodes[id]) visit(id);

  for (const edge of Object.values(document.edges) as GraphEdge[]) {
    const source = nodes[edge.source.node];
    const output = source?.definition?.outputs.findIndex(({ name }) => name === edge.source.port) ?? -1;
    edges[edge.id] = source?.inference?.outputs[output];
    const problem = wireDiagnostic(document, edge, nodes);
    if (problem) diagnostics.push(problem);
  }
  if (cycle.length > 0) diagnostics.push(cycleDiagnostic(document, cycle));

  const used = usedNodes(document, nodes, incoming);
  const facts: GraphFacts = {
    document,
    data,
    nodes,
    incoming,
    outgoing: edgesBySource(document, incoming),
    used,
  };
  for (const [id, error] of errors) diagnostics.push(layerErrorDiagnostic(facts, id, error));
  diagnostics.push(...validateGraph(facts));

  const order = sorted.filter((id) => used.has(id));
  const totals = { parameters: 0, multiplyAdds: 0 };
  for (const id of order) {
    totals.parameters += nodes[id]!.totalParameters;
    totals.multiplyAdds += nodes[id]!.inference?.multiplyAdds ?? 0;
  }
  return { data, order, nodes, edges, diagnostics, totals };
}

/** Numbers in the trainable weights. */
export function parameterCount(inference: Inference): number {
  return inference.weights.reduce((sum, { shape, trainable }) => sum + (trainable ? sizeOf(shape) : 0), 0);
}

/** The wires into a node in the order of its ports; a second wire into a port for one is left out. */
function sourcesOf(
  definition: LayerDefinition,
  wires: readonly GraphEdge[],
  nodes: Readonly<Record<string, NodeInference>>,
): NodeSource[] {
  return definition.inputs.flatMap(({ name, many }) => {
    const here = wires.filter(({ target }) => target.port === name);
    return (many ? here : here.slice(0, 1)).map((edge) => ({
      node: edge.source.node,
      output: nodes[edge.source.node]?.definition?.outputs.findIndex((port) => port.name === edge.source.port) ?? -1,
      edge: edge.id,
    }));
  });
}

function isComplete(definition: LayerDefinition, wires: readonly GraphEdge[]): boolean {
  return definition.inputs.every(({ name }) => wires.some(({ target }) => target.port === name));
}

function memoOf(node: GraphNode): NodeMemo {
  const known = memos.get(node);
  if (known) return known;
  const found = findLayer(node.type);
  const definition = found?.version === node.version ? found : undefined;
  const memo: NodeMemo = {
    definition,
    parameters: definition ? completeParameters(definition.parameters, node.parameters) : {},
    diagnostics: nodeDiagnostics(node, found),
    last: undefined,
  };
  memos.set(node, memo);
  return memo;
}

function inferMemoized(
  memo: NodeMemo,
  definition: LayerDefinition,
  inputs: readonly Shape[],
  data: DataShapes,
): Inference | LayerError {
  const { last } = memo;
  if (last && sameShapes(last.inputs, inputs) && sameData(last.data, data)) return last.result;
  const result = tryInfer(definition, inputs, memo.parameters, data);
  memo.last = { inputs, data, result };
  return result;
}

/** What the layer says of these shapes, an error included. */
export function tryInfer(
  definition: LayerDefinition,
  inputs: readonly Shape[],
  parameters: ParametersOf<ParameterSchema>,
  data: DataShapes,
): Inference | LayerError {
  try {
    return definition.infer(inputs, parameters, data);
  } catch (error) {
    if (error instanceof LayerError) return error;
    throw error;
  }
}

/** Nodes from which data flows into a loss; every node if there is none. */
function usedNodes(
  document: GraphDocument,
  nodes: Readonly<Record<string, NodeInference>>,
  incoming: ReadonlyMap<NodeId, readonly GraphEdge[]>,
): ReadonlySet<NodeId> {
  const all = Object.keys(document.nodes) as NodeId[];
  const used = new Set(all.filter((id) => nodes[id]?.definition?.role === 'loss'));
  if (used.size === 0) return new Set(all);
  for (const id of used) for (const { source } of incoming.get(id) ?? []) used.add(source.node);
  return used;
}

function sameShapes(a: readonly Shape[], b: readonly Shape[]): boolean {
  return a.length === b.length && a.every((shape, i) => sameShape(shape, b[i]!));
}

function sameData(a: DataShapes, b: DataShapes): boolean {
  return a.classes === b.classes && sameShape(a.sample, b.sample);
}
