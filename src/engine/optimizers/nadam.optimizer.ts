import { add, divide, multiply, sqrt, subtract } from '../kernels/expression.ts';
import { kerasCannot, pythonCall, pythonFloat } from '../layers/python.ts';
import { adamParameters } from './adamMoments.ts';
import { defineOptimizer } from './defineOptimizer.ts';
import { withDecay } from './weightDecay.ts';

const parameters = {
  ...adamParameters,
  lr: { ...adamParameters.lr, default: 0.002 },
  momentumDecay: {
    kind: 'number',
    default: 0.004,
    min: 0,
    step: 0.001,
    help: 'How fast the momentum grows to beta1 from half of it.',
  },
  weightDecay: { kind: 'number', default: 0, min: 0, step: 0.0001, help: 'Pulls weights towards 0 (L2 penalty).' },
} as const;

declare module './defineOptimizer.ts' {
  interface OptimizerCatalog {
    NAdam: typeof parameters;
  }
}

const momentumAt = (step: number, beta1: number, decay: number): number => beta1 * (1 - 0.5 * 0.96 ** (step * decay));

let products: { readonly beta1: number; readonly decay: number; readonly upTo: number[] } | undefined;

/** Product of the momenta of steps 1 to `step`; those found before are kept, since training asks for one step after another. */
function momentumProduct(step: number, beta1: number, decay: number): number {
  if (products?.beta1 !== beta1 || products.decay !== decay) products = { beta1, decay, upTo: [1] };
  const { upTo } = products;
  for (let at = upTo.length; at <= step; at++) upTo.push((upTo[at - 1] as number) * momentumAt(at, beta1, decay));
  return upTo[step] as number;
}

/** Dozat 2016; https://docs.pytorch.org/docs/stable/generated/torch.optim.NAdam.html */
export default defineOptimizer({
  type: 'NAdam',
  title: 'NAdam',
  help: {
    summary: 'Adam with Nesterov momentum: the mean of the gradient is taken one step ahead.',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.NAdam.html',
  },
  parameters,
  state: () => ['m', 'v'],
  scalars: ['byGradient', 'byMean', 'secondCorrection', 'beta1', 'beta2', 'rest1', 'rest2', 'eps', 'weightDecay'],
  scalarsAt(step, { lr, beta1, beta2, eps, momentumDecay, weightDecay }) {
    const product = momentumProduct(step, beta1, momentumDecay);
    const next = momentumAt(step + 1, beta1, momentumDecay);
    return [
      (lr * (1 - momentumAt(step, beta1, momentumDecay))) / (1 - product),
      (lr * next) / (1 - product * next),
      1 - beta2 ** step,
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
    const denominator = add(sqrt(divide(v, scalars.secondCorrection!)), scalars.eps!);
    const step = add(multiply(scalars.byGradient!, decayed), multiply(scalars.byMean!, m));
    return { parameter: subtract(parameter, divide(step, denominator)), state: { m, v } };
  },
  emit: {
    pytorch: (given) =>
      pythonCall('torch.optim.NAdam', [{ source: 'model.parameters()' }], {
        lr: [given.lr, undefined],
        betas: [
          [given.beta1, given.beta2],
          [0.9, 0.999],
        ],
        eps: [given.eps, 1e-8],
        weight_decay: [given.weightDecay, 0],
        momentum_decay: [given.momentumDecay, 0.004],
      }),
    // Keras' momentum grows to beta1 in its own, fixed way.
    keras: (given) => {
      if (given.weightDecay > 0) kerasCannot('NAdam', 'an L2 penalty (weightDecay): AdamW has a weight decay');
      return pythonCall('keras.optimizers.Nadam', [], {
        learning_rate: [pythonFloat(given.lr), undefined],
        beta_1: [given.beta1, 0.9],
        beta_2: [given.beta2, 0.999],
        epsilon: [given.eps, 1e-7],
      });
    },
  },
});
