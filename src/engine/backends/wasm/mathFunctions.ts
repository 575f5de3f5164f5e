import { FunctionBuilder, V128 } from './assembler.ts';
import { emitExp } from './inlineMath.ts';
import { buildPower, buildPowerOfTwoLanes } from './powerFunction.ts';

/** Functions of four float32 that WebAssembly lacks; each is emitted once into a module that needs it. */
export type MathName = 'exp' | 'expm1' | 'log' | 'log1p' | 'tanh' | 'erf' | 'sin' | 'cos' | 'power' | 'powerOfTwoLanes';

/** Numbers of functions already in the module, by name. */
export type MathCalls = (name: MathName) => number;

export function buildMath(name: MathName, calls: MathCalls): FunctionBuilder {
  switch (name) {
    case 'exp':
      return buildExp();
    case 'expm1':
      return buildExpm1(calls);
    case 'log':
      return buildLog();
    case 'log1p':
      return buildLog1p(calls);
    case 'tanh':
      return buildTanh(calls);
    case 'erf':
      return buildErf(calls);
    case 'sin':
      return buildSine(0);
    case 'cos':
      return buildSine(1);
    case 'power':
      return buildPower(calls);
    case 'powerOfTwoLanes':
      return buildPowerOfTwoLanes();
  }
}

/** Leaves c₀ + x·(c₁ + x·(…)) for the variable in a local. */
function polynomial(f: FunctionBuilder, x: number, coefficients: readonly number[]): FunctionBuilder {
  const [last, ...rest] = [...coefficients].reverse();
  f.splat(last as number);
  for (const coefficient of rest) f.get(x).emit('f32x4.mul').splat(coefficient).emit('f32x4.add');
  return f;
}

function buildExp(): FunctionBuilder {
  const f = new FunctionBuilder([V128], [V128]);
  emitExp(f.get(0));
  return f;
}

/** Series where eˣ − 1 would cancel, else eˣ − 1. */
function buildExpm1(calls: MathCalls): FunctionBuilder {
  const f = new FunctionBuilder([V128], [V128]);
  const x = 0;
  polynomial(f, x, [1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40320, 1 / 362880]);
  f.get(x).emit('f32x4.mul');
  f.get(x).call(calls('exp')).splat(1).emit('f32x4.sub');
  return f.get(x).emit('f32x4.abs').splat(0.5).emit('f32x4.lt', 'v128.bitselect');
}

/** Exponent and mantissa in [√½, √2), then a polynomial (Cephes, logf); denormals are scaled up first. */
function buildLog(): FunctionBuilder {
  const f = new FunctionBuilder([V128], [V128]);
  const [x, m, e, z, small] = [0, f.local(V128), f.local(V128), f.local(V128), f.local(V128)];
  f.get(x).splat(1.17549435e-38).emit('f32x4.lt').set(small);
  f.get(x).splat(8388608).emit('f32x4.mul').get(x).get(small).emit('v128.bitselect').set(m);
  f.get(m).i32(23).emit('i32x4.shr_u').splatBits(126).emit('i32x4.sub', 'f32x4.convert_i32x4_s');
  f.get(small).splat(23).emit('v128.and', 'f32x4.sub').set(e);
  f.get(m).splatBits(0x007fffff).emit('v128.and').splatBits(0x3f000000).emit('v128.or').set(m);
  const low = f.local(V128);
  f.get(m).splat(Math.SQRT1_2).emit('f32x4.lt').set(low);
  f.get(e).get(low).splat(1).emit('v128.and', 'f32x4.sub').set(e);
  f.get(m).splat(1).emit('f32x4.sub').get(low).get(m).emit('v128.and', 'f32x4.add').set(m);
  f.get(m).get(m).emit('f32x4.mul').set(z);
  polynomial(
    f,
    m,
    [
      3.3333331174e-1, -2.4999993993e-1, 2.0000714765e-1, -1.6668057665e-1, 1.4249322787e-1, -1.2420140846e-1,
      1.167699874e-1, -1.151461031e-1, 7.0376836292e-2,
    ],
  );
  f.get(m).emit('f32x4.mul').get(z).emit('f32x4.mul');
  f.get(e).splat(-2.1219444e-4).emit('f32x4.mul', 'f32x4.add');
  f.get(z).splat(0.5).emit('f32x4.mul', 'f32x4.sub').get(m).emit('f32x4.add');
  f.get(e).splat(0.693359375).emit('f32x4.mul', 'f32x4.add').set(z);
  // log of ∞ and NaN is itself; of 0 −∞; of what is negative NaN.
  f.get(x).get(z).get(x).splat(Number.POSITIVE_INFINITY).emit('f32x4.lt', 'v128.not', 'v128.bitselect').set(z);
  f.splat(Number.NEGATIVE_INFINITY).get(z).get(x).splat(0).emit('f32x4.eq', 'v128.bitselect').set(z);
  return f.splat(Number.NaN).get(z).get(x).splat(0).emit('f32x4.lt', 'v128.bitselect');
}

