import { formatShape } from '../../ir/shape.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { pythonValue } from '../python.ts';

const parameters = {
  paddingValue: {
    kind: 'number',
    default: 0,
    step: 1,
    help: 'The id, or the number of all features, that marks a step as filling.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    PaddingMask: typeof parameters;
  }
}

/** The mask of Keras' Masking and of an Embedding with mask_zero, as a value of its own: https://keras.io/api/layers/core_layers/masking/ */
export default defineLayer({
  type: 'PaddingMask',
  title: 'PaddingMask',
  category: 'Core',
  icon: 'square-dashed',
  help: {
    summary:
      'Tells the steps of a sequence from those that only fill it up, for the mask inputs of recurrent and attention layers: they leave the filling out.',
    shapes: 'ids or numbers [N, T] or [N, T, E] → [N, T], 0 where all are paddingValue, else 1',
    reference: 'https://keras.io/api/layers/core_layers/masking/',
  },
  role: 'layer',
  inputs: [{ name: 'input', dtype: 'any' }],
  outputs: [{ name: 'mask' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input]) {
    if (input!.length !== 1 && input!.length !== 2) {
      const rows = input!.length === 3 ? [input![0]! * input![1]!, input![2]!] : undefined;
      throw new LayerError(
        `PaddingMask expects ids or sequences (steps × features) and receives samples of ${formatShape(input!)}.`,
        { fixes: rows ? [{ kind: 'insertBefore', layer: 'Reshape', parameters: { shape: rows } }] : [] },
      );
    }
    return { outputs: [[input![0]!]], weights: [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters: { paddingValue } }) {
    const [given] = inputs;
    const x = given!.type.dtype === 'i32' ? emit.op('castF32', [given!]) : given!;
    const filling = emit.op('equal', [x, emit.fill([], paddingValue)]);
    const real = emit.op('subtract', [emit.fill([], 1), filling]);
    return [x.type.shape.length === 2 ? real : emit.op('reduceMaximum', [real], { axes: [2], keepDims: false })];
  },
  emit: {
    name: 'mask',
    pytorch: ({ parameters: { paddingValue }, inputs }) => {
      const any = inputs[0]!.length === 1 ? '' : '.any(dim=-1)';
      return { apply: (_layer, [x]) => `(${x} != ${pythonValue(paddingValue)})${any}.float()` };
    },
    keras: ({ parameters: { paddingValue }, inputs }) => ({
      apply: (_layer, [x]) => {
        const real = `ops.not_equal(${x}, ${pythonValue(paddingValue)})`;
        return `ops.cast(${inputs[0]!.length === 1 ? real : `ops.any(${real}, axis=-1)`}, "float32")`;
      },
    }),
  },
  samples: [
    { inputs: [[5]], parameters: {}, data: { sample: [5], classes: 0, vocabulary: 4 } },
    { inputs: [[4, 3]], parameters: { paddingValue: -1 } },
  ],
});
