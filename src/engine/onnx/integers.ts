import type { Value } from '../ir/types.ts';
import {
  add,
  binary,
  constant,
  divide,
  type Expression,
  load,
  multiply,
  select,
  subtract,
  unary,
} from '../kernels/expression.ts';
import { pointwise } from './compose.ts';
import { bitsOf, type ElementType, EXACT_LIMIT, elementFormat, isInteger } from './elementTypes.ts';
import type { OperatorContext } from './operatorContext.ts';

const less = (a: Expression, b: Expression): Expression => binary('less', a, b);

/** Towards zero, as integers divide and as floats become integers. */
export const truncate = (x: Expression): Expression => multiply(unary('sign', x), unary('floor', unary('abs', x)));

/**
 * The whole part of a ÷ b for whole numbers below 2²⁴. A device's division may be off by a rounding, so the quotient is
 * corrected by its remainder, which is exact.
 */
export function floorQuotient(a: Expression, b: Expression): Expression {
  const guess = unary('floor', divide(a, b));
  const rest = subtract(a, multiply(guess, b));
  // The remainder lies between 0 and b, whichever sign b has.
  const low = select(less(b, constant(0)), less(constant(0), rest), less(rest, constant(0)));
  const high = select(less(b, constant(0)), binary('lessEqual', rest, b), binary('lessEqual', b, rest));
  return select(low, subtract(guess, constant(1)), select(high, add(guess, constant(1)), guess));
}

/** a ÷ b towards zero for whole numbers below 2²⁴, as ONNX divides integers. */
export function truncatedQuotient(a: Expression, b: Expression): Expression {
  const sign = multiply(unary('sign', a), unary('sign', b));
  return multiply(sign, floorQuotient(unary('abs', a), unary('abs', b)));
}

/** The remainder of floorQuotient: it has the divisor's sign. */
export function floorRemainder(a: Expression, b: Expression): Expression {
  return subtract(a, multiply(floorQuotient(a, b), b));
}

/**
 * An integer result as its type has it: 8 and 16 bits wrap around, in wider types numbers beyond 2²⁴ (and negative ones
 * of an unsigned type) are refused when the program has run. `size` bounds all that was added up on the way.
 */
export function integerResult(node: OperatorContext, value: Value, type: ElementType, size: Value = value): Value {
  if (!isInteger(type)) return value;
  const bits = bitsOf(type);
  const { signed } = { signed: false, ...elementFormat(type) };
  if (bits > 16) {
    const bound = signed
      ? size
      : pointwise(
          node.emit,
          [size],
          select(less(load(0), constant(0)), constant(2 * EXACT_LIMIT), unary('abs', load(0))),
        );
    return node.guard(value, bound);
  }
  node.guard(value, size);
  return pointwise(node.emit, [value], wrapped(load(0), bits, signed));
}

/** A whole number taken modulo 2^bits into the range of a type. Divisions by powers of two are exact. */
export function wrapped(x: Expression, bits: number, signed: boolean): Expression {
  const range = constant(2 ** bits);
  const shift = constant(signed ? 2 ** (bits - 1) : 0);
  const moved = add(x, shift);
  const turns = unary('floor', multiply(moved, constant(2 ** -bits)));
  return subtract(subtract(moved, multiply(turns, range)), shift);
}
