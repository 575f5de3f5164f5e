import { defineLayer } from '../defineLayer.ts';
import { normalNoise } from './noise.ts';

const parameters = {
  features: {
    kind: 'integer',
    default: 64,
    min: 1,
    help: 'Numbers drawn for each sample: the size of the latent space.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    Noise: typeof parameters;
  }
}

/** Where a generator begins (Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661). */
export default defineLayer({
  type: 'Noise',
  title: 'Noise',
  category: 'Generative',
  icon: 'waves',
  help: {
    summary:
      'Numbers drawn anew from N(0, 1), as many lists of them as there are samples on its wire: what a generator makes samples of.',
    shapes: '[N, …] → [N, features], independent of what it receives',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.randn.html',
  },
  role: 'layer',
  inputs: [{ name: 'like' }],
  outputs: [{ name: 'noise' }],
  parameters,
  version: 1,
  migrations: [],
  infer: (_inputs, { features }) => ({ outputs: [[features]], weights: [], multiplyAdds: 0 }),
  lower: ({ emit, inputs, parameters: { features }, random }) => [
    normalNoise(emit, [inputs[0]!.type.shape[0]!, features], random(), random()),
  ],
  emit: {
    name: 'latent',
    pytorch: ({ parameters: { features } }) => ({
      apply: (_layer, [x]) => `torch.randn(len(${x}), ${features}, device=${x}.device)`,
    }),
    keras: ({ parameters: { features } }) => ({
      apply: (_layer, [x]) => `keras.random.normal((ops.shape(${x})[0], ${features}))`,
    }),
  },
  samples: [{ inputs: [[1, 4, 4]], parameters: { features: 6 } }],
});
