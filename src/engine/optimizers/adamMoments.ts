import { add, binary, divide, type Expression, multiply, sqrt, subtract } from '../kernels/expression.ts';
import type { UpdateReads } from './defineOptimizer.ts';

/** Parameters that Adam and AdamW share, with PyTorch's defaults. */
export const adamParameters = {
  lr: { kind: 'number', default: 0.001, min: 0, step: 0.0001, help: 'Learning rate: size of a step.' },
  beta1: {
    kind: 'number',
    default: 0.9,
    min: 0,
    max: 0.9999,
    step: 0.01,
    scale: 'decay',
    help: 'How long the mean of the gradient is remembered.',
  },
  beta2: {
    kind: 'number',
    default: 0.999,
    min: 0,
    max: 0.99999,
    step: 0.001,
    scale: 'decay',
    help: 'How long the mean of its square is remembered.',
  },
  eps: { kind: 'number', default: 1e-8, min: 0, step: 1e-8, help: 'Added to the denominator, against division by 0.' },
} as const;

/** The parameter that makes AMSGrad of Adam and AdamW. */
export const amsgradParameter = {
  kind: 'boolean',
  default: false,
  help: 'AMSGrad: divides by the largest mean square so far, so that steps never grow again.',
} as const;

/** Names of the moments that are kept. */
export const adamState = ({ amsgrad }: { readonly amsgrad: boolean }): readonly string[] =>
  amsgrad ? ['m', 'v', 'vMax'] : ['m', 'v'];

interface AdamSettings {
  readonly lr: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly weightDecay: number;
}

export const adamScalars = [
  'stepSize',
  'secondCorrection',
  'beta1',
  'beta2',
  'rest1',
  'rest2',
  'eps',
  'weightDecay',
  'decayFactor',
] as const;

/**
 * In float64, since 1 − β₂ᵗ loses most of its digits in float32: the step size lr/(1 − β₁ᵗ), √(1 − β₂ᵗ), and what the
 * moments need.
 */
export function adamScalarsAt(step: number, { lr, beta1, beta2, eps, weightDecay }: AdamSettings): number[] {
  return [
    lr / (1 - beta1 ** step),
    Math.sqrt(1 - beta2 ** step),
    beta1,
    beta2,
    1 - beta1,
    1 - beta2,
    eps,
    weightDecay,
    1 - lr * weightDecay,
  ];
}

/**
 * Kingma and Ba 2014, arranged as in PyTorch: `w − stepSize · m / (√v / √(1 − β₂ᵗ) + ε)`; with AMSGrad (Reddi 2018) the
 * largest v so far stands for v.
 * @param parameter from which the step is taken
 */
export function adamStep(
  parameter: Expression,
  gradient: Expression,
  { state, scalars }: UpdateReads,
  amsgrad: boolean,
): { readonly parameter: Expression; readonly state: Readonly<Record<string, Expression>> } {
  const m = add(multiply(scalars.beta1!, state.m!), multiply(scalars.rest1!, gradient));
  const v = add(multiply(scalars.beta2!, state.v!), multiply(scalars.rest2!, multiply(gradient, gradient)));
  const largest = amsgrad ? { vMax: binary('maximum', state.vMax!, v) } : {};
  const denominator = add(divide(sqrt(largest.vMax ?? v), scalars.secondCorrection!), scalars.eps!);
  return {
    parameter: subtract(parameter, divide(multiply(scalars.stepSize!, m), denominator)),
    state: { m, v, ...largest },
  };
}
