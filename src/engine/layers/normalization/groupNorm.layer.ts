import { formatShape } from '../../ir/shape.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { applyOne, kerasAxisArgument, pythonCall } from '../python.ts';
import { channelWeights, perChannel, standardized } from './standardize.ts';

const parameters = {
  numGroups: {
    kind: 'integer',
    default: 4,
    min: 1,
    help: 'Groups of channels that are normalized together; must divide the channels.',
  },
  eps: { kind: 'number', default: 1e-5, min: 1e-12, step: 1e-5, help: 'Added to the variance, against division by 0.' },
  affine: { kind: 'boolean', default: true, help: 'Learns a scale and a shift for each channel.' },
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    GroupNorm: typeof parameters;
  }
}

/** Wu and He 2018; https://docs.pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html */
export default defineLayer({
  type: 'GroupNorm',
  title: 'GroupNorm',
  category: 'Normalization',
  icon: 'ruler',
  help: {
    summary:
      'Brings each group of channels of a sample to mean 0 and variance 1: a batch norm that does not care how large the batch is.',
    shapes: '[N, C, …] → [N, C, …]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { numGroups, affine }) {
    const channels = input![0];
    if (channels === undefined || channels % numGroups !== 0) {
      let fitting = Math.min(numGroups, channels ?? 1);
      while ((channels ?? 1) % fitting !== 0) fitting--;
      throw new LayerError(
        `GroupNorm can't split samples of ${formatShape(input!)} into ${numGroups} groups of channels.`,
        {
          parameter: 'numGroups',
          fixes: [{ kind: 'setParameter', parameter: 'numGroups', value: fitting }],
        },
      );
    }
    return { outputs: [input!], weights: affine ? channelWeights(channels) : [], multiplyAdds: 0 };
  },
  lower({ emit, inputs, parameters, weights }) {
    const x = inputs[0]!;
    const { shape } = x.type;
    const [batch, channels, ...space] = shape as [number, number, ...number[]];
    const grouped = emit.op('reshape', [x], {
      shape: [batch, parameters.numGroups, channels / parameters.numGroups, ...space],
    });
    const axes = [2, ...space.map((_, i) => i + 3)];
    const normal = emit.op('reshape', [standardized(emit, grouped, axes, parameters.eps)], { shape });
    return [perChannel(emit, normal, weights)];
  },
  emit: {
    name: 'norm',
    pytorch: ({ inputs, parameters }) => ({
      make: pythonCall('nn.GroupNorm', [parameters.numGroups, inputs[0]![0]!], {
        eps: [parameters.eps, 1e-5],
        affine: [parameters.affine, true],
      }),
      apply: applyOne,
    }),
    keras: ({ inputs, parameters }) => ({
      make: pythonCall('layers.GroupNormalization', [], {
        groups: [parameters.numGroups, 32],
        axis: [kerasAxisArgument(1, inputs[0]!.length), -1],
        epsilon: [parameters.eps, 1e-3],
        center: [parameters.affine, true],
        scale: [parameters.affine, true],
      }),
      apply: applyOne,
    }),
  },
  samples: [
    { inputs: [[8, 3, 4]], parameters: {} },
    { inputs: [[6]], parameters: { numGroups: 2, affine: false } },
  ],
});
