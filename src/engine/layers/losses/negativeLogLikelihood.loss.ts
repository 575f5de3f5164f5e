import { defineLayer } from '../defineLayer.ts';
import { kerasCannot, pythonCall } from '../python.ts';
import {
  classWeightParameter,
  eachLabel,
  ignoreIndexParameter,
  inferClasses,
  pytorchLabels,
  pytorchWeight,
  weightedLikelihood,
} from './classes.ts';
import { lossWeightParameter } from './comparison.ts';

const parameters = {
  weight: classWeightParameter,
  ignoreIndex: ignoreIndexParameter,
  lossWeight: lossWeightParameter,
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    NLLLoss: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html */
export default defineLayer({
  type: 'NLLLoss',
  title: 'NLLLoss',
  category: 'Loss',
  icon: 'list-checks',
  help: {
    summary: 'Cross-entropy for a network that ends in LogSoftmax: minus the log-probability of the right class.',
    shapes: 'log-probabilities [N, classes], labels [N] → scalar, −mean input[label]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html',
  },
  role: 'loss',
  inputs: [{ name: 'input' }],
  outputs: [],
  parameters,
  version: 1,
  migrations: [],
  wants: {
    layers: ['LogSoftmax'],
    insert: 'LogSoftmax',
    message: 'NLLLoss expects log-probabilities: put a LogSoftmax before it, or use CrossEntropyLoss.',
  },
  infer: ([input], { weight }, data) => inferClasses('NLLLoss', input!, weight, data),
  lower({ emit, inputs, target, parameters }) {
    const [scores, labels] = eachLabel(emit, inputs[0]!, target!);
    return [weightedLikelihood(emit, scores, labels, { ...parameters, labelSmoothing: 0 })];
  },
  prediction: (emit, input) => emit.op('exp', [input]),
  emit: {
    pytorch: ({ parameters: { weight, ignoreIndex }, data }) => {
      const options = { ignore_index: [ignoreIndex, -100] } as const;
      if (weight.length === 0) {
        return {
          make: pythonCall('nn.NLLLoss', [], options),
          apply: (loss, [output, target]) => `${loss}(${pytorchLabels({ data }, output!, target!)})`,
        };
      }
      return {
        apply: (_, [output, target]) =>
          pythonCall('F.nll_loss', [{ source: pytorchLabels({ data }, output!, target!) }], {
            weight: [pytorchWeight(weight, output!), undefined],
            ...options,
          }),
      };
    },
    keras: ({ parameters: { weight, ignoreIndex } }) => {
      if (weight.length > 0) kerasCannot('NLLLoss', 'a weight for each class: pass class_weight to fit');
      if (ignoreIndex !== -100) kerasCannot('NLLLoss', 'a label to ignore, as PyTorch averages over the others');
      // Log-probabilities are logits whose softmax is what they stand for.
      return {
        make: 'keras.losses.SparseCategoricalCrossentropy(from_logits=True)',
        apply: (loss, [output, target]) => `${loss}(${target}, ${output})`,
      };
    },
  },
  samples: [
    { inputs: [[10]], parameters: {}, data: { sample: [1, 8, 8], classes: 10 } },
    { inputs: [[4]], parameters: { ignoreIndex: 2 }, data: { sample: [2], classes: 4 } },
  ],
});
