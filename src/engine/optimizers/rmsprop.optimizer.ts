import { add, divide, multiply, sqrt, subtract } from '../kernels/expression.ts';
import { kerasCannot, pythonCall, pythonFloat } from '../layers/python.ts';
import { defineOptimizer } from './defineOptimizer.ts';
import { withDecay } from './weightDecay.ts';

const parameters = {
  lr: { kind: 'number', default: 0.01, min: 0, step: 0.001, help: 'Learning rate: size of a step.' },
  alpha: {
    kind: 'number',
    default: 0.99,
    min: 0,
    max: 0.9999,
    step: 0.01,
    scale: 'decay',
    help: 'How long the mean of the squared gradient is remembered.',
  },
  eps: {
    kind: 'number',
    default: 1e-8,
    min: 0,
    step: 1e-8,
    help: 'Added to the denominator, against division by 0.',
  },
  momentum: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 1,
    step: 0.1,
    help: 'Share of the last step’s direction that is kept.',
  },
  centered: {
    kind: 'boolean',
    default: false,
    help: 'Divides by the spread of the gradient around its running mean instead of by its size.',
  },
  weightDecay: { kind: 'number', default: 0, min: 0, step: 0.0001, help: 'Pulls weights towards 0 (L2 penalty).' },
} as const;

declare module './defineOptimizer.ts' {
  interface OptimizerCatalog {
    RMSprop: typeof parameters;
  }
}

/** Hinton's lecture 6e; https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html */
export default defineOptimizer({
  type: 'RMSprop',
  title: 'RMSprop',
  help: {
    summary: 'Divides each step by the running size of the gradient; often used for recurrent nets.',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html',
  },
  parameters,
  state: ({ momentum, centered }) => ['v', ...(centered ? ['mean'] : []), ...(momentum === 0 ? [] : ['momentum'])],
  scalars: ['lr', 'alpha', 'rest', 'eps', 'momentum', 'weightDecay'],
  scalarsAt: (_step, { lr, alpha, eps, momentum, weightDecay }) => [lr, alpha, 1 - alpha, eps, momentum, weightDecay],
  update({ parameter, gradient, state, scalars }, { momentum, centered, weightDecay }) {
    const decayed = withDecay(gradient, parameter, scalars.weightDecay!, weightDecay);
    const v = add(multiply(scalars.alpha!, state.v!), multiply(scalars.rest!, multiply(decayed, decayed)));
    const average = centered
      ? { mean: add(multiply(scalars.alpha!, state.mean!), multiply(scalars.rest!, decayed)) }
      : undefined;
    const spread = average ? subtract(v, multiply(average.mean, average.mean)) : v;
    const scaled = divide(decayed, add(sqrt(spread), scalars.eps!));
    if (momentum === 0) {
      return { parameter: subtract(parameter, multiply(scalars.lr!, scaled)), state: { v, ...average } };
    }
    const velocity = add(multiply(scalars.momentum!, state.momentum!), scaled);
    return {
      parameter: subtract(parameter, multiply(scalars.lr!, velocity)),
      state: { v, ...average, momentum: velocity },
    };
  },
  emit: {
    pytorch: (given) =>
      pythonCall('torch.optim.RMSprop', [{ source: 'model.parameters()' }], {
        lr: [given.lr, undefined],
        alpha: [given.alpha, 0.99],
        eps: [given.eps, 1e-8],
        weight_decay: [given.weightDecay, 0],
        momentum: [given.momentum, 0],
        centered: [given.centered, false],
      }),
    keras: (given) => {
      // Keras' own weight_decay is apart from the gradient, as AdamW's.
      if (given.weightDecay > 0) kerasCannot('RMSprop', 'an L2 penalty (weightDecay): AdamW has a weight decay');
      return pythonCall('keras.optimizers.RMSprop', [], {
        learning_rate: [pythonFloat(given.lr), undefined],
        rho: [given.alpha, 0.9],
        momentum: [given.momentum, 0],
        epsilon: [given.eps, 1e-7],
        centered: [given.centered, false],
      });
    },
  },
});
