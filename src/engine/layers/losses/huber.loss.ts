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
  delta: { kind: 'number', default: 1, min: 1e-6, step: 0.1, help: 'Where the squared part ends; greater than 0.' },
  lossWeight: lossWeightParameter,
} as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    HuberLoss: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html */
export default defineLayer({
  type: 'HuberLoss',
  title: 'HuberLoss',
  category: 'Loss',
  icon: 'git-commit-vertical',
  help: {
    summary: 'Squared up to delta, absolute beyond: the usual loss where a few targets are far off.',
    shapes: 'output and target [N, …] → scalar, mean of d²/2 where |d| < delta, else of delta·(|d| − delta/2)',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html',
  },
  role: 'loss',
  inputs: [{ name: 'input' }],
  outputs: [],
  parameters,
  version: 1,
  migrations: [],
  infer: ([input], { target }, data) => inferComparison('HuberLoss', input!, target, data),
  lower({ emit, inputs, parameters, target }) {
    const difference = emit.op('subtract', [inputs[0]!, comparedTarget(emit, inputs[0]!, target!, parameters.target)]);
    return [meanOf(emit, huber(emit, difference, parameters.delta))];
  },
  emit: {
    pytorch: (context) => ({
      make: pythonCall('nn.HuberLoss', [], { delta: [context.parameters.delta, 1] }),
      ...pytorchComparison(context),
    }),
    keras: (context) => ({
      make: pythonCall('keras.losses.Huber', [], { delta: [context.parameters.delta, 1] }),
      ...kerasComparison(context),
    }),
  },
  samples: [
    { inputs: [[3]], parameters: {}, data: { sample: [2], classes: 3 } },
    { inputs: [[1]], parameters: {}, data: { sample: [4], classes: 0, targets: 1 } },
    { inputs: [[1, 4, 4]], parameters: { target: 'input', delta: 0.3 }, data: { sample: [1, 4, 4], classes: 0 } },
  ],
});
