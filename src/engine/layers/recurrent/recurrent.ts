import { formatShape } from '../../ir/shape.ts';
import type { Shape, Value } from '../../ir/types.ts';
import { type Inference, LayerError, type LowerContext } from '../defineLayer.ts';

/** Parameters that LSTM, GRU and RNN share. */
export const recurrentParameters = {
  hiddenSize: { kind: 'integer', default: 64, min: 1, help: 'Numbers that the layer remembers from step to step.' },
  output: {
    kind: 'choice',
    default: 'last',
    choices: ['last', 'sequence'],
    help: 'The state after the last step, or the states of all steps.',
  },
  inputSize: {
    kind: 'autoInteger',
    default: null,
    min: 1,
    help: 'Features at each step; found from the wire while empty.',
  },
} as const;

interface RecurrentParameters {
  readonly hiddenSize: number;
  readonly output: 'last' | 'sequence';
  readonly inputSize: number | null;
}

/** Steps are unrolled, so each one costs kernels and memory. */
const MOST_STEPS = 1024;

/** Shapes and PyTorch's weights of a recurrent layer with so many gates; all are drawn from U(−1/√hidden, 1/√hidden). */
export function inferRecurrent(
  type: string,
  input: Shape,
  gates: number,
  { hiddenSize, output, inputSize }: RecurrentParameters,
): Inference {
  if (input.length !== 2) {
    const rows = input.length === 3 ? [input[0]! * input[1]!, input[2]!] : undefined;
    throw new LayerError(
      `${type} expects sequences (steps × features) and receives samples of ${formatShape(input)}.`,
      {
        fixes: rows ? [{ kind: 'insertBefore', layer: 'Reshape', parameters: { shape: rows } }] : [],
      },
    );
  }
  const [steps, features] = input as [number, number];
  if (inputSize !== null && inputSize !== features) {
    throw new LayerError(`${type} expects ${inputSize} features a step and receives ${features}.`, {
      parameter: 'inputSize',
      fixes: [{ kind: 'setParameter', parameter: 'inputSize', value: features }],
    });
  }
  if (steps > MOST_STEPS) {
    throw new LayerError(`${type} receives sequences of ${steps} steps: at most ${MOST_STEPS} are possible.`);
  }
  const initial = { kind: 'uniform', bound: 1 / Math.sqrt(hiddenSize) } as const;
  const weight = (name: string, shape: Shape) => ({ name, shape, initial, trainable: true });
  return {
    outputs: [output === 'last' ? [hiddenSize] : [steps, hiddenSize]],
    weights: [
      weight('weight_ih_l0', [gates * hiddenSize, features]),
      weight('weight_hh_l0', [gates * hiddenSize, hiddenSize]),
      weight('bias_ih_l0', [gates * hiddenSize]),
      weight('bias_hh_l0', [gates * hiddenSize]),
    ],
    multiplyAdds: steps * gates * hiddenSize * (features + hiddenSize),
  };
}

/** The inputs' share of all gates at every step, by one product: `[N, T, F]` → T × `[N, gates·H]`, biases included as given. */
export function projectSteps(
  { emit, inputs, weights }: Pick<LowerContext<Record<never, never>>, 'emit' | 'inputs' | 'weights'>,
  bias: Value,
): readonly Value[] {
  const byStep = emit.op('transpose', [inputs[0]!], { permutation: [1, 0, 2] });
  const product = emit.op('matmul', [byStep, weights.weight_ih_l0!], { transposeA: false, transposeB: true });
  return emit.ops('unstack', [emit.op('add', [product, bias])]);
}

/** The layer's output from the states of all steps, each `[N, H]`. */
export function collectStates(
  { emit }: Pick<LowerContext<Record<never, never>>, 'emit'>,
  states: readonly Value[],
  output: 'last' | 'sequence',
): Value {
  if (output === 'last') return states.at(-1)!;
  return emit.op('transpose', [emit.op('stack', states)], { permutation: [1, 0, 2] });
}

/** Columns of gate `gate` of `[N, gates·H]`. */
export function gateOf(
  { emit }: Pick<LowerContext<Record<never, never>>, 'emit'>,
  gates: Value,
  gate: number,
  hiddenSize: number,
): Value {
  const batch = gates.type.shape[0]!;
  return emit.op('slice', [gates], { starts: [0, gate * hiddenSize], sizes: [batch, hiddenSize] });
}

/** PyTorch gives all states and the last ones as a tuple. */
export function pytorchStates(layer: string, x: string, output: 'last' | 'sequence'): string {
  return output === 'last' ? `${layer}(${x})[0][:, -1]` : `${layer}(${x})[0]`;
}
