import { defineLayer } from '../defineLayer.ts';
import {
  comparedTarget,
  inferComparison,
  kerasComparison,
  lossWeightParameter,
  pytorchComparison,
  targetParameter,
  twoClasses,
} from './comparison.ts';

const parameters = { target: targetParameter, lossWeight: lossWeightParameter } as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    BCELoss: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html */
export default defineLayer({
  type: 'BCELoss',
  title: 'BCELoss',
  category: 'Loss',
  icon: 'toggle-left',
  help: {
    summary:
      'Cross-entropy of each number by itself, as a probability from 0 to 1: for pixels and for yes-or-no labels.',
    shapes: 'output and target [N, …] → scalar, −mean (target · log p + (1 − target) · log(1 − p))',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html',
  },
  role: 'loss',
  inputs: [{ name: 'input' }],
  outputs: [],
  parameters,
  version: 1,
  migrations: [],
  wants: {
    layers: ['Sigmoid', 'Softmax'],
    insert: 'Sigmoid',
    message: 'BCELoss takes the logarithm of its input, which must lie between 0 and 1: put a Sigmoid before it.',
  },
  infer: ([input], { target }, data) => inferComparison('BCELoss', input!, target, data, 'probabilities'),
  lower: ({ emit, inputs, parameters, target }) => [
    emit.op('binaryCrossEntropy', [inputs[0]!, comparedTarget(emit, inputs[0]!, target!, parameters.target)]),
  ],
  prediction: (emit, input) => twoClasses(emit, input),
  emit: {
    pytorch: (context) => ({ make: 'nn.BCELoss()', ...pytorchComparison(context) }),
    keras: (context) => ({ make: 'keras.losses.BinaryCrossentropy()', ...kerasComparison(context) }),
  },
  samples: [
    { inputs: [[3]], parameters: {}, data: { sample: [2], classes: 3 } },
    { inputs: [[1]], parameters: {}, data: { sample: [2], classes: 2 } },
    { inputs: [[16]], parameters: { target: 'input' }, data: { sample: [1, 4, 4], classes: 10 } },
    { inputs: [[1, 4, 4]], parameters: { target: 'input' }, data: { sample: [1, 4, 4], classes: 0 } },
  ],
});
