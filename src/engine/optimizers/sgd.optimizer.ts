import { add, multiply, subtract } from '../kernels/expression.ts';
import { kerasCannot, pythonCall, pythonFloat } from '../layers/python.ts';
import { defineOptimizer } from './defineOptimizer.ts';
import { withDecay } from './weightDecay.ts';

const parameters = {
  lr: { kind: 'number', default: 0.01, min: 0, step: 0.001, help: 'Learning rate: size of a step.' },
  momentum: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 1,
    step: 0.1,
    help: 'Share of the last step’s direction that is kept.',
  },
  dampening: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 1,
    step: 0.1,
    help: 'Share of the gradient that momentum leaves out.',
  },
  nesterov: {
    kind: 'boolean',
    default: false,
    help: 'Looks one step ahead along the momentum; needs momentum, and no dampening.',
  },
  weightDecay: { kind: 'number', default: 0, min: 0, step: 0.0001, help: 'Pulls weights towards 0 (L2 penalty).' },
} as const;

declare module './defineOptimizer.ts' {
  interface OptimizerCatalog {
    SGD: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html */
export default defineOptimizer({
  type: 'SGD',
  title: 'SGD',
  help: {
    summary: 'A step against the gradient; momentum keeps part of the last step’s direction.',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html',
  },
  parameters,
  state: ({ momentum }) => (momentum === 0 ? [] : ['momentum']),
  scalars: ['lr', 'momentum', 'keptGradient', 'weightDecay'],
  // PyTorch's first velocity is the whole gradient, without dampening; a velocity of 0 before it gives the same.
  scalarsAt: (step, { lr, momentum, dampening, weightDecay }) => [
    lr,
    momentum,
    step === 1 ? 1 : 1 - dampening,
    weightDecay,
  ],
  update({ parameter, gradient, state, scalars }, { momentum, nesterov, weightDecay }) {
    const decayed = withDecay(gradient, parameter, scalars.weightDecay!, weightDecay);
    if (momentum === 0) return { parameter: subtract(parameter, multiply(scalars.lr!, decayed)), state: {} };
    const velocity = add(multiply(scalars.momentum!, state.momentum!), multiply(scalars.keptGradient!, decayed));
    const direction = nesterov ? add(decayed, multiply(scalars.momentum!, velocity)) : velocity;
    return {
      parameter: subtract(parameter, multiply(scalars.lr!, direction)),
      state: { momentum: velocity },
    };
  },
  emit: {
    pytorch: (given) =>
      pythonCall('torch.optim.SGD', [{ source: 'model.parameters()' }], {
        lr: [given.lr, undefined],
        momentum: [given.momentum, 0],
        dampening: [given.dampening, 0],
        weight_decay: [given.weightDecay, 0],
        nesterov: [given.nesterov, false],
      }),
    keras: (given) => {
      // Keras' own weight_decay is apart from the gradient, as AdamW's.
      if (given.weightDecay > 0) kerasCannot('SGD', 'an L2 penalty (weightDecay): AdamW has a weight decay');
      if (given.dampening > 0) kerasCannot('SGD', 'dampening');
      return pythonCall('keras.optimizers.SGD', [], {
        learning_rate: [pythonFloat(given.lr), undefined],
        momentum: [given.momentum, 0],
        nesterov: [given.nesterov, false],
      });
    },
  },
});
