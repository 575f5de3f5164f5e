import { add, divide, multiply, sqrt, subtract } from '../kernels/expression.ts';
import { kerasCannot, pythonCall, pythonFloat } from '../layers/python.ts';
import { defineOptimizer } from './defineOptimizer.ts';
import { withDecay } from './weightDecay.ts';

const parameters = {
  lr: {
    kind: 'number',
    default: 1,
    min: 0,
    step: 0.1,
    help: 'Learning rate: factor of the step that it finds itself.',
  },
  rho: {
    kind: 'number',
    default: 0.9,
    min: 0,
    max: 0.9999,
    step: 0.01,
    scale: 'decay',
    help: 'How long the mean squares of gradients and steps are remembered.',
  },
  eps: { kind: 'number', default: 1e-6, min: 0, step: 1e-6, help: 'Added to mean squares; makes the first step.' },
  weightDecay: { kind: 'number', default: 0, min: 0, step: 0.0001, help: 'Pulls weights towards 0 (L2 penalty).' },
} as const;

declare module './defineOptimizer.ts' {
  interface OptimizerCatalog {
    Adadelta: typeof parameters;
  }
}

/** Zeiler 2012; https://docs.pytorch.org/docs/stable/generated/torch.optim.Adadelta.html */
export default defineOptimizer({
  type: 'Adadelta',
  title: 'Adadelta',
  help: {
    summary: 'Finds the size of its steps from the steps before: needs no learning rate.',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.Adadelta.html',
  },
  parameters,
  state: () => ['v', 'steps'],
  scalars: ['lr', 'rho', 'rest', 'eps', 'weightDecay'],
  scalarsAt: (_step, { lr, rho, eps, weightDecay }) => [lr, rho, 1 - rho, eps, weightDecay],
  update({ parameter, gradient, state, scalars }, { weightDecay }) {
    const decayed = withDecay(gradient, parameter, scalars.weightDecay!, weightDecay);
    const mean = (old: typeof decayed, value: typeof decayed) =>
      add(multiply(scalars.rho!, old), multiply(scalars.rest!, multiply(value, value)));
    const v = mean(state.v!, decayed);
    const ratio = divide(sqrt(add(state.steps!, scalars.eps!)), sqrt(add(v, scalars.eps!)));
    const step = multiply(ratio, decayed);
    return {
      parameter: subtract(parameter, multiply(scalars.lr!, step)),
      state: { v, steps: mean(state.steps!, step) },
    };
  },
  emit: {
    pytorch: (given) =>
      pythonCall('torch.optim.Adadelta', [{ source: 'model.parameters()' }], {
        lr: [given.lr, undefined],
        rho: [given.rho, 0.9],
        eps: [given.eps, 1e-6],
        weight_decay: [given.weightDecay, 0],
      }),
    keras: (given) => {
      if (given.weightDecay > 0) kerasCannot('Adadelta', 'an L2 penalty (weightDecay): AdamW has a weight decay');
      return pythonCall('keras.optimizers.Adadelta', [], {
        learning_rate: [pythonFloat(given.lr), undefined],
        rho: [given.rho, 0.95],
        epsilon: [given.eps, 1e-7],
      });
    },
  },
});
