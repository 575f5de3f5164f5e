import { add, multiply, subtract, unary } from '../kernels/expression.ts';
import { pythonCall, pythonFloat } from '../layers/python.ts';
import { defineOptimizer } from './defineOptimizer.ts';

const parameters = {
  lr: {
    kind: 'number',
    default: 0.0001,
    min: 0,
    step: 0.0001,
    help: 'Learning rate: each weight moves by exactly this much; 3 to 10 times smaller than for Adam.',
  },
  beta1: {
    kind: 'number',
    default: 0.9,
    min: 0,
    max: 0.9999,
    step: 0.01,
    scale: 'decay',
    help: 'Share of the remembered gradient in the direction of a step.',
  },
  beta2: {
    kind: 'number',
    default: 0.99,
    min: 0,
    max: 0.99999,
    step: 0.001,
    scale: 'decay',
    help: 'How long the gradient is remembered.',
  },
  weightDecay: {
    kind: 'number',
    default: 0,
    min: 0,
    step: 0.01,
    help: 'Shrinks weights by lr times this in each step, apart from the gradient.',
  },
} as const;

declare module './defineOptimizer.ts' {
  interface OptimizerCatalog {
    Lion: typeof parameters;
  }
}

const PYTORCH_CLASS = `\
class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, https://arxiv.org/abs/2302.06675."""

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                m = self.state[p].setdefault("exp_avg", torch.zeros_like(p))
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.add_((beta1 * m + (1 - beta1) * p.grad).sign(), alpha=-group["lr"])
                m.lerp_(p.grad, 1 - beta2)
`;

/** Chen et al. 2023, https://arxiv.org/abs/2302.06675, algorithm 2. */
export default defineOptimizer({
  type: 'Lion',
  title: 'Lion',
  help: {
    summary:
      'Moves every weight by the same amount, in the direction of the sign of the momentum: half of Adam’s memory.',
    reference: 'https://arxiv.org/abs/2302.06675',
  },
  parameters,
  state: () => ['m'],
  scalars: ['lr', 'beta1', 'beta2', 'rest1', 'rest2', 'decayFactor'],
  scalarsAt: (_step, { lr, beta1, beta2, weightDecay }) => [
    lr,
    beta1,
    beta2,
    1 - beta1,
    1 - beta2,
    1 - lr * weightDecay,
  ],
  update({ parameter, gradient, state, scalars }) {
    const direction = add(multiply(scalars.beta1!, state.m!), multiply(scalars.rest1!, gradient));
    return {
      parameter: subtract(multiply(parameter, scalars.decayFactor!), multiply(scalars.lr!, unary('sign', direction))),
      state: { m: add(multiply(scalars.beta2!, state.m!), multiply(scalars.rest2!, gradient)) },
    };
  },
  emit: {
    pytorchClass: PYTORCH_CLASS,
    pytorch: (given) =>
      pythonCall('Lion', [{ source: 'model.parameters()' }], {
        lr: [given.lr, undefined],
        betas: [
          [given.beta1, given.beta2],
          [0.9, 0.99],
        ],
        weight_decay: [given.weightDecay, 0],
      }),
    keras: (given) =>
      pythonCall('keras.optimizers.Lion', [], {
        learning_rate: [pythonFloat(given.lr), undefined],
        beta_1: [given.beta1, 0.9],
        beta_2: [given.beta2, 0.99],
        weight_decay: [given.weightDecay, 0],
      }),
  },
});
