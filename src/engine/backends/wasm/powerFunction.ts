import { FunctionBuilder, V128 } from './assembler.ts';
import type { MathCalls } from './mathFunctions.ts';

/** exp(b·log|a|), negative for odd b of a negative a; C's rules for 0, 1 and NaN. */
export function buildPower(calls: MathCalls): FunctionBuilder {
  const f = new FunctionBuilder([V128, V128], [V128]);
  const [a, b, y, half] = [0, 1, f.local(V128), f.local(V128)];
  const upper = (x: number) => f.get(x).get(x).shuffle([2, 3, 2, 3]);
  f.get(a).get(b).call(calls('powerOfTwoLanes'));
  upper(a);
  upper(b);
  f.call(calls('powerOfTwoLanes')).shuffle([0, 1, 4, 5]).set(y);
  // 1 even to an infinite power.
  f.splat(1).get(y).get(a).emit('f32x4.abs').splat(1).emit('f32x4.eq');
  f.get(b).get(b).emit('f32x4.eq', 'v128.and', 'v128.bitselect').set(y);
  // Odd b: b is whole and b/2 is not.
  f.get(b).splat(0.5).emit('f32x4.mul').tee(half).emit('f32x4.floor').get(half).emit('f32x4.ne');
  f.get(b)
    .emit('f32x4.floor')
    .get(b)
    .emit('f32x4.eq', 'v128.and')
    .get(a)
    .emit('v128.and')
    .splatBits(-0x80000000)
    .emit('v128.and');
  f.get(y).emit('v128.or').set(y);
  // A negative number with a power that is not whole has no real value.
  f.splat(Number.NaN).get(y).get(a).splat(0).emit('f32x4.lt').get(a).splat(Number.NEGATIVE_INFINITY);
  f.emit('f32x4.gt', 'v128.and')
    .get(b)
    .emit('f32x4.floor')
    .get(b)
    .emit('f32x4.ne', 'v128.and', 'v128.bitselect')
    .set(y);
  f.get(a).get(y).get(b).splat(1).emit('f32x4.eq', 'v128.bitselect').set(y);
  f.splat(1).get(y).get(b).splat(0).emit('f32x4.eq').get(a).splat(1).emit('f32x4.eq', 'v128.or', 'v128.bitselect');
  return f;
}

/**
 * exp(b·log|a|) of the lower two lanes in float64, since the product multiplies the relative error of the logarithm:
 * log m = 2·artanh((m − 1)/(m + 1)) with m in [√½, √2), and the series of exp on ±ln 2 / 2, both to about 1e-10.
 */
export function buildPowerOfTwoLanes(): FunctionBuilder {
  const f = new FunctionBuilder([V128, V128], [V128]);
  const [a, b] = [0, 1];
  const [m, e, s, z] = [f.local(V128), f.local(V128), f.local(V128), f.local(V128)];
  const [log, n, r] = [f.local(V128), f.local(V128), f.local(V128)];
  const series = (x: number, coefficients: readonly number[]): FunctionBuilder => {
    const [last, ...rest] = [...coefficients].reverse();
    f.splatDouble(last as number);
    for (const coefficient of rest) f.get(x).emit('f64x2.mul').splatDouble(coefficient).emit('f64x2.add');
    return f;
  };
  f.get(a).emit('f64x2.promote_low_f32x4', 'f64x2.abs').set(a);
  f.get(b).emit('f64x2.promote_low_f32x4').set(b);
  f.get(a).i32(52).emit('i64x2.shr_u').set(e);
  f.get(e).get(e).shuffle([0, 2, 0, 2]).emit('f64x2.convert_low_i32x4_s').splatDouble(1023).emit('f64x2.sub').set(e);
  f.get(a).splatLong(0x000fffffffffffffn).emit('v128.and').splatLong(0x3ff0000000000000n).emit('v128.or').set(m);
  f.get(m).splatDouble(Math.SQRT2).emit('f64x2.gt').set(z);
  f.get(m).splatDouble(0.5).emit('f64x2.mul').get(m).get(z).emit('v128.bitselect').set(m);
  f.get(e).get(z).splatDouble(1).emit('v128.and', 'f64x2.add').set(e);
  f.get(m).splatDouble(1).emit('f64x2.sub').get(m).splatDouble(1).emit('f64x2.add', 'f64x2.div').set(s);
  f.get(s).get(s).emit('f64x2.mul').set(z);
  series(z, [2, 2 / 3, 2 / 5, 2 / 7, 2 / 9, 2 / 11, 2 / 13])
    .get(s)
    .emit('f64x2.mul');
  f.get(e).splatDouble(Math.LN2).emit('f64x2.mul', 'f64x2.add').set(log);
  // Infinity and NaN are their own logarithm; that of 0 is −∞.
  f.get(log).get(a).get(a).splatDouble(Number.POSITIVE_INFINITY).emit('f64x2.lt', 'v128.bitselect').set(log);
  f.get(log).splatDouble(Number.NEGATIVE_INFINITY).splatDouble(0).get(a);
  f.emit('f64x2.lt').get(a).get(a).emit('f64x2.ne', 'v128.or', 'v128.bitselect');
  f.get(b).emit('f64x2.mul').splatDouble(-200).emit('f64x2.max').splatDouble(200).emit('f64x2.min').set(r);
  f.get(r).splatDouble(Math.LOG2E).emit('f64x2.mul', 'f64x2.nearest').set(n);
  f.get(r).get(n).splatDouble(Math.LN2).emit('f64x2.mul', 'f64x2.sub').set(r);
  series(r, [1, 1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40320]);
  f.get(n).emit('i32x4.trunc_sat_f64x2_s_zero').splatBits(1023).emit('i32x4.add', 'i64x2.extend_low_i32x4_s');
  return f.i32(52).emit('i64x2.shl', 'f64x2.mul', 'f32x4.demote_f64x2_zero');
}
