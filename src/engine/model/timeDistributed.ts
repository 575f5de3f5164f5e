import { EngineError } from '../errors.ts';
import { BLOCK, BLOCK_INPUT, BLOCK_OUTPUT, TIME_DISTRIBUTED } from '../graph/blocks.ts';
import { findLayer } from '../layers/registry.ts';
import { nextCall, type SymbolicLayer, SymbolicTensor } from './symbolic.ts';

/** Steps in, what becomes of them out. */
export type StepFunction = (...steps: SymbolicTensor[]) => SymbolicTensor | readonly SymbolicTensor[];

/**
 * Applies `body` to each step of sequences by itself, with the same weights: `[N, T, …] → [N, T, …]`, as TimeDistributed in Keras.
 * Several sequences come as a list, all with as many steps; where `body` gives a list, so do the `outputs` of the result.
 *
 *     const features = timeDistributed(frames, (frame) => layers.Flatten(layers.Conv2d(frame, { outChannels: 8 })));
 *
 * @throws EngineError `unconnected` if `body` gives nothing.
 */
export function timeDistributed(
  sequences: SymbolicTensor | readonly SymbolicTensor[],
  body: StepFunction,
  { name }: { readonly name?: string } = {},
): SymbolicTensor {
  const inputs = [sequences].flat() as SymbolicTensor[];
  const steps = inputs.map(() => port(BLOCK_INPUT, []));
  const made = [body(...steps)].flat() as SymbolicTensor[];
  if (made.length === 0) throw new EngineError('unconnected', 'timeDistributed: the function gives nothing');
  const results = made.map((result) => port(BLOCK_OUTPUT, [result]));
  const layer: SymbolicLayer = {
    definition: {
      type: BLOCK,
      version: 1,
      role: 'layer',
      outputs: results.map((_, i) => ({ name: portName(BLOCK_OUTPUT, i) })),
      emit: { name: 'block' },
    },
    inputs,
    ports: steps.map((_, i) => portName(BLOCK_INPUT, i)),
    parameters: { [TIME_DISTRIBUTED]: true },
    name,
    frozen: false,
    shares: undefined,
    initial: undefined,
    body: { steps, results },
    call: nextCall(),
  };
  return new SymbolicTensor(layer, 0);
}

/** What a port is called: the id of its node inside. */
const portName = (type: string, index: number): string => `${type.toLowerCase()}${index + 1}`;

function port(type: string, inputs: readonly SymbolicTensor[]): SymbolicTensor {
  const definition = findLayer(type);
  if (!definition) throw new EngineError('unknown-layer', `there is no layer ${type}`);
  const layer: SymbolicLayer = {
    definition,
    inputs,
    ports: inputs.map(() => 'input'),
    parameters: {},
    name: undefined,
    frozen: false,
    shares: undefined,
    initial: undefined,
    call: nextCall(),
  };
  return new SymbolicTensor(layer, 0);
}
