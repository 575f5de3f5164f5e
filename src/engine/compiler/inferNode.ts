import { UNKNOWN_DATA } from '../data/dataset.ts';
import type { Diagnostic } from '../graph/diagnostic.ts';
import type { GraphEdge, GraphNode } from '../graph/document.ts';
import { sameShape, sizeOf } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import {
  type DataShapes,
  type Inference,
  type LayerDefinition,
  LayerError,
  type PlacedDefinition,
} from '../layers/defineLayer.ts';
import { portsOf, requiredPorts } from '../layers/ports.ts';
import type { NodeInference } from './infer.ts';
import { inferMemoized, memoOf } from './layerMemo.ts';
import { wireTypeError } from './wireTypes.ts';
import { sameItems } from './wiring.ts';

interface NodeFound {
  readonly entry: NodeInference;
  /** What its layer says of shapes that do not fit. */
  readonly error: LayerError | undefined;
  /** What is wrong with its parameters. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What there is to know of a node once those that it reads from are known.
 * @param before the same node as it was when it was looked at last
 * @param outside a shape that comes in from outside
 */
export function inferNode(
  node: GraphNode,
  before: GraphNode | undefined,
  wires: readonly GraphEdge[],
  nodes: Readonly<Record<string, NodeInference>>,
  data: DataShapes,
  outside: Shape | undefined,
): NodeFound {
  const memo = memoOf(node, before);
  const { definition, parameters, diagnostics } = memo;
  const used = definition ? usedWires(definition, wires) : [];
  const sources = used.map(({ id, source }) => ({
    node: source.node,
    output: nodes[source.node]?.definition?.outputs.findIndex(({ name }) => name === source.port) ?? -1,
    edge: id,
  }));
  const ports = outside ? portsOf(definition?.inputs ?? [], 1) : used.map(({ target }) => target.port);
  const inputs = outside
    ? [outside]
    : sources.map(({ node: source, output }) => nodes[source]?.inference?.outputs[output]);
  let inference: Inference | undefined;
  let error: LayerError | undefined;
  const waits = data === UNKNOWN_DATA && definition?.role === 'input' && !outside;
  if (definition && !waits && (outside || isComplete(definition, wires)) && areKnown(inputs)) {
    const carried = sources.map(({ node: source, output }) => nodes[source]?.inference?.dtypes?.[output] ?? 'f32');
    const result = wireTypeError(definition, ports, carried) ?? inferMemoized(memo, definition, inputs, ports, data);
    if (result instanceof LayerError) error = result;
    else inference = result;
  }
  const entry: NodeInference = {
    definition,
    layer: definition,
    frozen: node.frozen === true,
    shares: node.shares,
    initial: node.initial,
    parameters,
    sources,
    inputs,
    ports,
    inference,
    totalParameters: inference && !node.shares ? parameterCount(inference) : 0,
  };
  return { entry, error, diagnostics };
}

/** Numbers in the trainable weights. */
export function parameterCount(inference: Inference): number {
  return inference.weights.reduce((sum, { shape, trainable }) => sum + (trainable ? sizeOf(shape) : 0), 0);
}

/** The wires into a node in the order of its ports; a second wire into a port for one is left out. */
function usedWires(definition: PlacedDefinition, wires: readonly GraphEdge[]): readonly GraphEdge[] {
  return definition.inputs.flatMap(({ name, many }) => {
    const here = wires.filter(({ target }) => target.port === name);
    return many ? here : here.slice(0, 1);
  });
}

function isComplete(definition: LayerDefinition, wires: readonly GraphEdge[]): boolean {
  return requiredPorts(definition.inputs).every(({ name }) => wires.some(({ target }) => target.port === name));
}

function areKnown(inputs: readonly (Shape | undefined)[]): inputs is readonly Shape[] {
  return inputs.every((shape) => shape !== undefined);
}

/** Whether nothing that is known of a node has changed. */
export function sameEntry(a: NodeInference, b: NodeInference): boolean {
  return (
    a.definition === b.definition &&
    a.frozen === b.frozen &&
    a.shares === b.shares &&
    a.initial === b.initial &&
    a.parameters === b.parameters &&
    a.inference === b.inference &&
    a.totalParameters === b.totalParameters &&
    sameItems(a.ports, b.ports) &&
    a.inputs.length === b.inputs.length &&
    a.inputs.every((shape, i) => sameMaybe(shape, b.inputs[i])) &&
    a.sources.length === b.sources.length &&
    a.sources.every(({ node, output, edge }, i) => {
      const other = b.sources[i];
      return node === other?.node && output === other.output && edge === other.edge;
    })
  );
}

/** Whether nodes that read from it, and wires, see no difference. */
export function sameForReaders(a: NodeInference, b: NodeInference): boolean {
  if (a === b) return true;
  const [old, now] = [a.inference?.outputs ?? NONE, b.inference?.outputs ?? NONE];
  return (
    a.definition === b.definition &&
    old.length === now.length &&
    old.every((shape, i) => sameMaybe(shape, now[i])) &&
    sameItems(a.inference?.dtypes ?? [], b.inference?.dtypes ?? [])
  );
}

const NONE: readonly Shape[] = [];

/** Whether two shapes are the same, or both not known. */
export function sameMaybe(a: Shape | undefined, b: Shape | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && sameShape(a, b));
}
