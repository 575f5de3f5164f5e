import { defineLayer } from '../defineLayer.ts';
import { pythonCall } from '../python.ts';
import {
  comparedTarget,
  inferComparison,
  kerasComparison,
  lossWeightParameter,
  pytorchComparison,
  targetParameter,
} from './comparison.ts';
import { huber } from './huberShape.ts';
import { meanOf } from './meanOf.ts';

const parameters = {
  target: targetParameter,
  beta: { kind: 'number', default: 1, min: 0, step: 0.1, help: 'Differences below this are squared; 0 gives L1Loss.' },
  lossWeight: lossWeightParameter,
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    SmoothL1Loss: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html */
export default defineLayer({
  type: 'SmoothL1Loss',
  title: 'SmoothL1Loss',
  category: 'Loss',
  icon: 'spline',
  help: {
    summary: 'Squared for small differences, absolute for large ones: steady near 0 and little moved by outliers.',
    shapes: 'output and target [N, …] → scalar, mean of d²/(2·beta) where |d| < beta, else of |d| − beta/2',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html',
  },
  role: 'loss',
  inputs: [{ name: 'input' }],
  outputs: [],
  parameters,
  version: 1,
  migrations: [],
  infer: ([input], { target }, data) => inferComparison('SmoothL1Loss', input!, target, data),
  lower({ emit, inputs, parameters, target }) {
    const difference = emit.op('subtract', [inputs[0]!, comparedTarget(emit, inputs[0]!, target!, parameters.target)]);
    const { beta } = parameters;
    if (beta === 0) return [meanOf(emit, emit.op('abs', [difference]))];
    return [meanOf(emit, emit.op('multiply', [huber(emit, difference, beta), emit.fill([], 1 / beta)]))];
  },
  emit: {
    pytorch: (context) => ({
      make: pythonCall('nn.SmoothL1Loss', [], { beta: [context.parameters.beta, 1] }),
      ...pytorchComparison(context),
    }),
    keras: (context) => ({
      make:
        context.parameters.beta === 0
          ? 'keras.losses.MeanAbsoluteError()'
          : context.parameters.beta === 1
            ? 'keras.losses.Huber()'
            : `lambda y, x: keras.losses.Huber(delta=${context.parameters.beta})(y, x) / ${context.parameters.beta}`,
      ...kerasComparison(context),
    }),
  },
  samples: [
    { inputs: [[3]], parameters: {}, data: { sample: [2], classes: 3 } },
    { inputs: [[1]], parameters: {}, data: { sample: [4], classes: 0, targets: 1 } },
    { inputs: [[1, 4, 4]], parameters: { target: 'input', beta: 0.3 }, data: { sample: [1, 4, 4], classes: 0 } },
  ],
});
