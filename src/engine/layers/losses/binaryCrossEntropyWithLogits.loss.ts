import { defineLayer } from '../defineLayer.ts';
import {
  comparedTarget,
  inferComparison,
  kerasComparison,
  pytorchComparison,
  targetParameter,
  twoClasses,
} from './comparison.ts';

const parameters = { target: targetParameter } as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    BCEWithLogitsLoss: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html */
export default defineLayer({
  type: 'BCEWithLogitsLoss',
  title: 'BCEWithLogitsLoss',
  category: 'Loss',
  icon: 'toggle-right',
  help: {
    summary: 'Sigmoid and BCELoss in one, which is exact for large scores: for yes-or-no labels and for pixels.',
    shapes: 'output and target [N, …] → scalar, mean log(1 + exp(x)) − target · x',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html',
  },
  role: 'loss',
  inputs: [{ name: 'input' }],
  outputs: [],
  parameters,
  version: 1,
  migrations: [],
  unsuitable: {
    Sigmoid:
      'BCEWithLogitsLoss applies the sigmoid itself. With another one before it, gradients shrink and training slows down.',
  },
  infer: ([input], { target }, data) => inferComparison('BCEWithLogitsLoss', input!, target, data, true),
  lower: ({ emit, inputs, parameters, target }) => [
    emit.op('binaryCrossEntropyWithLogits', [inputs[0]!, comparedTarget(emit, inputs[0]!, target!, parameters.target)]),
  ],
  prediction: (emit, input) => twoClasses(emit, emit.op('sigmoid', [input])),
  emit: {
    pytorch: (context) => ({ make: 'nn.BCEWithLogitsLoss()', ...pytorchComparison(context) }),
    keras: (context) => ({ make: 'keras.losses.BinaryCrossentropy(from_logits=True)', ...kerasComparison(context) }),
  },
  samples: [
    { inputs: [[3]], parameters: {}, data: { sample: [2], classes: 3 } },
    { inputs: [[1]], parameters: {}, data: { sample: [2], classes: 2 } },
    { inputs: [[16]], parameters: { target: 'input' }, data: { sample: [1, 4, 4], classes: 10 } },
    { inputs: [[1, 4, 4]], parameters: { target: 'input' }, data: { sample: [1, 4, 4], classes: 0 } },
  ],
});
