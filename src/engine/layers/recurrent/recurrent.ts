import type { Emitter } from '../../ir/emitter.ts';
import { formatShape } from '../../ir/shape.ts';
import type { Shape, Value } from '../../ir/types.ts';
import { type Inference, LayerError, type LowerContext, type PythonLayer } from '../defineLayer.ts';
import { maskPort, requireMask } from '../masks.ts';
import { applyOne, pythonCall } from '../python.ts';

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
  [input, mask]: readonly Shape[],
  gates: number,
  { hiddenSize, output, numLayers, bidirectional, inputSize }: RecurrentParameters,
): Inference {
  if (input!.length !== 2) {
    const rows = input!.length === 3 ? [input![0]! * input![1]!, input![2]!] : undefined;
    throw new LayerError(
      `${type} expects sequences (steps × features) and receives samples of ${formatShape(input!)}.`,
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
  requireMask(type, 'mask', mask, steps);
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
  /**
   * `shared` is the inputs' share of all gates, `[T, N, gates·H]`, `mask` none or one value `[T, N]`, for the end of the
   * op's inputs; gives all states `[T, N, H]` and the last `[N, H]`.
   */
  scan(
    context: Context,
    shared: Value,
    weights: CellWeights,
    given: { readonly reverse: boolean; readonly mask: readonly Value[] },
  ): readonly Value[];
}

/** The ports of recurrent layers. */
export const recurrentInputs = [{ name: 'input' }, maskPort('mask')] as const;

/**
 * All layers and directions of a recurrent layer over `[N, T, F]`, perhaps with a mask `[N, T]`. Steps where that is 0
 * change no state, as if they were not there, and are 0 in a sequence of states: with the filling at the end, these are the
 * numbers of PyTorch's packed sequences.
 */
export function lowerRecurrent(
  context: Pick<LowerContext<Record<never, never>>, 'emit' | 'weights' | 'inputs' | 'mode' | 'random'>,
  { numLayers, bidirectional, dropout, output }: RecurrentParameters,
  cell: Cell,
): Value {
  const { emit, weights } = context;
  // Steps first, so that what the cells read and write at a step lies together.
  let sequence = emit.op('transpose', [context.inputs[0]!], { permutation: [1, 0, 2] });
  const mask = context.inputs.slice(1).map((given) => emit.op('transpose', [given], { permutation: [1, 0] }));
  for (let layer = 0; ; layer++) {
    const directions = suffixes(layer, bidirectional).map((suffix, direction) => {
      const own = {
        weightHidden: weights[`weight_hh_${suffix}`]!,
        biasInput: weights[`bias_ih_${suffix}`]!,
        biasHidden: weights[`bias_hh_${suffix}`]!,
      };
      const shared = inputShare(context, sequence, weights[`weight_ih_${suffix}`]!, cell.bias(context, own));
      return cell.scan(context, shared, own, { reverse: direction === 1, mask });
    });
    const side = (output: number, axis: number): Value => {
      const values = directions.map((outputs) => outputs[output]!);
      return values.length === 1 ? values[0]! : emit.op('concat', values, { axis });
    };
    const top = layer === numLayers - 1;
    if (top && output === 'last') return side(1, 1);
    sequence = side(0, 2);
    if (top) {
      const states = emit.op('transpose', [sequence], { permutation: [1, 0, 2] });
      return context.inputs.slice(1).reduce((all, given) => atRealSteps(emit, all, given), states);
    }
    if (dropout > 0 && context.mode === 'train') {
      const { seed, step, stream } = context.random();
      sequence = emit.op('dropout', [sequence, seed, step], { p: dropout, stream });
    }
  }
}

/** 0 at the steps that a mask `[N, T]` leaves out. */
function atRealSteps(emit: Emitter, states: Value, mask: Value): Value {
  const steps = emit.op('reshape', [mask], { shape: [...mask.type.shape, 1] });
  return emit.op('select', [steps, states, emit.fill([], 0)]);
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

const RUN_MASKED = `def run_masked(layer, x, mask):
    """States of all steps and of the last; steps where mask is 0 are left out, as in a packed sequence."""
    real = mask != 0
    # Packed sequences have their filling at the end.
    order = torch.argsort((~real).int(), dim=1, stable=True)
    sorted_x = x.gather(1, order.unsqueeze(-1).expand_as(x))
    lengths = real.sum(dim=1).clamp(min=1).cpu()
    packed = nn.utils.rnn.pack_padded_sequence(sorted_x, lengths, batch_first=True, enforce_sorted=False)
    states, last = layer(packed)
    states, _ = nn.utils.rnn.pad_packed_sequence(states, batch_first=True, total_length=x.shape[1])
    places = torch.argsort(order, dim=1).unsqueeze(-1).expand_as(states)
    last = last[0] if isinstance(last, tuple) else last
    last = torch.cat(tuple(last[-2:]), dim=1) if layer.bidirectional else last[-1]
    return states.gather(1, places) * real.unsqueeze(-1), last * real.any(dim=1, keepdim=True)
`;

/** PyTorch's layer and its call: it gives all states and the last ones as a tuple; an LSTM's last ones are a tuple with its memory. */
export function pytorchRecurrent(
  name: string,
  { inputs, parameters }: { readonly inputs: readonly Shape[]; readonly parameters: RecurrentParameters },
  own: Parameters<typeof pythonCall>[2] = {},
): PythonLayer {
  const { hiddenSize, numLayers, bidirectional, dropout, output } = parameters;
  const make = pythonCall(name, [inputs[0]![1]!, hiddenSize], {
    ...own,
    num_layers: [numLayers, 1],
    batch_first: [true, false],
    dropout: [dropout, 0],
    bidirectional: [bidirectional, false],
  });
  if (inputs.length > 1) {
    const part = output === 'sequence' ? 0 : 1;
    return { make, support: RUN_MASKED, apply: (layer, [x, mask]) => `run_masked(${layer}, ${x}, ${mask})[${part}]` };
  }
  return {
    make,
    apply: (layer, [x]) => {
      if (output === 'sequence') return `${layer}(${x})[0]`;
      if (!bidirectional) return `${layer}(${x})[0][:, -1]`;
      return `torch.cat(tuple(${layer}(${x})[1]${name === 'nn.LSTM' ? '[0]' : ''}[-2:]), dim=1)`;
    },
  };
}

/** Keras' layer, several in a Sequential, and its call. `own` are the arguments besides return_sequences. */
export function kerasRecurrent(
  name: string,
  { inputs, parameters }: { readonly inputs: readonly Shape[]; readonly parameters: RecurrentParameters },
  own: Parameters<typeof pythonCall>[2] = {},
): PythonLayer {
  const { hiddenSize, numLayers, bidirectional, dropout, output } = parameters;
  const made = Array.from({ length: numLayers }, (_, layer) => {
    const sequences = layer < numLayers - 1 || output === 'sequence';
    const plain = pythonCall(name, [hiddenSize], { ...own, return_sequences: [sequences, false] });
    const one = bidirectional ? `layers.Bidirectional(${plain})` : plain;
    return layer < numLayers - 1 && dropout > 0 ? [one, `layers.Dropout(${dropout})`] : [one];
  }).flat();
  const make = made.length === 1 ? made[0]! : `keras.Sequential([${made.join(', ')}])`;
  if (inputs.length === 1) return { make, apply: applyOne };
  return {
    make,
    apply: (layer, [x, mask]) => {
      const states = `${layer}(${x}, mask=ops.not_equal(${mask}, 0))`;
      // Keras repeats the state before where a step is left out.
      if (output === 'last') return states;
      return `ops.where(ops.expand_dims(ops.not_equal(${mask}, 0), -1), ${states}, 0.0)`;
    },
  };
}
