import { add, type Expression, multiply } from '../kernels/expression.ts';

/** The gradient of the loss with an L2 penalty: `g + λ·w`, or `g` itself for λ = 0. */
export function withDecay(
  gradient: Expression,
  parameter: Expression,
  scalar: Expression,
  weightDecay: number,
): Expression {
  return weightDecay === 0 ? gradient : add(gradient, multiply(scalar, parameter));
}
