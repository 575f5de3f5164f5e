import { formatShape } from '../../ir/shape.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { applyOne, kerasAxis, pythonValue } from '../python.ts';

const parameters = {
  dims: {
    kind: 'shape',
    default: [2, 1],
    min: 1,
    help: 'Order of the axes of a sample; 1 is the first axis after the batch, which stays in front.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Permute: typeof parameters;
  }
}

/** Reorders axes: https://docs.pytorch.org/docs/stable/generated/torch.permute.html */
export default defineLayer({
  type: 'Permute',
  title: 'Permute',
  category: 'Core',
  icon: 'arrow-left-right',
  help: {
    summary: 'Puts the axes of each sample into another order: [2, 1] turns rows into columns.',
    shapes: '[N, A, B] → [N, B, A] for dims [2, 1]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.permute.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { dims }) {
    const axes = input!.map((_, i) => i + 1);
    if (dims.length !== axes.length || axes.some((axis) => !dims.includes(axis))) {
      throw new LayerError(
        `Permute has the dims [${dims.join(', ')}], but a sample of ${formatShape(input!)} needs each of [${axes.join(', ')}] once.`,
        { parameter: 'dims', fixes: [{ kind: 'setParameter', parameter: 'dims', value: axes.reverse() }] },
      );
    }
    return { outputs: [dims.map((axis) => input![axis - 1]!)], weights: [], multiplyAdds: 0 };
  },
  lower: ({ emit, inputs, parameters }) => [
    emit.op('transpose', [inputs[0]!], { permutation: [0, ...parameters.dims] }),
  ],
  emit: {
    pytorch: ({ parameters }) => ({ apply: (_layer, [x]) => `${x}.permute(0, ${parameters.dims.join(', ')})` }),
    keras: ({ parameters: { dims } }) => {
      // Output axes in Keras' order, each taken from where its source lies in Keras.
      const order = dims.length === 3 ? [2, 3, 1] : dims.map((_, i) => i + 1);
      const permuted = order.map((axis) => kerasAxis(dims[axis - 1]!, dims.length));
      return { make: `layers.Permute(${pythonValue(permuted)})`, apply: applyOne };
    },
  },
  samples: [
    { inputs: [[4, 6]], parameters: {} },
    { inputs: [[2, 3, 4]], parameters: { dims: [3, 1, 2] } },
  ],
});
