import {
  add,
  binary,
  constant,
  divide,
  type Expression,
  exp,
  load,
  multiply,
  negate,
  select,
  sqrt,
  subtract,
  unary,
} from '../../kernels/expression.ts';
import { pointwise } from '../compose.ts';
import { defineOperators, type Operator } from '../defineOperators.ts';
import { isInteger } from '../elementTypes.ts';
import { integerResult } from '../integers.ts';

const x = load(0);
const one = constant(1);
const abs = unary('abs', x);

const formula =
  (make: Expression): Operator =>
  (node) =>
    pointwise(node.emit, [node.input(0)], make);

const own =
  (name: 'exp' | 'log' | 'sqrt' | 'sin' | 'cos' | 'erf' | 'sign'): Operator =>
  (node) =>
    node.emit.op(name, [node.input(0)]);

/** A function that may leave an integer type: −(−128) is −128 in eight bits. */
const signed =
  (name: 'abs' | 'negate'): Operator =>
  (node) =>
    integerResult(node, node.emit.op(name, [node.input(0)]), node.elementType());

const whole =
  (name: 'floor' | 'round'): Operator =>
  (node) =>
    isInteger(node.elementType()) ? node.input(0) : pointwise(node.emit, [node.input(0)], unary(name, x));

const TAN_EIGHTH = Math.SQRT2 - 1;

/**
 * The inverse of the tangent, from its power series near 0: larger arguments are brought there by
 * atan x = π/2 − atan 1/x and atan x = π/4 + atan (x − 1)/(x + 1).
 */
function arctangent(a: Expression): Expression {
  const size = unary('abs', a);
  const large = binary('greater', size, one);
  const small = select(large, divide(one, size), size);
  const middle = binary('greater', small, constant(TAN_EIGHTH));
  const t = select(middle, divide(subtract(small, one), add(small, one)), small);
  const square = multiply(t, t);
  let series: Expression = constant(1 / 17);
  for (let k = 7; k >= 0; k--) series = subtract(constant(1 / (2 * k + 1)), multiply(square, series));
  const near = multiply(t, series);
  const first = select(middle, add(near, constant(Math.PI / 4)), near);
  const folded = select(large, subtract(constant(Math.PI / 2), first), first);
  return multiply(unary('sign', a), folded);
}

/** √(1 − x²) without loss near 1. */
const cosine = sqrt(multiply(subtract(one, x), add(one, x)));
const half = constant(0.5);
const log1p = (a: Expression): Expression => unary('log1p', a);
const expm1 = unary('expm1', x);

/** https://onnx.ai/onnx/operators/ — functions of one number. */
export default defineOperators('computes', {
  Abs: signed('abs'),
  Neg: signed('negate'),
  Sign: own('sign'),
  Exp: own('exp'),
  Log: own('log'),
  Sqrt: own('sqrt'),
  Erf: own('erf'),
  Sin: own('sin'),
  Cos: own('cos'),
  Tan: formula(divide(unary('sin', x), unary('cos', x))),
  Atan: formula(arctangent(x)),
  Asin: formula(arctangent(divide(x, cosine))),
  Acos: formula(multiply(constant(2), arctangent(sqrt(divide(subtract(one, x), add(one, x)))))),
  // From expm1, which keeps the digits near 0; where it overflows, from exp.
  Sinh: formula(
    select(
      binary('less', abs, one),
      multiply(half, add(expm1, divide(expm1, add(expm1, one)))),
      multiply(half, subtract(exp(x), exp(negate(x)))),
    ),
  ),
  Cosh: formula(multiply(half, add(exp(x), exp(negate(x))))),
  Asinh: formula(
    multiply(unary('sign', x), log1p(add(abs, divide(multiply(x, x), add(one, sqrt(add(multiply(x, x), one))))))),
  ),
  Acosh: formula(log1p(add(subtract(x, one), sqrt(multiply(subtract(x, one), add(x, one)))))),
  Atanh: formula(multiply(half, subtract(log1p(x), log1p(negate(x))))),
  Reciprocal: formula(divide(one, x)),
  Floor: whole('floor'),
  Ceil: (node) =>
    isInteger(node.elementType())
      ? node.input(0)
      : pointwise(node.emit, [node.input(0)], negate(unary('floor', negate(x)))),
  Round: whole('round'),
  IsNaN: (node) => {
    // Not finite, and not larger than anything finite. A device may answer x ≠ x as if there were no NaN.
    const infinite = binary('greater', abs, constant(3.4028234663852886e38));
    const formula = select(unary('isFinite', x), constant(0), select(infinite, constant(0), one));
    return node.as('bool', pointwise(node.emit, [node.input(0)], formula));
  },
  IsInf: (node) => {
    const most = 3.4028234663852886e38;
    const above = node.int('detect_positive', 1) === 1 ? binary('greater', x, constant(most)) : constant(0);
    const below = node.int('detect_negative', 1) === 1 ? binary('less', x, constant(-most)) : constant(0);
    return node.as('bool', pointwise(node.emit, [node.input(0)], binary('maximum', above, below)));
  },
});
