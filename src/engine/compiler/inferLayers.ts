import { UNKNOWN_DATA } from '../data/dataset.ts';
import type { Diagnostic } from '../graph/diagnostic.ts';
import type { GraphDocument, GraphEdge, GraphNode, NodeId } from '../graph/document.ts';
import { edgesBySource, edgesByTarget, topologicalOrder } from '../graph/topology.ts';
import { sameShape, sizeOf } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import {
  type DataShapes,
  type Inference,
  type LayerDefinition,
  LayerError,
  type PlacedDefinition,
} from '../layers/defineLayer.ts';
import { completeParameters, type ParameterSchema, type ParametersOf } from '../layers/parameters.ts';
import { portsOf, requiredPorts } from '../layers/ports.ts';
import { findLayer } from '../layers/registry.ts';
import type { GraphInference, NodeInference } from './infer.ts';
import { sharingErrors } from './sharedWeights.ts';
import { type GraphFacts, validateGraph } from './validateGraph.ts';
import { cycleDiagnostic, layerErrorDiagnostic, nodeDiagnostics, wireDiagnostic } from './validateNode.ts';
import { wireTypeError } from './wireTypes.ts';

/** What depends on the node alone. */
interface NodeMemo {
  readonly definition: LayerDefinition | undefined;
  readonly parameters: ParametersOf<ParameterSchema>;
  readonly diagnostics: readonly Diagnostic[];
  last:
    | {
        readonly inputs: readonly Shape[];
        readonly ports: readonly string[];
        readonly data: DataShapes;
        readonly result: Inference | LayerError;
      }
    | undefined;
}

// Nodes are immutable: an edit makes a new object, so all others keep what was found for them.
const memos = new WeakMap<GraphNode, NodeMemo>();

/** What `inferGraph` tells, of a document without blocks. `given` are shapes that come in from outside, by node. */
export function inferLayers(
  document: GraphDocument,
  data: DataShapes,
  given?: ReadonlyMap<string, Shape>,
): GraphInference {
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
    const outside = given?.get(id);
    const ports = outside
      ? portsOf(definition?.inputs ?? [], 1)
      : sources.map(({ edge }) => document.edges[edge]!.target.port);
    const inputs = outside
      ? [outside]
      : sources.map(({ node: source, output }) => nodes[source]?.inference?.outputs[output]);
    let inference: Inference | undefined;
    const waits = data === UNKNOWN_DATA && definition?.role === 'input' && !outside;
    if (
      definition &&
      !waits &&
      (outside || isComplete(definition, wires)) &&
      inputs.every((shape) => shape !== undefined)
    ) {
      const carried = sources.map(({ node: source, output }) => nodes[source]?.inference?.dtypes?.[output] ?? 'f32');
      const result = wireTypeError(definition, ports, carried) ?? inferMemoized(memo, definition, inputs, ports, data);
      if (result instanceof LayerError) errors.set(id, result);
      else inference = result;
    }
    const frozen = node.frozen === true;
    const totalParameters = inference && !node.shares ? parameterCount(inference) : 0;
    nodes[id] = {
      definition,
      layer: definition,
      frozen,
      shares: node.shares,
      initial: node.initial,
      parameters,
      sources,
      inputs,
      ports,
      inference,
      totalParameters,
    };
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
  for (const [id, error] of sharingErrors(nodes)) errors.set(id, error);
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
export function sourcesOf(
  definition: PlacedDefinition,
  wires: readonly GraphEdge[],
  nodes: Readonly<Record<string, NodeInference>>,
): NodeInference['sources'] {
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
  return requiredPorts(definition.inputs).every(({ name }) => wires.some(({ target }) => target.port === name));
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
  ports: readonly string[],
  data: DataShapes,
): Inference | LayerError {
  const { last } = memo;
  const same = last && sameShapes(last.inputs, inputs) && last.ports.join() === ports.join();
  if (same && sameData(last.data, data)) return last.result;
  const result = tryInfer(definition, inputs, memo.parameters, data, ports);
  memo.last = { inputs, ports, data, result };
  return result;
}

/** What the layer says of these shapes, an error included. */
export function tryInfer(
  definition: PlacedDefinition,
  inputs: readonly Shape[],
  parameters: ParametersOf<ParameterSchema>,
  data: DataShapes,
  ports?: readonly string[],
): Inference | LayerError {
  try {
    return definition.infer(inputs, parameters, data, ports);
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
  return (
    a.classes === b.classes &&
    a.vocabulary === b.vocabulary &&
    a.targets === b.targets &&
    sameShape(a.sample, b.sample) &&
    sameShape(a.label ?? [], b.label ?? [])
  );
}
