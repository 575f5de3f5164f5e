import { multiply } from '../kernels/expression.ts';
import { pythonCall, pythonFloat } from '../layers/python.ts';
import { adamParameters, adamScalars, adamScalarsAt, adamState, adamStep, amsgradParameter } from './adamMoments.ts';
import { defineOptimizer } from './defineOptimizer.ts';

const parameters = {
  ...adamParameters,
  weightDecay: {
    kind: 'number',
    default: 0.01,
    min: 0,
    step: 0.001,
    help: 'Shrinks weights by lr times this in each step, apart from the gradient.',
  },
  amsgrad: amsgradParameter,
} as const;

declare module './defineOptimizer.ts' {
  interface OptimizerCatalog {
    AdamW: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html */
export default defineOptimizer({
  type: 'AdamW',
  title: 'AdamW',
  help: {
    summary: 'Adam with weight decay kept apart from the gradient, as large models are trained.',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html',
  },
  parameters,
  state: adamState,
  scalars: adamScalars,
  scalarsAt: adamScalarsAt,
  update(reads, { amsgrad }) {
    return adamStep(multiply(reads.parameter, reads.scalars.decayFactor!), reads.gradient, reads, amsgrad);
  },
  emit: {
    pytorch: (given) =>
      pythonCall('torch.optim.AdamW', [{ source: 'model.parameters()' }], {
        lr: [given.lr, undefined],
        betas: [
          [given.beta1, given.beta2],
          [0.9, 0.999],
        ],
        eps: [given.eps, 1e-8],
        weight_decay: [given.weightDecay, 0.01],
        amsgrad: [given.amsgrad, false],
      }),
    // Keras adds epsilon before the bias correction, PyTorch after it: the first steps differ a little.
    keras: (given) =>
      pythonCall('keras.optimizers.AdamW', [], {
        learning_rate: [pythonFloat(given.lr), undefined],
        beta_1: [given.beta1, 0.9],
        beta_2: [given.beta2, 0.999],
        epsilon: [given.eps, 1e-7],
        weight_decay: [given.weightDecay, 0.004],
        amsgrad: [given.amsgrad, false],
      }),
  },
});
