import { defineLayer } from '../defineLayer.ts';
import { pythonCall } from '../python.ts';
import { comparedTarget, inferComparison, lossWeightParameter } from './comparison.ts';
import { meanOf } from './meanOf.ts';

const parameters = {
  margin: { kind: 'number', default: 1, step: 0.1, help: 'Distance from which on a dissimilar pair costs nothing.' },
  lossWeight: lossWeightParameter,
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    HingeEmbeddingLoss: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.HingeEmbeddingLoss.html */
export default defineLayer({
  type: 'HingeEmbeddingLoss',
  title: 'HingeEmbeddingLoss',
  category: 'Loss',
  icon: 'git-pull-request-draft',
  help: {
    summary:
      'For distances: small ones where the label says yes, at least the margin where it says no. The label is one number a class, 1 and −1.',
    shapes: 'distances [N, classes] or [N, 1] → scalar, mean of x where y = 1, of max(0, margin − x) where y = −1',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.HingeEmbeddingLoss.html',
  },
  role: 'loss',
  inputs: [{ name: 'input' }],
  outputs: [],
  parameters,
  version: 1,
  migrations: [],
  // The smallest distance is the class that is meant.
  classifies: false,
  infer: ([input], _parameters, data) => inferComparison('HingeEmbeddingLoss', input!, 'label', data, 'probabilities'),
  lower({ emit, inputs, target, parameters: { margin } }) {
    const x = inputs[0]!;
    const far = emit.op('relu', [emit.op('subtract', [emit.fill([], margin), x])]);
    return [meanOf(emit, emit.op('select', [comparedTarget(emit, x, target!, 'label'), x, far]))];
  },
  emit: {
    pytorch: ({ parameters: { margin }, inputs, data }) => ({
      make: pythonCall('nn.HingeEmbeddingLoss', [], { margin: [margin, 1] }),
      apply: (loss, [x, labels]) =>
        `${loss}(${x}, 2 * ${inputs[0]![0] === 1 ? `${labels}.float().unsqueeze(1)` : `F.one_hot(${labels}, ${data.classes})`} - 1)`,
    }),
    keras: ({ parameters: { margin }, inputs, data }) => ({
      make: `lambda y, x: ops.mean(ops.where(y > 0, x, ops.relu(${margin} - x)))`,
      apply: (loss, [x, y]) => `(${loss})(${y}, ${x})`,
      target: (labels) =>
        inputs[0]![0] === 1
          ? `${labels}.astype("float32").reshape(-1, 1)`
          : `keras.utils.to_categorical(${labels}, ${data.classes})`,
    }),
  },
  samples: [
    { inputs: [[3]], parameters: {}, data: { sample: [2], classes: 3 } },
    { inputs: [[1]], parameters: { margin: 2 }, data: { sample: [2], classes: 2 } },
  ],
});
