import type { Value } from '../ir/types.ts';
import { binary, constant, load, multiply, select, unary } from '../kernels/expression.ts';
import { pointwise } from './compose.ts';
import type { ShortFloat } from './elementTypes.ts';
import type { FoldingEmitter } from './foldingEmitter.ts';

/** Steps below this are left as they are: a device may take such small numbers for 0. */
const SMALLEST_EXPONENT = -100;
const LARGEST = 3.4028234663852886e38;

/**
 * Numbers rounded to a shorter float as its own conversion does: to nearest, ties to even; beyond its largest number what
 * the type has there, or that number itself with `saturate`. Only products with powers of two, so that it is exact.
 */
export function roundToShort(
  emit: FoldingEmitter,
  x: Value,
  { digits, least, most, beyond }: ShortFloat,
  saturate: boolean,
): Value {
  const size = emit.op('abs', [x]);
  const lowest = Math.max(least, SMALLEST_EXPONENT);
  // The largest power of two that is not above the number, and its inverse, bit by bit of the exponent.
  let power = emit.fill([], 2 ** lowest);
  let inverse = emit.fill([], 2 ** -lowest);
  for (let bit = 128; bit >= 1; bit /= 2) {
    // In two whole halves: 2^128 is no float32, and 2^½ is not exact.
    const [half, rest] = [2 ** Math.ceil(bit / 2), 2 ** Math.floor(bit / 2)];
    const fits = pointwise(
      emit,
      [size, power],
      binary('greaterEqual', multiply(load(0), constant(1 / half)), multiply(load(1), constant(rest))),
    );
    const scaled = (value: Value, first: number, second: number): Value =>
      pointwise(
        emit,
        [fits, value],
        select(load(0), multiply(multiply(load(1), constant(first)), constant(second)), load(1)),
      );
    [power, inverse] = [scaled(power, half, rest), scaled(inverse, 1 / half, 1 / rest)];
  }
  const whole = unary('round', multiply(multiply(load(0), load(2)), constant(2 ** digits)));
  const scaledBack = multiply(multiply(whole, load(1)), constant(2 ** -digits));
  const rounded = pointwise(emit, [x, power, inverse], select(unary('isFinite', load(0)), scaledBack, load(0)));
  const bound = emit.fill([], most);
  const outside = binary('greater', unary('abs', load(0)), load(1));
  const instead = emit.fill([], saturate ? most : beyond);
  const sign = select(binary('less', load(0), constant(0)), constant(-1), constant(1));
  const result = pointwise(emit, [rounded, bound, instead], select(outside, multiply(sign, load(2)), load(0)));
  if (!Number.isFinite(beyond)) return result;
  // A type without infinities has no NaN either: it becomes 0.
  const number = binary(
    'maximum',
    unary('isFinite', load(0)),
    binary('greater', unary('abs', load(0)), constant(LARGEST)),
  );
  return pointwise(emit, [x, result], select(number, load(1), constant(0)));
}
