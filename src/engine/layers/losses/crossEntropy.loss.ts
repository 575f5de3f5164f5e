import { formatShape } from '../../ir/shape.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';

const parameters = {} as const;

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
    shapes: 'scores [N, classes], labels [N] → scalar, −mean log softmax(scores)[label]',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html',
  },
  role: 'loss',
  inputs: [{ name: 'input' }],
  outputs: [],
  parameters,
  version: 1,
  migrations: [],
  unsuitable: { Softmax: HAS_SOFTMAX, LogSoftmax: HAS_SOFTMAX },
  infer([input], _parameters, { classes }) {
    if (classes === 0) {
      throw new LayerError(
        'CrossEntropyLoss needs labels, and this data set has none: choose another loss or data set.',
      );
    }
    if (input!.length !== 1) {
      throw new LayerError(
        `CrossEntropyLoss expects one score a class and receives samples of ${formatShape(input!)}.`,
        {
          fixes: [{ kind: 'insertBefore', layer: 'Flatten' }],
        },
      );
    }
    if (input![0] !== classes) {
      throw new LayerError(`CrossEntropyLoss expects ${classes} scores, one a class, and receives ${input![0]}.`, {
        fixes: [
          { kind: 'setWidth', features: classes },
          { kind: 'insertBefore', layer: 'Linear', parameters: { outFeatures: classes } },
        ],
      });
    }
    return { outputs: [[]], weights: [], multiplyAdds: 0 };
  },
  lower: ({ emit, inputs, target }) => [
    emit.op('sum', [emit.op('crossEntropy', [inputs[0]!, target!])], { axes: [0], keepDims: false }),
  ],
  prediction: (emit, input) => emit.op('softmax', [input], { axis: 1 }),
  emit: {
    pytorch: () => ({
      make: 'nn.CrossEntropyLoss()',
      apply: (loss, [output, target]) => `${loss}(${output}, ${target})`,
    }),
    keras: () => ({
      make: 'keras.losses.SparseCategoricalCrossentropy(from_logits=True)',
      apply: (loss, [output, target]) => `${loss}(${target}, ${output})`,
    }),
  },
  samples: [{ inputs: [[10]], parameters: {}, data: { sample: [1, 8, 8], classes: 10 } }],
});
