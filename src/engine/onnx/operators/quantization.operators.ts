import type { Shape, Value } from '../../ir/types.ts';
import { add, binary, constant, load, unary } from '../../kernels/expression.ts';
import { expand, pointwise, reduce, reshape, sliceAxis } from '../compose.ts';
import { defineOperators, type OperatorResult } from '../defineOperators.ts';
import { bitsOf, type ElementType, elementFormat, heldType, isInteger } from '../elementTypes.ts';
import { integerResult } from '../integers.ts';
import type { OperatorContext } from '../operatorContext.ts';
import { convolution } from './convolution.operators.ts';
import { matrixProduct } from './products.operators.ts';

const maximum = (a: ReturnType<typeof load>, b: ReturnType<typeof load>) => binary('maximum', a, b);
const minimum = (a: ReturnType<typeof load>, b: ReturnType<typeof load>) => binary('minimum', a, b);

/** A scale or zero point laid along an axis of x: one number, one an index, or one a block of indices. */
function laid(node: OperatorContext, value: Value, x: Value): Value {
  const { emit } = node;
  const { shape } = value.type;
  const whole = x.type.shape;
  if (shape.length === 0 || (shape.length === 1 && shape[0] === 1)) return reshape(emit, value, []);
  const axis = node.axis(node.int('axis', 1), whole.length);
  const block = node.int('block_size', 0);
  if (block === 0) {
    if (shape.length !== 1) node.refuse(`a scale of [${shape}] without blocks`);
    return node.reshape(value, [shape[0] as number, ...whole.slice(axis + 1).map(() => 1)]);
  }
  const apart: Shape = [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)];
  const repeated: Shape = [...shape.slice(0, axis + 1), block, ...shape.slice(axis + 1)];
  const joined = shape.map((size, own) => (own === axis ? size * block : size));
  const wide = reshape(emit, expand(emit, reshape(emit, value, apart), repeated), joined);
  return sliceAxis(emit, wide, axis, 0, whole[axis] as number);
}

function rangeOf(node: OperatorContext, type: ElementType): [number, number] {
  if (!isInteger(type) || bitsOf(type) > 16) return node.unsupported(`numbers of type ${type}`);
  const { signed } = { signed: false, ...elementFormat(type) };
  const half = 2 ** (bitsOf(type) - 1);
  return signed ? [-half, half - 1] : [0, 2 * half - 1];
}

/** round(x ÷ scale) + zero point, within the type. */
function quantized(node: OperatorContext, x: Value, scale: Value, zero: Value, type: ElementType): OperatorResult {
  const [low, high] = rangeOf(node, type);
  // The quotient is a float32 before it is rounded, on every device: ties depend on it.
  const quotient = node.emit.op('divide', [x, scale]);
  const clamped = maximum(constant(low), minimum(constant(high), add(unary('round', load(0)), load(1))));
  return node.as(type, pointwise(node.emit, [quotient, zero], clamped));
}

function quantizeLinear(node: OperatorContext): OperatorResult {
  const x = node.input(0);
  const number = node.int('output_dtype', 0);
  const type = node.has(2) ? node.elementType(2) : number === 0 ? 'uint8' : heldType(number, node.where);
  const zero = node.optional(2);
  return quantized(node, x, laid(node, node.input(1), x), zero ? laid(node, zero, x) : node.emit.fill([], 0), type);
}

function dequantizeLinear(node: OperatorContext): OperatorResult {
  const x = node.input(0);
  const scale = laid(node, node.input(1), x);
  const zero = node.optional(2);
  const number = node.int('output_dtype', 0);
  const type = number === 0 ? node.elementType(1) : heldType(number, node.where);
  const shifted = zero ? node.emit.op('subtract', [x, laid(node, zero, x)]) : x;
  return node.as(type, node.emit.op('multiply', [shifted, scale]));
}

/** Scale and zero point of uint8 are found from the smallest and the largest element, and 0. */
function dynamicQuantizeLinear(node: OperatorContext): OperatorResult[] {
  const { emit } = node;
  const x = node.input(0);
  const axes = [...x.type.shape.keys()];
  const extreme = (value: Value): Value => reduce(emit, value, 'reduceMaximum', axes, false);
  const high = emit.op('maximum', [extreme(x), emit.fill([], 0)]);
  const low = emit.op('minimum', [emit.op('negate', [extreme(emit.op('negate', [x]))]), emit.fill([], 0)]);
  const scale = emit.op('divide', [emit.op('subtract', [high, low]), emit.fill([], 255)]);
  const place = emit.op('divide', [emit.op('negate', [low]), scale]);
  const zero = pointwise(emit, [place], unary('round', maximum(constant(0), minimum(constant(255), load(0)))));
  return [quantized(node, x, scale, zero, 'uint8'), node.as('float32', scale), node.as('uint8', zero)];
}

