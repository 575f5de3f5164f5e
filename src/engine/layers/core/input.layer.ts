import { defineLayer } from '../defineLayer.ts';
import { kerasInput } from '../python.ts';

const parameters = {} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Input: typeof parameters;
  }
}

/** Where samples of the data set enter. */
export default defineLayer({
  type: 'Input',
  title: 'Input',
  category: 'Input',
  icon: 'image',
  help: {
    summary:
      'Where the data set comes in. Its shape is that of one sample; bytes arrive as numbers from 0 to 1, text as ids of its characters.',
    shapes: 'images [N, C, H, W]; points [N, features]; text [N, steps], int32',
    reference: 'https://docs.pytorch.org/docs/stable/data.html',
  },
  role: 'input',
  inputs: [],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer: (_inputs, _parameters, data) => ({
    outputs: [data.sample],
    ...(data.vocabulary !== undefined && { dtypes: ['i32'] as const }),
    weights: [],
    multiplyAdds: 0,
  }),
  lower: ({ inputs }) => [inputs[0]!],
  emit: {
    pytorch: () => ({ apply: (_layer, inputs) => inputs[0] ?? 'x' }),
    keras: ({ outputs, data }) => ({
      make: kerasInput(outputs[0]!, data.vocabulary !== undefined),
      apply: (layer) => layer,
    }),
  },
  samples: [
    { inputs: [], parameters: {}, data: { sample: [1, 8, 8], classes: 10 } },
    { inputs: [], parameters: {}, data: { sample: [6], classes: 5, label: [6], vocabulary: 5 } },
  ],
});
