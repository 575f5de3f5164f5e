import { add, divide, multiply, sqrt, subtract } from '../kernels/expression.ts';
import { kerasCannot, pythonCall, pythonFloat } from '../layers/python.ts';
import { defineOptimizer } from './defineOptimizer.ts';
import { withDecay } from './weightDecay.ts';

const parameters = {
  lr: { kind: 'number', default: 0.01, min: 0, step: 0.001, help: 'Learning rate: size of a step.' },
  lrDecay: {
    kind: 'number',
    default: 0,
    min: 0,
    step: 0.001,
    help: 'Divides the learning rate by 1 + this times the number of steps taken.',
  },
  initialAccumulator: {
    kind: 'number',
    default: 0,
    min: 0,
    step: 0.1,
    help: 'What the sum of squared gradients starts from.',
  },
  eps: {
    kind: 'number',
    default: 1e-10,
    min: 0,
    step: 1e-10,
    help: 'Added to the denominator, against division by 0.',
  },
  weightDecay: { kind: 'number', default: 0, min: 0, step: 0.0001, help: 'Pulls weights towards 0 (L2 penalty).' },
} as const;

declare module './defineOptimizer.ts' {
  interface OptimizerCatalog {
    Adagrad: typeof parameters;
  }
}

/** Duchi et al. 2011; https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html */
export default defineOptimizer({
  type: 'Adagrad',
  title: 'Adagrad',
  help: {
    summary: 'Divides each step by the size of all gradients so far: weights that are seldom used keep large steps.',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html',
  },
  parameters,
  state: () => ['sum'],
  scalars: ['stepSize', 'initial', 'eps', 'weightDecay'],
  scalarsAt: (step, { lr, lrDecay, initialAccumulator, eps, weightDecay }) => [
    lr / (1 + (step - 1) * lrDecay),
    initialAccumulator,
    eps,
    weightDecay,
  ],
  update({ parameter, gradient, state, scalars }, { weightDecay, initialAccumulator }) {
    const decayed = withDecay(gradient, parameter, scalars.weightDecay!, weightDecay);
    const sum = add(state.sum!, multiply(decayed, decayed));
    // State starts at 0 in every optimizer, so the start of the sum is added here.
    const total = initialAccumulator === 0 ? sum : add(sum, scalars.initial!);
    const step = divide(multiply(scalars.stepSize!, decayed), add(sqrt(total), scalars.eps!));
    return { parameter: subtract(parameter, step), state: { sum } };
  },
  emit: {
    pytorch: (given) =>
      pythonCall('torch.optim.Adagrad', [{ source: 'model.parameters()' }], {
        lr: [given.lr, undefined],
        lr_decay: [given.lrDecay, 0],
        weight_decay: [given.weightDecay, 0],
        initial_accumulator_value: [given.initialAccumulator, 0],
        eps: [given.eps, 1e-10],
      }),
    keras: (given) => {
      if (given.weightDecay > 0) kerasCannot('Adagrad', 'an L2 penalty (weightDecay): AdamW has a weight decay');
      if (given.lrDecay > 0) kerasCannot('Adagrad', 'lrDecay: choose a learning-rate schedule');
      return pythonCall('keras.optimizers.Adagrad', [], {
        learning_rate: [pythonFloat(given.lr), undefined],
        initial_accumulator_value: [given.initialAccumulator, 0.1],
        epsilon: [given.eps, 1e-7],
      });
    },
  },
});
