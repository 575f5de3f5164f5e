import { kerasCannot, pythonCall, pythonFloat } from '../layers/python.ts';
import { adamParameters, adamScalars, adamScalarsAt, adamState, adamStep, amsgradParameter } from './adamMoments.ts';
import { defineOptimizer } from './defineOptimizer.ts';
import { withDecay } from './weightDecay.ts';

const parameters = {
  ...adamParameters,
  weightDecay: {
    kind: 'number',
    default: 0,
    min: 0,
    step: 0.001,
    help: 'Pulls weights towards 0 (L2 penalty, added to the gradient).',
  },
  amsgrad: amsgradParameter,
} as const;

declare module './defineOptimizer.ts' {
  interface OptimizerCatalog {
    Adam: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html */
export default defineOptimizer({
  type: 'Adam',
  title: 'Adam',
  help: {
    summary:
      'Steps of a size of its own for each weight, from running means of the gradient and its square: a good first choice.',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html',
  },
  parameters,
  state: adamState,
  scalars: adamScalars,
  scalarsAt: adamScalarsAt,
  update(reads, { weightDecay, amsgrad }) {
    const gradient = withDecay(reads.gradient, reads.parameter, reads.scalars.weightDecay!, weightDecay);
    return adamStep(reads.parameter, gradient, reads, amsgrad);
  },
  emit: {
    pytorch: (given) =>
      pythonCall('torch.optim.Adam', [{ source: 'model.parameters()' }], {
        lr: [given.lr, undefined],
        betas: [
          [given.beta1, given.beta2],
          [0.9, 0.999],
        ],
        eps: [given.eps, 1e-8],
        weight_decay: [given.weightDecay, 0],
        amsgrad: [given.amsgrad, false],
      }),
    // Keras adds epsilon before the bias correction, PyTorch after it: the first steps differ a little.
    keras: (given) => {
      // Keras' own weight_decay is apart from the gradient, as AdamW's.
      if (given.weightDecay > 0) kerasCannot('Adam', 'an L2 penalty (weightDecay): AdamW has a weight decay');
      return pythonCall('keras.optimizers.Adam', [], {
        learning_rate: [pythonFloat(given.lr), undefined],
        beta_1: [given.beta1, 0.9],
        beta_2: [given.beta2, 0.999],
        epsilon: [given.eps, 1e-7],
        amsgrad: [given.amsgrad, false],
      });
    },
  },
});
