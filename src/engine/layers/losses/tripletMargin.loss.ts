import type { Emitter } from '../../ir/emitter.ts';
import type { Value } from '../../ir/types.ts';
import { defineLayer } from '../defineLayer.ts';
import { kerasCannot, pythonCall } from '../python.ts';
import { lossWeightParameter } from './comparison.ts';
import { meanOf } from './meanOf.ts';
import { inferVectors } from './pairs.ts';

const parameters = {
  margin: { kind: 'number', default: 1, min: 0, step: 0.1, help: 'By how much the negative is to be farther away.' },
  p: { kind: 'number', default: 2, min: 1, step: 1, help: 'Norm of the distance: 2 is the Euclidean one.' },
  eps: { kind: 'number', default: 1e-6, min: 0, step: 1e-6, help: 'Added to differences, against division by 0.' },
  swap: {
    kind: 'boolean',
    default: false,
    help: 'Takes the distance from positive to negative where that is the smaller one.',
  },
  lossWeight: lossWeightParameter,
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    TripletMarginLoss: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.TripletMarginLoss.html */
export default defineLayer({
  type: 'TripletMarginLoss',
  title: 'TripletMarginLoss',
  category: 'Loss',
  icon: 'waypoints',
  help: {
    summary: 'An anchor is to lie nearer to a positive than to a negative, by a margin: for learning embeddings.',
    shapes: 'three inputs [N, features] → scalar, mean max(0, |anchor − positive| − |anchor − negative| + margin)',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.TripletMarginLoss.html',
  },
  role: 'loss',
  inputs: [{ name: 'anchor' }, { name: 'positive' }, { name: 'negative' }],
  outputs: [],
  parameters,
  version: 1,
  migrations: [],
  target: () => 'none',
  infer: (inputs) => inferVectors('TripletMarginLoss', inputs),
  lower({ emit, inputs, parameters: { margin, p, eps, swap } }) {
    const [anchor, positive, negative] = inputs as [Value, Value, Value];
    const near = distance(emit, anchor, positive, p, eps);
    let far = distance(emit, anchor, negative, p, eps);
    if (swap) far = emit.op('minimum', [far, distance(emit, positive, negative, p, eps)]);
    const excess = emit.op('add', [emit.op('subtract', [near, far]), emit.fill([], margin)]);
    return [meanOf(emit, emit.op('relu', [excess]))];
  },
  emit: {
    pytorch: ({ parameters: { margin, p, eps, swap } }) => ({
      make: pythonCall('nn.TripletMarginLoss', [], {
        margin: [margin, 1],
        p: [p, 2],
        eps: [eps, 1e-6],
        swap: [swap, false],
      }),
      apply: (loss, inputs) => `${loss}(${inputs.slice(0, 3).join(', ')})`,
    }),
    keras: () => kerasCannot('TripletMarginLoss', 'three inputs: compile takes losses of one output and a target'),
  },
  samples: [
    { inputs: [[4], [4], [4]], parameters: {}, data: { sample: [4], classes: 0 } },
    { inputs: [[4], [4], [4]], parameters: { p: 3, swap: true }, data: { sample: [4], classes: 0 } },
  ],
});

/** torch.nn.functional.pairwise_distance: the p-norm of `a − b + eps`, `[N]`. */
function distance(emit: Emitter, a: Value, b: Value, p: number, eps: number): Value {
  const difference = emit.op('add', [emit.op('subtract', [a, b]), emit.fill([], eps)]);
  const sum = (value: Value): Value => emit.op('sum', [value], { axes: [1], keepDims: false });
  if (p === 2) return emit.op('sqrt', [sum(emit.op('square', [difference]))]);
  const size = emit.op('abs', [difference]);
  if (p === 1) return sum(size);
  return emit.op('power', [sum(emit.op('power', [size, emit.fill([], p)])), emit.fill([], 1 / p)]);
}