/** x − zero point; the zero points of a matrix belong to its rows, or to its columns. */
function centered(node: OperatorContext, x: number, zero: number, alongRows: boolean): Value {
  const value = node.input(x);
  const shift = node.optional(zero);
  if (!shift) return value;
  const { shape } = shift.type;
  const along = shape.length === 1 && (shape[0] as number) > 1 && alongRows ? [...shape, 1] : shape;
  return node.emit.op('subtract', [value, node.reshape(shift, along)]);
}

const absolute = (node: OperatorContext, x: Value): Value => node.emit.op('abs', [x]);

function integerProduct(node: OperatorContext): OperatorResult {
  const [a, b] = [centered(node, 0, 2, true), centered(node, 1, 3, false)];
  const bound = matrixProduct(node, absolute(node, a), absolute(node, b));
  return node.as('int32', integerResult(node, matrixProduct(node, a, b), 'int32', bound));
}

function integerConvolution(node: OperatorContext): OperatorResult {
  const x = centered(node, 0, 2, false);
  const w = weightsWithoutZero(node, 1, 3);
  const bound = convolution(node, absolute(node, x), absolute(node, w));
  return node.as('int32', integerResult(node, convolution(node, x, w), 'int32', bound));
}

/** Zero points of a convolution's weights belong to its outputs. */
function weightsWithoutZero(node: OperatorContext, w: number, zero: number): Value {
  const shift = node.optional(zero);
  if (!shift) return node.input(w);
  const size = shift.type.shape.length === 0 ? 1 : (shift.type.shape[0] as number);
  return node.emit.op('subtract', [
    node.input(w),
    node.reshape(shift, [
      size,
      ...node
        .shape(w)
        .slice(1)
        .map(() => 1),
    ]),
  ]);
}

/** Sums of integer products, scaled back to integers. */
function rescaled(
  node: OperatorContext,
  sums: Value,
  bound: Value,
  factors: [number, number],
  to: [number, number],
  shape: Shape,
): OperatorResult {
  const { emit } = node;
  node.guard(sums, bound);
  const scale = (i: number): Value => {
    const value = node.input(i);
    return value.type.shape.length === 1 && (value.type.shape[0] as number) > 1
      ? node.reshape(value, shape)
      : node.reshape(value, []);
  };
  const product = emit.op('multiply', [emit.op('multiply', [sums, scale(factors[0])]), scale(factors[1])]);
  return quantized(
    node,
    product,
    node.reshape(node.input(to[0]), []),
    node.reshape(node.input(to[1]), []),
    node.elementType(to[1]),
  );
}

function quantizedProduct(node: OperatorContext): OperatorResult {
  const [a, b] = [centered(node, 0, 2, true), centered(node, 3, 5, false)];
  const bound = matrixProduct(node, absolute(node, a), absolute(node, b));
  return rescaled(node, matrixProduct(node, a, b), bound, [1, 4], [6, 7], [b.type.shape.at(-1) as number]);
}

function quantizedConvolution(node: OperatorContext): OperatorResult {
  const x = centered(node, 0, 2, false);
  const w = weightsWithoutZero(node, 3, 5);
  const bias = node.optional(8);
  const sums = convolution(node, x, w, bias);
  const bound = convolution(node, absolute(node, x), absolute(node, w), bias && absolute(node, bias));
  const channels = [w.type.shape[0] as number, ...w.type.shape.slice(2).map(() => 1)];
  return rescaled(node, sums, bound, [1, 4], [6, 7], channels);
}

/** https://onnx.ai/onnx/operators/ — numbers as integers with a scale, and products of such. */
export default defineOperators('computes', {
  QuantizeLinear: quantizeLinear,
  DequantizeLinear: dequantizeLinear,
  DynamicQuantizeLinear: dynamicQuantizeLinear,
  MatMulInteger: integerProduct,
  ConvInteger: integerConvolution,
  QLinearMatMul: quantizedProduct,
  QLinearConv: quantizedConvolution,
});
