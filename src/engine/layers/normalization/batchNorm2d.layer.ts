import { defineLayer } from '../defineLayer.ts';
import { imageOf } from '../images.ts';
import { applyOne } from '../python.ts';
import { batchNormWeights, kerasBatchNorm, lowerBatchNorm, parameters, pytorchBatchNorm } from './batchNorm.ts';

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    BatchNorm2d: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html */
export default defineLayer({
  type: 'BatchNorm2d',
  title: 'BatchNorm2d',
  category: 'Normalization',
  icon: 'sliders-horizontal',
  help: {
    summary:
      'Brings each channel to mean 0 and variance 1 over the batch, then scales and shifts it: deeper nets train faster. Evaluation uses running statistics.',
    shapes: '[N, C, H, W] → [N, C, H, W]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { affine }) {
    const [channels] = imageOf('BatchNorm2d', input!);
    return { outputs: [input!], weights: batchNormWeights(channels, affine), multiplyAdds: 0 };
  },
  lower: (context) => [lowerBatchNorm(context)],
  emit: {
    name: 'bn',
    pytorch: ({ inputs, parameters }) => ({
      make: pytorchBatchNorm('BatchNorm2d', inputs[0]![0]!, parameters),
      apply: applyOne,
    }),
    keras: ({ parameters }) => ({ make: kerasBatchNorm(-1, parameters), apply: applyOne }),
  },
  samples: [
    { inputs: [[3, 4, 5]], parameters: {} },
    { inputs: [[2, 3, 3]], parameters: { affine: false, momentum: 0.3 } },
  ],
});
