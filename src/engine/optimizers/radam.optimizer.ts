import { add, divide, multiply, sqrt, subtract } from '../kernels/expression.ts';
import { kerasCannot, pythonCall } from '../layers/python.ts';
import { adamParameters } from './adamMoments.ts';
import { defineOptimizer } from './defineOptimizer.ts';
import { withDecay } from './weightDecay.ts';

const parameters = {
  ...adamParameters,
  weightDecay: { kind: 'number', default: 0, min: 0, step: 0.0001, help: 'Pulls weights towards 0 (L2 penalty).' },
} as const;

declare module './defineOptimizer.ts' {
  interface OptimizerCatalog {
    RAdam: typeof parameters;
  }
}

/** Liu et al. 2019; https://docs.pytorch.org/docs/stable/generated/torch.optim.RAdam.html */
export default defineOptimizer({
  type: 'RAdam',
  title: 'RAdam',
  help: {
    summary: 'Adam that warms up by itself: the first steps are plain momentum, until the mean square can be trusted.',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.RAdam.html',
  },
  parameters,
  state: () => ['m', 'v'],
  scalars: ['stepSize', 'adaptive', 'plain', 'beta1', 'beta2', 'rest1', 'rest2', 'eps', 'weightDecay'],
  scalarsAt(step, { lr, beta1, beta2, eps, weightDecay }) {
    const second = 1 - beta2 ** step;
    const limit = 2 / (1 - beta2) - 1;
    // Length of the moving average that v stands for; below 5 its variance is not known.
    const length = limit - (2 * step * beta2 ** step) / second;
    const rectified = length > 5;
    const rectification = Math.sqrt(((length - 4) * (length - 2) * limit) / ((limit - 4) * (limit - 2) * length));
    return [
      lr / (1 - beta1 ** step),
      rectified ? rectification * Math.sqrt(second) : 0,
      rectified ? 0 : 1,
      beta1,
      beta2,
      1 - beta1,
      1 - beta2,
      eps,
      weightDecay,
    ];
  },
  update({ parameter, gradient, state, scalars }, { weightDecay }) {
    const decayed = withDecay(gradient, parameter, scalars.weightDecay!, weightDecay);
    const m = add(multiply(scalars.beta1!, state.m!), multiply(scalars.rest1!, decayed));
    const v = add(multiply(scalars.beta2!, state.v!), multiply(scalars.rest2!, multiply(decayed, decayed)));
    const factor = add(divide(scalars.adaptive!, add(sqrt(v), scalars.eps!)), scalars.plain!);
    return {
      parameter: subtract(parameter, multiply(multiply(scalars.stepSize!, m), factor)),
      state: { m, v },
    };
  },
  emit: {
    pytorch: (given) =>
      pythonCall('torch.optim.RAdam', [{ source: 'model.parameters()' }], {
        lr: [given.lr, undefined],
        betas: [
          [given.beta1, given.beta2],
          [0.9, 0.999],
        ],
        eps: [given.eps, 1e-8],
        weight_decay: [given.weightDecay, 0],
      }),
    keras: () => kerasCannot('RAdam', 'any parameters: it has no RAdam'),
  },
});
