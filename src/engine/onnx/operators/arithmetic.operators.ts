import type { Value } from '../../ir/types.ts';
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
} from '../../kernels/expression.ts';
import { plus, pointwise, times } from '../compose.ts';
import { defineOperators, type Operator } from '../defineOperators.ts';
import { bitsOf, elementFormat, isFloat, isInteger } from '../elementTypes.ts';
import { floorRemainder, integerResult, truncate, truncatedQuotient, wrapped } from '../integers.ts';
import type { OperatorContext } from '../operatorContext.ts';

const [a, b] = [load(0), load(1)];

/** Both sides; with opset 6 and older the second is laid along `axis` of the first. */
function sides(node: OperatorContext): [Value, Value] {
  const [left, right] = [node.input(0), node.input(1)];
  if (node.opset >= 7 || node.int('broadcast', 0) === 0) return [left, right];
  const axis = node.int('axis', left.type.shape.length - right.type.shape.length);
  const after = left.type.shape.length - axis - right.type.shape.length;
  return [left, node.reshape(right, [...right.type.shape, ...new Array<number>(Math.max(0, after)).fill(1)])];
}

const binaryOp =
  (name: 'add' | 'subtract' | 'multiply'): Operator =>
  (node) =>
    integerResult(node, node.emit.op(name, sides(node)), node.elementType());

const comparison =
  (formula: Expression): Operator =>
  (node) =>
    node.as('bool', pointwise(node.emit, sides(node), formula));

/** Folds all inputs with an op. */
const many =
  (name: 'add' | 'maximum' | 'minimum'): Operator =>
  (node) => {
    const [first, ...others] = node.inputs();
    if (!first) return node.refuse('it has no inputs');
    const result = others.reduce((result, each) => node.emit.op(name, [result, each]), first);
    return name === 'add' ? integerResult(node, result, node.elementType()) : result;
  };

function power(node: OperatorContext): Value {
  const [base, exponent] = [node.input(0), node.input(1)];
  const { emit } = node;
  const known = emit.known(exponent)?.data;
  if (known?.length === 1 && known[0] === 2 && exponent.type.shape.length <= base.type.shape.length) {
    return integerResult(node, emit.op('square', [base]), node.elementType());
  }
  if (isFloat(node.elementType())) return emit.op('power', [base, exponent]);
  // A device takes powers by logarithms: a whole number comes out nearly whole.
  const rounded = pointwise(emit, [base, exponent], unary('round', binary('power', a, b)));
  const near = truncatedType(node, rounded);
  return integerResult(node, near, node.elementType());
}

/** With a float exponent the power of an integer is cut to a whole number. */
function truncatedType(node: OperatorContext, rounded: Value): Value {
  if (isInteger(node.elementType(1))) return rounded;
  const exact = binary('power', a, b);
  // Whole within a rounding, or cut.
  const near = binary('less', unary('abs', subtract(exact, unary('round', exact))), constant(1e-4));
  return pointwise(node.emit, [node.input(0), node.input(1)], select(near, unary('round', exact), truncate(exact)));
}

function modulo(node: OperatorContext): Value {
  const fmod = node.int('fmod', 0) === 1;
  if (isInteger(node.elementType())) {
    const formula = fmod ? subtract(a, multiply(truncatedQuotient(a, b), b)) : floorRemainder(a, b);
    return pointwise(node.emit, sides(node), formula);
  }
  const size = unary('abs', b);
  // An infinite divisor leaves what is on its side as it is; with one that is no number there is no remainder.
  const part = select(
    unary('isFinite', b),
    subtract(unary('abs', a), multiply(unary('floor', divide(unary('abs', a), size)), size)),
    select(binary('greater', size, constant(3.4028234663852886e38)), unary('abs', a), b),
  );
  if (fmod)
    return pointwise(
      node.emit,
      sides(node),
      multiply(select(binary('less', a, constant(0)), constant(-1), constant(1)), part),
    );
  const other = binary('notEqual', binary('less', a, constant(0)), binary('less', b, constant(0)));
  const rest = select(binary('equal', part, constant(0)), constant(0), select(other, subtract(size, part), part));
  return pointwise(
    node.emit,
    sides(node),
    multiply(select(binary('less', b, constant(0)), constant(-1), constant(1)), rest),
  );
}

function division(node: OperatorContext): Value {
  if (isFloat(node.elementType())) return node.emit.op('divide', sides(node));
  return integerResult(node, pointwise(node.emit, sides(node), truncatedQuotient(a, b)), node.elementType());
}

