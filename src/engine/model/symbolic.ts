import { EngineError } from '../errors.ts';
import type { GraphNode, ParameterValue } from '../graph/document.ts';
import { findInitializer } from '../initializers/registry.ts';
import type { LayerDefinition } from '../layers/defineLayer.ts';
import { parameterProblem } from '../layers/parameters.ts';
import { portsOf, requiredPorts } from '../layers/ports.ts';

/** A layer that has been called, and what it was called with. */
export interface SymbolicLayer {
  /** The layer, or what a block for each step is on the canvas. */
  readonly definition: Pick<LayerDefinition, 'type' | 'version' | 'role' | 'outputs'> & {
    readonly emit: Pick<LayerDefinition['emit'], 'name'>;
  };
  readonly inputs: readonly SymbolicTensor[];
  /** The port of each input. */
  readonly ports: readonly string[];
  /** Only what was given; the rest is at its default. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly name: string | undefined;
  /** Whether training leaves its weights alone. */
  readonly frozen: boolean;
  /** Name of the layer whose weights it computes with. */
  readonly shares: string | undefined;
  /** How its weights are drawn, where not as the layer has it. */
  readonly initial: GraphNode['initial'];
  /** Of a block for each step: what its function made of the steps. */
  readonly body?: { readonly steps: readonly SymbolicTensor[]; readonly results: readonly SymbolicTensor[] };
  /** Counts calls: the order in which the code was written is the order of computation. */
  readonly call: number;
}

/** What a layer will give: a place in the graph, without numbers. */
export class SymbolicTensor {
  readonly layer: SymbolicLayer;
  readonly port: number;

  constructor(layer: SymbolicLayer, port: number) {
    this.layer = layer;
    this.port = port;
  }

  /** All outputs of the layer that made this one; most have just one. */
  get outputs(): readonly SymbolicTensor[] {
    return this.layer.definition.outputs.map((_, port) => new SymbolicTensor(this.layer, port));
  }
}

/** `{ type: 'KaimingNormal', mode: 'fan_out' }`; parameters left out are at their default. */
export type InitialOptions = { readonly type: string } & Readonly<Record<string, ParameterValue>>;

/** A layer's parameters, its name, whether it is frozen, how its weights are drawn, and what goes to its optional ports. */
export type CallOptions = Readonly<Record<string, ParameterValue | InitialOptions | SymbolicTensor | undefined>>;

let calls = 0;

/** The number of the next call. */
export const nextCall = (): number => calls++;

/**
 * Calls a layer on symbolic inputs.
 * @throws EngineError `bad-option` for a parameter that the layer has not or a value that is out of its range,
 * `unconnected` if the number of inputs is not the layer's.
 */
export function callLayer(
  definition: LayerDefinition,
  inputs: readonly SymbolicTensor[],
  options: CallOptions,
): SymbolicTensor {
  const { type } = definition;
  const ports = requiredPorts(definition.inputs);
  const takesMany = ports.some(({ many }) => many);
  if (takesMany ? inputs.length < ports.length : inputs.length !== ports.length) {
    const expected = takesMany
      ? `${ports.length} or more inputs`
      : `${ports.length} ${ports.length === 1 ? 'input' : 'inputs'}`;
    throw new EngineError('unconnected', `${type} takes ${expected}, got ${inputs.length}`, type);
  }
  const { name, frozen = false, shares, initial, ...given } = options;
  if (typeof frozen !== 'boolean') {
    throw new EngineError('bad-option', `${type}: frozen expects true or false, got ${JSON.stringify(frozen)}`, type);
  }
  if (shares !== undefined && typeof shares !== 'string') {
    throw new EngineError(
      'bad-option',
      `${type}: shares expects the name of a layer, got ${JSON.stringify(shares)}`,
      type,
    );
  }
  if (name !== undefined && typeof name !== 'string') {
    throw new EngineError('bad-option', `${type}: name expects text, got ${JSON.stringify(name)}`, type);
  }
  const parameters: Record<string, ParameterValue> = {};
  const optional: [port: string, SymbolicTensor][] = [];
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (value instanceof SymbolicTensor) {
      const port = definition.inputs.find((known) => known.name === key && known.optional);
      if (!port) throw new EngineError('bad-option', `${type} has no optional input "${key}"`, type);
      optional.push([key, value]);
      continue;
    }
    const spec = Object.hasOwn(definition.parameters, key) ? definition.parameters[key] : undefined;
    if (!spec) {
      const known = Object.keys(definition.parameters).join(', ') || 'none';
      throw new EngineError('bad-option', `${type} has no parameter "${key}": expected one of ${known}`, type);
    }
    const problem = parameterProblem(spec, value);
    if (problem) throw new EngineError('bad-option', `${type}: ${key} ${problem}, got ${JSON.stringify(value)}`, type);
    parameters[key] = value as ParameterValue;
  }
  const layer: SymbolicLayer = {
    definition,
    inputs: [...inputs, ...optional.map(([, value]) => value)],
    ports: [...portsOf(definition.inputs, inputs.length), ...optional.map(([port]) => port)],
    parameters,
    name,
    frozen,
    shares,
    initial: initialOf(type, initial),
    call: nextCall(),
  };
  return new SymbolicTensor(layer, 0);
}

function initialOf(layer: string, given: CallOptions[string]): GraphNode['initial'] {
  if (given === undefined) return undefined;
  const isChoice = typeof given === 'object' && given !== null && !(given instanceof SymbolicTensor) && 'type' in given;
  const definition = isChoice ? findInitializer(given.type) : undefined;
  if (!isChoice || !definition) {
    throw new EngineError('bad-option', `${layer}: initial is not known, got ${JSON.stringify(given)}`, layer);
  }
  const { type, ...parameters } = given;
  for (const [key, value] of Object.entries(parameters)) {
    const spec = Object.hasOwn(definition.parameters, key) ? definition.parameters[key] : undefined;
    const problem = spec ? parameterProblem(spec, value) : 'is no parameter of it';
    if (problem) throw new EngineError('bad-option', `${type}: ${key} ${problem}, got ${JSON.stringify(value)}`, layer);
  }
  return { type, parameters };
}
