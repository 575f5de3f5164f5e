import type { Emitter } from '../../ir/emitter.ts';
import { sizeOf } from '../../ir/shape.ts';
import type { Shape, Value } from '../../ir/types.ts';
import {
  add,
  binary,
  constant,
  divide,
  type Expression,
  index,
  multiply,
  select,
  subtract,
  unary,
} from '../../kernels/expression.ts';

/**
 * A linear map along one axis: each number along it becomes a weighted sum of those that were there.
 * @param size how many there are then
 * @param weight of the old number `index(1)` in the new number `index(0)`
 */
export function mapAxis(emit: Emitter, x: Value, axis: number, size: number, weight: Expression): Value {
  const { shape } = x.type;
  const spec = { kind: 'map', dims: [size, shape[axis]!], loads: [], outputs: [weight] } as const;
  const matrix = emit.op('compute', [], { spec });
  const [rows, behind] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
  const product =
    behind === 1
      ? emit.op('matmul', [emit.op('reshape', [x], { shape: [rows, shape[axis]!] }), matrix], {
          transposeA: false,
          transposeB: true,
        })
      : emit.op('matmul', [matrix, emit.op('reshape', [x], { shape: [rows, shape[axis]!, behind] })], {
          transposeA: false,
          transposeB: false,
        });
  return emit.op('reshape', [product], { shape: shape.map((extent, i) => (i === axis ? size : extent)) });
}

/** Multiply-adds of mapping the axes behind the first of a sample to these sizes, the last axis first. */
export function mapProducts(sample: Shape, sizes: readonly number[]): number {
  const shape = [...sample];
  return sizes.reduceRight((sum, size, i) => {
    const products = sizeOf(shape) * size;
    shape[1 + i] = size;
    return sum + products;
  }, 0);
}

/**
 * Weights of linear interpolation: a number counts the less the farther it is from the place that is asked for, and
 * nothing from the next number on. Places as in torch.nn.Upsample.
 */
export function interpolationWeight(from: number, to: number, alignCorners: boolean): Expression {
  const place = alignCorners
    ? multiply(index(0), constant(to > 1 ? (from - 1) / (to - 1) : 0))
    : subtract(multiply(add(index(0), constant(0.5)), constant(from / to)), constant(0.5));
  const inside = binary('minimum', binary('maximum', place, constant(0)), constant(from - 1));
  const distance = unary('abs', subtract(inside, index(1)));
  return binary('maximum', subtract(constant(1), distance), constant(0));
}

/** Weights of an adaptive average: number o is the mean of those from ⌊o·from/to⌋ to ⌈(o + 1)·from/to⌉. */
export function adaptiveWeight(from: number, to: number): Expression {
  // Half a step off whole quotients, so that no rounding of a division changes a floor.
  const quotient = (numerator: Expression, half: number): Expression =>
    unary('floor', divide(add(numerator, constant(half)), constant(to)));
  const product = multiply(index(0), constant(from));
  const start = quotient(product, 0.5);
  const end = quotient(product, from + to - 0.5);
  const within = multiply(binary('lessEqual', start, index(1)), binary('less', index(1), end));
  return select(within, divide(constant(1), subtract(end, start)), constant(0));
}
