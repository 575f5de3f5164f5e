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
  labelSmoothing: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 1,
    step: 0.05,
    help: 'Share of each label that is spread over all classes, against too much confidence.',
  },
  lossWeight: lossWeightParameter,
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    CrossEntropyLoss: typeof parameters;
  }
}

const HAS_SOFTMAX =
  'CrossEntropyLoss applies the softmax itself. With another one before it, gradients shrink and training slows down.';

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html */
export default defineLayer({
  type: 'CrossEntropyLoss',
  title: 'CrossEntropyLoss',
  category: 'Loss',
  icon: 'target',
  help: {
    summary:
      'For choosing one of several classes: minus the log of the probability given to the right one, averaged over the batch.',
    shapes: 'scores [N, …, classes], labels [N, …] → scalar, −mean log softmax(scores)[label]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html',
  },
  role: 'loss',
  inputs: [{ name: 'input' }],
  outputs: [],
  parameters,
  version: 1,
  migrations: [],
  unsuitable: { Softmax: HAS_SOFTMAX, LogSoftmax: HAS_SOFTMAX },
  infer: ([input], { weight }, data) => inferClasses('CrossEntropyLoss', input!, weight, data),
  lower({ emit, inputs, target, parameters }) {
    const [scores, labels] = eachLabel(emit, inputs[0]!, target!);
    const { weight, ignoreIndex, labelSmoothing } = parameters;
    if (weight.length === 0 && labelSmoothing === 0 && ignoreIndex === ignoreIndexParameter.default) {
      // One kernel for the loss and its gradient.
      return [emit.op('sum', [emit.op('crossEntropy', [scores, labels])], { axes: [0], keepDims: false })];
    }
    const logProbabilities = emit.op('logSoftmax', [scores], { axis: 1 });
    return [weightedLikelihood(emit, logProbabilities, labels, parameters)];
  },
  prediction: (emit, input) => emit.op('softmax', [input], { axis: input.type.shape.length - 1 }),
  emit: {
    pytorch: ({ parameters: { weight, ignoreIndex, labelSmoothing }, data }) => {
      const options = { ignore_index: [ignoreIndex, -100], label_smoothing: [labelSmoothing, 0] } as const;
      if (weight.length === 0) {
        return {
          make: pythonCall('nn.CrossEntropyLoss', [], options),
          apply: (loss, [output, target]) => `${loss}(${pytorchLabels({ data }, output!, target!)})`,
        };
      }
      // The weights must be on the output's device, which a module made beforehand does not know.
      return {
        apply: (_, [output, target]) =>
          pythonCall('F.cross_entropy', [{ source: pytorchLabels({ data }, output!, target!) }], {
            weight: [pytorchWeight(weight, output!), undefined],
            ...options,
          }),
      };
    },
    keras: ({ parameters: { weight, ignoreIndex, labelSmoothing }, data }) => {
      if (weight.length > 0) kerasCannot('CrossEntropyLoss', 'a weight for each class: pass class_weight to fit');
      if (ignoreIndex !== -100)
        kerasCannot('CrossEntropyLoss', 'a label to ignore, as PyTorch averages over the others');
      const apply = (loss: string, [output, target]: readonly string[]): string => `${loss}(${target}, ${output})`;
      if (labelSmoothing === 0) return { make: 'keras.losses.SparseCategoricalCrossentropy(from_logits=True)', apply };
      return {
        make: `keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=${labelSmoothing})`,
        apply,
        target: (labels) => `keras.utils.to_categorical(${labels}, ${data.classes})`,
      };
    },
  },
  samples: [
    { inputs: [[10]], parameters: {}, data: { sample: [1, 8, 8], classes: 10 } },
    { inputs: [[4]], parameters: { labelSmoothing: 0.1 }, data: { sample: [2], classes: 4 } },
    { inputs: [[3, 5]], parameters: {}, data: { sample: [3], classes: 5, label: [3], vocabulary: 5 } },
  ],
});