/** log u − ((u − 1) − x) / u with u = 1 + x: what was rounded off is put back. */
function buildLog1p(calls: MathCalls): FunctionBuilder {
  const f = new FunctionBuilder([V128], [V128]);
  const [x, u, y] = [0, f.local(V128), f.local(V128)];
  f.get(x).splat(1).emit('f32x4.add').tee(u).call(calls('log')).set(y);
  f.get(y).get(u).splat(1).emit('f32x4.sub').get(x).emit('f32x4.sub').get(u).emit('f32x4.div', 'f32x4.sub');
  // Where u is 0 or infinite the correction is NaN, and log u is right already.
  f.get(y)
    .get(u)
    .splat(0)
    .emit('f32x4.gt')
    .get(u)
    .splat(Number.POSITIVE_INFINITY)
    .emit('f32x4.lt', 'v128.and', 'v128.bitselect')
    .set(y);
  return f.get(x).get(y).get(u).splat(1).emit('f32x4.eq', 'v128.bitselect');
}

/** −t / (t + 2) with t = e^−2|x| − 1, and the sign of x. */
function buildTanh(calls: MathCalls): FunctionBuilder {
  const f = new FunctionBuilder([V128], [V128]);
  const [x, t] = [0, f.local(V128)];
  f.get(x).emit('f32x4.abs').splat(-2).emit('f32x4.mul').call(calls('expm1')).set(t);
  f.get(t).emit('f32x4.neg').get(t).splat(2).emit('f32x4.add', 'f32x4.div');
  return f.get(x).splatBits(-0x80000000).emit('v128.and', 'v128.or');
}

/**
 * x + x·P(x²) for |x| < 0.95, else 1 − exp(P(|x|)) with the sign of x. The polynomials are weighted least-maximum fits to
 * erf(x)/x − 1 and to the logarithm of erfc; beyond 4 erf is 1 in float32.
 */
function buildErf(calls: MathCalls): FunctionBuilder {
  const f = new FunctionBuilder([V128], [V128]);
  const [x, t, z] = [0, f.local(V128), f.local(V128)];
  f.get(x).get(x).emit('f32x4.mul').set(z);
  f.get(x).emit('f32x4.abs').splat(4).emit('f32x4.pmin').set(t);
  polynomial(
    f,
    z,
    [
      0.12837916612625122, -0.37612631916999817, 0.11283654719591141, -0.0268571674823761, 0.005195599980652332,
      -0.0008082452695816755, 8.121893188217655e-5,
    ],
  );
  f.get(x).emit('f32x4.mul').get(x).emit('f32x4.add');
  f.splat(1);
  polynomial(
    f,
    t,
    [
      0.00018344761338084936, -1.1295568943023682, -0.633262574672699, -0.1083725169301033, 0.025178994983434677,
      -0.004193622153252363, 0.0004391087277326733, -2.1496327462955378e-5,
    ],
  );
  f.call(calls('exp')).emit('f32x4.sub');
  f.get(x).splatBits(-0x80000000).emit('v128.and', 'v128.or');
  return f.get(t).splat(0.95).emit('f32x4.lt', 'v128.bitselect');
}

