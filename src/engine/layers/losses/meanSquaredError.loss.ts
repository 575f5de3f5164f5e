import { defineLayer } from '../defineLayer.ts';
import {
  comparedTarget,
  inferComparison,
  kerasComparison,
  lossWeightParameter,
  pytorchComparison,
  targetParameter,
} from './comparison.ts';

const parameters = { target: targetParameter, lossWeight: lossWeightParameter } as const;

declare module '../defineLayer.ts' {
  interface LayerCatalog {
    MSELoss: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html */
export default defineLayer({
  type: 'MSELoss',
  title: 'MSELoss',
  category: 'Loss',
  icon: 'ruler',
  help: {
    summary: 'The mean of the squared differences: for regression, and for autoencoders that give back their input.',
    shapes: 'output and target [N, …] → scalar, mean (output − target)²',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html',
  },
  role: 'loss',
  inputs: [{ name: 'input' }],
  outputs: [],
  parameters,
  version: 1,
  migrations: [],
  infer: ([input], { target }, data) => inferComparison('MSELoss', input!, target, data),
  lower: ({ emit, inputs, parameters, target }) => [
    emit.op('meanSquaredError', [inputs[0]!, comparedTarget(emit, inputs[0]!, target!, parameters.target)]),
  ],
  emit: {
    pytorch: (context) => ({ make: 'nn.MSELoss()', ...pytorchComparison(context) }),
    keras: (context) => ({ make: 'keras.losses.MeanSquaredError()', ...kerasComparison(context) }),
  },
  samples: [
    { inputs: [[3]], parameters: {}, data: { sample: [2], classes: 3 } },
    { inputs: [[1]], parameters: {}, data: { sample: [4], classes: 0, targets: 1 } },

    { inputs: [[16]], parameters: { target: 'input' }, data: { sample: [1, 4, 4], classes: 10 } },
    { inputs: [[1, 4, 4]], parameters: { target: 'input' }, data: { sample: [1, 4, 4], classes: 0 } },
  ],
});