/** Digits of both numbers, one by one: `digit` of them is 0 or 1. */
function bitwise(digit: (a: Expression, b: Expression) => Expression): Operator {
  return (node) => {
    const type = node.elementType();
    // Wider types hold less than 2²⁴ here; of negative ones all digits up to the 25th tell.
    const bits = Math.min(bitsOf(type), 25);
    const { signed } = { signed: false, ...elementFormat(type) };
    const unsigned = (x: Expression): Expression => (signed ? wrapped(x, bits, false) : x);
    const [left, right] = [unsigned(a), unsigned(b)];
    const digitOf = (x: Expression, bit: number): Expression => {
      const moved = unary('floor', multiply(x, constant(2 ** -bit)));
      return subtract(moved, multiply(constant(2), unary('floor', multiply(moved, constant(0.5)))));
    };
    let sum: Expression = constant(0);
    for (let bit = 0; bit < bits; bit++) {
      sum = add(sum, multiply(constant(2 ** bit), digit(digitOf(left, bit), digitOf(right, bit))));
    }
    const value = pointwise(node.emit, [node.input(0), node.input(1)], signed ? wrapped(sum, bits, true) : sum);
    return bitsOf(type) > 16 ? node.guard(value) : value;
  };
}

function shift(node: OperatorContext): Value {
  const type = node.elementType();
  const left = node.text('direction', '') === 'LEFT';
  // Numbers end at 2²⁴ here: what is shifted further is shifted out.
  const factor = unary('round', binary('power', constant(2), binary('minimum', b, constant(25))));
  const moved = left ? multiply(a, factor) : unary('floor', divide(a, factor));
  const value = pointwise(node.emit, [node.input(0), node.input(1)], moved);
  return left ? integerResult(node, value, type) : value;
}

const logical = (formula: Expression): Operator => comparison(formula);
const truth = (x: Expression): Expression => binary('notEqual', x, constant(0));

/** https://onnx.ai/onnx/operators/ — arithmetic, comparison and logic with broadcasting. */
export default defineOperators('computes', {
  Add: binaryOp('add'),
  Sub: binaryOp('subtract'),
  Mul: binaryOp('multiply'),
  Div: division,
  Pow: power,
  Mod: modulo,
  Sum: many('add'),
  Max: many('maximum'),
  Min: many('minimum'),
  Mean: (node) => {
    const [first, ...others] = node.inputs();
    if (!first) return node.refuse('it has no inputs');
    const sum = others.reduce((result, each) => plus(node.emit, result, each), first);
    return times(node.emit, sum, 1 / node.inputCount);
  },
  Clip: (node) => {
    const { emit } = node;
    const bound = (input: number, name: string): Value | undefined => {
      const number = node.attribute(name)?.float;
      return node.optional(input) ?? (number === undefined ? undefined : emit.fill([], number));
    };
    const [low, high] = [bound(1, 'min'), bound(2, 'max')];
    const raised = low ? emit.op('maximum', [node.input(0), low]) : node.input(0);
    return high ? emit.op('minimum', [raised, high]) : raised;
  },
  Equal: comparison(binary('equal', a, b)),
  Greater: comparison(binary('greater', a, b)),
  GreaterOrEqual: comparison(binary('greaterEqual', a, b)),
  Less: comparison(binary('less', a, b)),
  LessOrEqual: comparison(binary('lessEqual', a, b)),
  And: logical(multiply(truth(a), truth(b))),
  Or: logical(binary('maximum', truth(a), truth(b))),
  Xor: logical(binary('notEqual', truth(a), truth(b))),
  Not: (node) => pointwise(node.emit, [node.input(0)], binary('equal', a, constant(0))),
  Where: (node) => node.as(node.elementType(1), node.emit.op('select', node.inputs())),
  BitShift: shift,
  BitwiseAnd: bitwise((p, q) => multiply(p, q)),
  BitwiseOr: bitwise((p, q) => binary('maximum', p, q)),
  BitwiseXor: bitwise((p, q) => binary('notEqual', p, q)),
  BitwiseNot: (node) => {
    const type = node.elementType();
    const { signed } = { signed: false, ...elementFormat(type) };
    if (!signed && bitsOf(type) > 16) return node.unsupported(`numbers of type ${type}`);
    return pointwise(node.emit, [node.input(0)], subtract(constant(signed ? -1 : 2 ** bitsOf(type) - 1), a));
  },
});