/**
 * Sine, or cosine for `quarter` 1: the multiple of π/2 is taken off in float64, so that arguments to 10⁸ stay exact to
 * float32; then the polynomials of Cephes (sinf, cosf) on [−π/4, π/4].
 */
function buildSine(quarter: 0 | 1): FunctionBuilder {
  const f = new FunctionBuilder([V128], [V128]);
  const [x, wide, n, r, z, low] = [0, f.local(V128), f.local(V128), f.local(V128), f.local(V128), f.local(V128)];
  const reduce = () => {
    f.emit('f64x2.promote_low_f32x4')
      .tee(wide)
      .splatDouble(2 / Math.PI)
      .emit('f64x2.mul', 'f64x2.nearest')
      .set(n);
    f.get(wide)
      .get(n)
      .splatDouble(Math.PI / 2)
      .emit('f64x2.mul', 'f64x2.sub');
    f.get(n).splatDouble(6.123233995736766e-17).emit('f64x2.mul', 'f64x2.sub', 'f32x4.demote_f64x2_zero');
    // n mod 4 from its low bits: n − 4·round(n/4) is exact and small.
    f.get(n)
      .get(n)
      .splatDouble(0.25)
      .emit('f64x2.mul', 'f64x2.nearest')
      .splatDouble(4)
      .emit('f64x2.mul', 'f64x2.sub', 'f32x4.demote_f64x2_zero');
  };
  const [lowTurn, turn] = [f.local(V128), f.local(V128)];
  f.get(x);
  reduce();
  f.set(lowTurn).set(low);
  f.get(x).get(x).shuffle([2, 3, 2, 3]);
  reduce();
  f.set(turn).set(r);
  f.get(low).get(r).shuffle([0, 1, 4, 5]);
  // Of a huge argument the angle means nothing, but a sine stays within ±1.
  f.splat(-0.7854).emit('f32x4.pmax').splat(0.7854).emit('f32x4.pmin').set(r);
  f.get(lowTurn).get(turn).shuffle([0, 1, 4, 5]).splat(quarter).emit('f32x4.add', 'i32x4.trunc_sat_f32x4_s').set(turn);
  f.get(r).get(r).emit('f32x4.mul').set(z);
  // Cosine on odd quarters, sine on even ones.
  polynomial(f, z, [4.166664568298827e-2, -1.388731625493765e-3, 2.443315711809948e-5]);
  f.get(z)
    .emit('f32x4.mul')
    .get(z)
    .emit('f32x4.mul')
    .get(z)
    .splat(0.5)
    .emit('f32x4.mul', 'f32x4.sub')
    .splat(1)
    .emit('f32x4.add');
  polynomial(f, z, [-1.6666654611e-1, 8.3321608736e-3, -1.9515295891e-4]);
  f.get(z).emit('f32x4.mul').get(r).emit('f32x4.mul').get(r).emit('f32x4.add');
  f.get(turn).splatBits(1).emit('v128.and').splatBits(1).emit('i32x4.eq', 'v128.bitselect').set(z);
  // Quarters 2 and 3 are negative.
  f.get(z).get(turn).splatBits(2).emit('v128.and').i32(30).emit('i32x4.shl', 'v128.xor').set(z);
  return f
    .get(z)
    .get(x)
    .get(x)
    .emit('f32x4.sub')
    .get(x)
    .emit('f32x4.abs')
    .splat(Number.POSITIVE_INFINITY)
    .emit('f32x4.lt', 'v128.bitselect');
}
