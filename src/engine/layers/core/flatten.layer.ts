import { sizeOf } from '../../ir/shape.ts';
import { defineLayer } from '../defineLayer.ts';
import { applyOne } from '../python.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Flatten: typeof parameters;
  }
}

/** All axes of a sample as one: https://docs.pytorch.org/docs/stable/generated/torch.nn.Flatten.html */
export default defineLayer({
  type: 'Flatten',
  title: 'Flatten',
  category: 'Core',
  icon: 'fold-horizontal',
  help: {
    summary: 'Lays out each sample as one list of features, as a Linear layer needs after convolutions.',
    shapes: '[N, C, H, W] → [N, C·H·W]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Flatten.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer: ([input]) => ({ outputs: [[sizeOf(input!)]], weights: [], multiplyAdds: 0 }),
  lower({ emit, inputs }) {
    const { shape } = inputs[0]!.type;
    return [emit.op('reshape', [inputs[0]!], { shape: [shape[0]!, sizeOf(shape.slice(1))] })];
  },
  emit: {
    pytorch: () => ({ make: 'nn.Flatten()', apply: applyOne }),
    // Channels-last flattens in another order: whoever carries weights over permutes the rows of the next layer.
    keras: () => ({ make: 'layers.Flatten()', apply: applyOne }),
  },
  samples: [
    { inputs: [[3, 4, 5]], parameters: {} },
    { inputs: [[6]], parameters: {} },
  ],
});
