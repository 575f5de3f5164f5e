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
    L1Loss: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.nn.L1Loss.html */
export default defineLayer({
  type: 'L1Loss',
  title: 'L1Loss',
  category: 'Loss',
  icon: 'ruler-dimension-line',
  help: {
    summary: 'The mean of the absolute differences: less moved by outliers than the squared ones.',
    shapes: 'output and target [N, …] → scalar, mean |output − target|',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.L1Loss.html',
  },
  role: 'loss',
  inputs: [{ name: 'input' }],
  outputs: [],
  parameters,
  version: 1,
  migrations: [],
  infer: ([input], { target }, data) => inferComparison('L1Loss', input!, target, data),
  lower({ emit, inputs, parameters, target }) {
    const difference = emit.op('subtract', [inputs[0]!, comparedTarget(emit, inputs[0]!, target!, parameters.target)]);
    const axes = difference.type.shape.map((_, axis) => axis);
    return [emit.op('mean', [emit.op('abs', [difference])], { axes, keepDims: false })];
  },
  emit: {
    pytorch: (context) => ({ make: 'nn.L1Loss()', ...pytorchComparison(context) }),
    keras: (context) => ({ make: 'keras.losses.MeanAbsoluteError()', ...kerasComparison(context) }),
  },
  samples: [
    { inputs: [[3]], parameters: {}, data: { sample: [2], classes: 3 } },
    { inputs: [[1]], parameters: {}, data: { sample: [4], classes: 0, targets: 1 } },

    { inputs: [[16]], parameters: { target: 'input' }, data: { sample: [1, 4, 4], classes: 10 } },
    { inputs: [[1, 4, 4]], parameters: { target: 'input' }, data: { sample: [1, 4, 4], classes: 0 } },
  ],
});
