import { defineLayer } from '../defineLayer.ts';
import { imageOf } from '../images.ts';
import { applyOne, pythonCall } from '../python.ts';
import { channelWeights, perChannel, standardized } from './standardize.ts';

const parameters = {
  eps: { kind: 'number', default: 1e-5, min: 1e-12, step: 1e-5, help: 'Added to the variance, against division by 0.' },
  affine: { kind: 'boolean', default: false, help: 'Learns a scale and a shift for each channel.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    InstanceNorm2d: typeof parameters;
  }
}

/** Ulyanov et al. 2016; https://docs.pytorch.org/docs/stable/generated/torch.nn.InstanceNorm2d.html */
export default defineLayer({
  type: 'InstanceNorm2d',
  title: 'InstanceNorm2d',
  category: 'Normalization',
  icon: 'ruler',
  help: {
    summary:
      'Brings each channel of each image by itself to mean 0 and variance 1: takes contrast and colour out of it.',
    shapes: '[N, C, H, W] → [N, C, H, W]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.InstanceNorm2d.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { affine }) {
    const [channels] = imageOf('InstanceNorm2d', input!);
    return { outputs: [input!], weights: affine ? channelWeights(channels) : [], multiplyAdds: 0 };
  },
  lower: ({ emit, inputs, parameters, weights }) => [
    perChannel(emit, standardized(emit, inputs[0]!, [2, 3], parameters.eps), weights),
  ],
  emit: {
    name: 'norm',
    pytorch: ({ inputs, parameters }) => ({
      make: pythonCall('nn.InstanceNorm2d', [inputs[0]![0]!], {
        eps: [parameters.eps, 1e-5],
        affine: [parameters.affine, false],
      }),
      apply: applyOne,
    }),
    // As many groups as channels.
    keras: ({ parameters }) => ({
      make: pythonCall('layers.GroupNormalization', [], {
        groups: [-1, 32],
        epsilon: [parameters.eps, 1e-3],
        center: [parameters.affine, true],
        scale: [parameters.affine, true],
      }),
      apply: applyOne,
    }),
  },
  samples: [
    { inputs: [[3, 4, 5]], parameters: {} },
    { inputs: [[2, 3, 3]], parameters: { affine: true } },
  ],
});
