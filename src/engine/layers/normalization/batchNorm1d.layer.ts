import { formatShape } from '../../ir/shape.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { applyOne } from '../python.ts';
import { batchNormWeights, kerasBatchNorm, lowerBatchNorm, parameters, pytorchBatchNorm } from './batchNorm.ts';

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    BatchNorm1d: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html */
export default defineLayer({
  type: 'BatchNorm1d',
  title: 'BatchNorm1d',
  category: 'Normalization',
  icon: 'sliders-horizontal',
  help: {
    summary:
      'Brings each feature to mean 0 and variance 1 over the batch, then scales and shifts it. Evaluation uses running statistics.',
    shapes: '[N, C] → [N, C], [N, C, L] → [N, C, L]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html',
  },
  role: 'layer',
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  parameters,
  version: 1,
  migrations: [],
  infer([input], { affine }) {
    if (input!.length !== 1 && input!.length !== 2) {
      throw new LayerError(
        `BatchNorm1d expects features or sequences and receives samples of ${formatShape(input!)}.`,
        {
          fixes: [{ kind: 'insertBefore', layer: 'Flatten' }],
        },
      );
    }
    return { outputs: [input!], weights: batchNormWeights(input![0]!, affine), multiplyAdds: 0 };
  },
  lower: (context) => [lowerBatchNorm(context)],
  emit: {
    name: 'bn',
    pytorch: ({ inputs, parameters }) => ({
      make: pytorchBatchNorm('BatchNorm1d', inputs[0]![0]!, parameters),
      apply: applyOne,
    }),
    keras: ({ inputs, parameters }) => ({
      make: kerasBatchNorm(inputs[0]!.length === 1 ? -1 : 1, parameters),
      apply: applyOne,
    }),
  },
  samples: [
    { inputs: [[6]], parameters: {} },
    { inputs: [[3, 7]], parameters: { eps: 1e-3 } },
  ],
});
