import type { Emitter } from '../../ir/emitter.ts';
import type { Value } from '../../ir/types.ts';
import { defineLayer, LayerError } from '../defineLayer.ts';
import { kerasCannot, pythonCall } from '../python.ts';
import { lossWeightParameter } from './comparison.ts';
import { meanOf } from './meanOf.ts';
import { inferVectors } from './pairs.ts';

const parameters = {
  margin: {
    kind: 'number',
    default: 0,
    min: -1,
    max: 1,
    step: 0.1,
    help: 'Cosine up to which a dissimilar pair costs nothing.',
  },
  pairs: {
    kind: 'choice',
    default: 'similar',
    choices: ['similar', 'dissimilar', 'label'],
    help: 'Whether all pairs are to be alike, all unlike, or as the label says: class 1 alike, class 0 unlike.',
  },
  lossWeight: lossWeightParameter,
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    CosineEmbeddingLoss: typeof parameters;
  }
}

/** Added to squared lengths by torch.nn.functional.cosine_embedding_loss. */
const EPSILON = 1e-12;

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html */
export default defineLayer({
  type: 'CosineEmbeddingLoss',
  title: 'CosineEmbeddingLoss',
  category: 'Loss',
  icon: 'triangle-right',
  help: {
    summary: 'Turns two vectors into one direction where they belong together, and apart where they do not.',
    shapes: 'two inputs [N, features] → scalar, mean of 1 − cos where alike, of max(0, cos − margin) where unlike',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html',
  },
  role: 'loss',
  inputs: [{ name: 'input1' }, { name: 'input2' }],
  outputs: [],
  parameters,
  version: 1,
  migrations: [],
  target: ({ pairs }) => (pairs === 'label' ? 'label' : 'none'),
  classifies: false,
  infer(inputs, { pairs }, { classes }) {
    if (pairs === 'label' && classes !== 2) {
      throw new LayerError(
        `CosineEmbeddingLoss takes pairs by a label of two classes, and this data set has ${classes}.`,
        {
          parameter: 'pairs',
          fixes: [{ kind: 'setParameter', parameter: 'pairs', value: 'similar' }],
        },
      );
    }
    return inferVectors('CosineEmbeddingLoss', inputs);
  },
  lower({ emit, inputs, target, parameters: { margin, pairs } }) {
    const cosine = cosineOf(emit, inputs[0]!, inputs[1]!);
    const alike = emit.op('subtract', [emit.fill([], 1), cosine]);
    if (pairs === 'similar') return [meanOf(emit, alike)];
    const unlike = emit.op('relu', [emit.op('subtract', [cosine, emit.fill([], margin)])]);
    if (pairs === 'dissimilar') return [meanOf(emit, unlike)];
    return [meanOf(emit, emit.op('select', [emit.op('castF32', [target!]), alike, unlike]))];
  },
  emit: {
    pytorch: ({ parameters: { margin, pairs } }) => ({
      make: pythonCall('nn.CosineEmbeddingLoss', [], { margin: [margin, 0] }),
      apply: (loss, [first, second, labels]) => {
        const y =
          pairs === 'label'
            ? `2 * ${labels} - 1`
            : `${first}.new_${pairs === 'similar' ? 'ones(' : 'full(('}len(${first})${pairs === 'similar' ? ')' : ',), -1)'}`;
        return `${loss}(${first}, ${second}, ${y})`;
      },
    }),
    keras: () => kerasCannot('CosineEmbeddingLoss', 'two inputs: compile takes losses of one output and a target'),
  },
  samples: [
    { inputs: [[4], [4]], parameters: {}, data: { sample: [4], classes: 0 } },
    { inputs: [[4], [4]], parameters: { pairs: 'label', margin: 0.2 }, data: { sample: [4], classes: 2 } },
  ],
});

function cosineOf(emit: Emitter, a: Value, b: Value): Value {
  const sum = (x: Value, y: Value): Value =>
    emit.op('sum', [emit.op('multiply', [x, y])], { axes: [1], keepDims: false });
  const length = (x: Value): Value => emit.op('add', [sum(x, x), emit.fill([], EPSILON)]);
  return emit.op('divide', [sum(a, b), emit.op('sqrt', [emit.op('multiply', [length(a), length(b)])])]);
}
