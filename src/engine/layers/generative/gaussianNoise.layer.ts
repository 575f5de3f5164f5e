import { defineLayer } from '../defineLayer.ts';
import { applyOne, pythonCall } from '../python.ts';
import { normalNoise } from './noise.ts';

const parameters = {
  stddev: {
    kind: 'number',
    default: 0.1,
    min: 0,
    step: 0.05,
    help: 'Standard deviation of what is added in training.',
  },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    GaussianNoise: typeof parameters;
  }
}

/** https://keras.io/api/layers/regularization_layers/gaussian_noise/ */
export default defineLayer({
  type: 'GaussianNoise',
  title: 'GaussianNoise',
  category: 'Generative',
  icon: 'waves',
  help: {
    summary:
      'Adds random numbers in training: against over-fitting, and for autoencoders that learn to take noise away.',
    shapes: '[N, …] → [N, …]',
    reference: 'https://keras.io/api/layers/regularization_layers/gaussian_noise/',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer: ([input]) => ({ outputs: [input!], weights: [], multiplyAdds: 0 }),
  lower({ emit, inputs, parameters: { stddev }, mode, random }) {
    const x = inputs[0]!;
    if (mode === 'evaluate' || stddev === 0) return [x];
    const noise = normalNoise(emit, x.type.shape, random(), random());
    return [emit.op('add', [x, emit.op('multiply', [noise, emit.fill([], stddev)])])];
  },
  emit: {
    // PyTorch has no such layer: an Identity knows whether the model trains.
    pytorch: ({ parameters: { stddev } }) => ({
      make: 'nn.Identity()',
      apply: (layer, [x]) => `${layer}(${x}) + (torch.randn_like(${x}) * ${stddev} if ${layer}.training else 0.0)`,
    }),
    keras: ({ parameters }) => ({ make: pythonCall('layers.GaussianNoise', [parameters.stddev]), apply: applyOne }),
  },
  samples: [
    { inputs: [[6]], parameters: {} },
    { inputs: [[2, 3, 3]], parameters: { stddev: 0.5 } },
  ],
});
