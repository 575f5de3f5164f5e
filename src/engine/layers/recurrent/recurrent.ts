import { formatShape } from '../../ir/shape.ts';
import type { Shape, Value } from '../../ir/types.ts';
import { type Inference, LayerError, type LowerContext } from '../defineLayer.ts';
import { pythonCall } from '../python.ts';

/** Parameters that LSTM, GRU and RNN share. */
export const recurrentParameters = {
  hiddenSize: { kind: 'integer', default: 64, min: 1, help: 'Numbers that the layer remembers from step to step.' },
  output: {
    kind: 'choice',
    default: 'last',
    choices: ['last', 'sequence'],
    help: 'The state after the last step, or the states of all steps.',
  },
  numLayers: {
    kind: 'integer',
    default: 1,
    min: 1,
    max: 16,
    help: 'Layers on top of each other, each reading the states of the one below.',
  },
  bidirectional: {
    kind: 'boolean',
    default: false,
    help: 'A second layer reads the sequence backwards; the states of both stand side by side.',
  },
  dropout: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 0.99,
    step: 0.05,
    help: 'Dropout on the states between layers, in training.',
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
  readonly numLayers: number;
  readonly bidirectional: boolean;
  readonly dropout: number;
  readonly inputSize: number | null;
}

/** Memory for the states of all steps grows with them. */
const MOST_STEPS = 1024;

/** Shapes and PyTorch's weights of a recurrent layer with so many gates; all are drawn from U(−1/√hidden, 1/√hidden). */
export function inferRecurrent(
  type: string,
  input: Shape,
  gates: number,
  { hiddenSize, output, numLayers, bidirectional, inputSize }: RecurrentParameters,
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
  const directions = bidirectional ? 2 : 1;
  const sizes = Array.from({ length: numLayers }, (_, layer) => (layer === 0 ? features : directions * hiddenSize));
  const weights = sizes.flatMap((size, layer) =>
    suffixes(layer, bidirectional).flatMap((suffix) => [
      weight(`weight_ih_${suffix}`, [gates * hiddenSize, size]),
      weight(`weight_hh_${suffix}`, [gates * hiddenSize, hiddenSize]),
      weight(`bias_ih_${suffix}`, [gates * hiddenSize]),
      weight(`bias_hh_${suffix}`, [gates * hiddenSize]),
    ]),
  );
  const width = directions * hiddenSize;
  return {
    outputs: [output === 'last' ? [width] : [steps, width]],
    weights,
    multiplyAdds: sizes.reduce((sum, size) => sum + steps * gates * width * (size + hiddenSize), 0),
  };
}

/** PyTorch's names of the weights of one layer: `l0`, and `l0_reverse` for the way back. */
function suffixes(layer: number, bidirectional: boolean): string[] {
  return bidirectional ? [`l${layer}`, `l${layer}_reverse`] : [`l${layer}`];
}

type Context = Pick<LowerContext<Record<never, never>>, 'emit' | 'weights'>;

export interface CellWeights {
  readonly weightHidden: Value;
  readonly biasInput: Value;
  readonly biasHidden: Value;
}

/** A recurrent layer's own part: which biases go into the inputs' share of its gates, and the op over all steps. */
export interface Cell {
  bias(context: Context, weights: CellWeights): Value;
  /** `shared` is the inputs' share of all gates, `[T, N, gates·H]`; gives all states `[T, N, H]` and the last `[N, H]`. */
  scan(context: Context, shared: Value, weights: CellWeights, reverse: boolean): readonly Value[];
}

/** All layers and directions of a recurrent layer over `[N, T, F]`. */
export function lowerRecurrent(
  context: Pick<LowerContext<Record<never, never>>, 'emit' | 'weights' | 'inputs' | 'mode' | 'random'>,
  { numLayers, bidirectional, dropout, output }: RecurrentParameters,
  cell: Cell,
): Value {
  const { emit, weights } = context;
  // Steps first, so that what the cells read and write at a step lies together.
  let sequence = emit.op('transpose', [context.inputs[0]!], { permutation: [1, 0, 2] });
  for (let layer = 0; ; layer++) {
    const directions = suffixes(layer, bidirectional).map((suffix, direction) => {
      const own = {
        weightHidden: weights[`weight_hh_${suffix}`]!,
        biasInput: weights[`bias_ih_${suffix}`]!,
        biasHidden: weights[`bias_hh_${suffix}`]!,
      };
      const shared = inputShare(context, sequence, weights[`weight_ih_${suffix}`]!, cell.bias(context, own));
      return cell.scan(context, shared, own, direction === 1);
    });
    const side = (output: number, axis: number): Value => {
      const values = directions.map((outputs) => outputs[output]!);
      return values.length === 1 ? values[0]! : emit.op('concat', values, { axis });
    };
    const top = layer === numLayers - 1;
    if (top && output === 'last') return side(1, 1);
    sequence = side(0, 2);
    if (top) return emit.op('transpose', [sequence], { permutation: [1, 0, 2] });
    if (dropout > 0 && context.mode === 'train') {
      const { seed, step, stream } = context.random();
      sequence = emit.op('dropout', [sequence, seed, step], { p: dropout, stream });
    }
  }
}

/** x·Wᵀ + b for all steps, as one product. */
function inputShare({ emit }: Context, sequence: Value, weight: Value, bias: Value): Value {
  const [steps, rows, features] = sequence.type.shape as [number, number, number];
  const flat = emit.op('reshape', [sequence], { shape: [steps * rows, features] });
  const product = emit.op('matmul', [flat, weight], { transposeA: false, transposeB: true });
  return emit.op('reshape', [emit.op('add', [product, bias])], { shape: [steps, rows, weight.type.shape[0]!] });
}

/** The bias of a cell that adds up the inputs' share and the state's. */
export function bothBiases({ emit }: Context, { biasInput, biasHidden }: CellWeights): Value {
  return emit.op('add', [biasInput, biasHidden]);
}

/** PyTorch's keyword arguments beside the sizes. */
export function pytorchRecurrent({ numLayers, bidirectional, dropout }: RecurrentParameters) {
  return {
    num_layers: [numLayers, 1],
    batch_first: [true, false],
    dropout: [dropout, 0],
    bidirectional: [bidirectional, false],
  } as const;
}

/** PyTorch gives all states and the last ones as a tuple; an LSTM's last ones are a tuple with its memory. */
export function pytorchStates(
  layer: string,
  x: string,
  { output, bidirectional }: RecurrentParameters,
  hasMemory: boolean,
): string {
  if (output === 'sequence') return `${layer}(${x})[0]`;
  if (!bidirectional) return `${layer}(${x})[0][:, -1]`;
  return `torch.cat(tuple(${layer}(${x})[1]${hasMemory ? '[0]' : ''}[-2:]), dim=1)`;
}

/** Keras' layer, several in a Sequential. `own` are the arguments besides return_sequences. */
export function kerasRecurrent(
  name: string,
  { hiddenSize, numLayers, bidirectional, dropout, output }: RecurrentParameters,
  own: Parameters<typeof pythonCall>[2] = {},
): string {
  const made = Array.from({ length: numLayers }, (_, layer) => {
    const sequences = layer < numLayers - 1 || output === 'sequence';
    const plain = pythonCall(name, [hiddenSize], { ...own, return_sequences: [sequences, false] });
    const one = bidirectional ? `layers.Bidirectional(${plain})` : plain;
    return layer < numLayers - 1 && dropout > 0 ? [one, `layers.Dropout(${dropout})`] : [one];
  }).flat();
  return made.length === 1 ? made[0]! : `keras.Sequential([${made.join(', ')}])`;
}
