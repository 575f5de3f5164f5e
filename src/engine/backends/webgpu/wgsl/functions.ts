import { tanhFit } from '../../../kernels/tanhFit.ts';

/**
 * Scalar functions in WGSL. Built-in `exp`, `log`, `pow`, `tanh`, `sin`, `max` and the like may be inexact by the
 * WGSL specification (§ 15.7.4) and lose NaN and infinity, so those that matter are written out. NaN is found by
 * its bits, since a compiler may assume that `x != x` is false. Polynomials are Taylor sums or least-squares fits;
 * each is within about 2 units in the last place.
 */
interface WgslFunction {
  readonly code: string;
  readonly needs?: readonly WgslFunctionName[];
}

/** c₀ + t·(c₁ + t·(…)) in WGSL. */
function horner(coefficients: readonly number[]): string {
  return coefficients
    .map((coefficient) => `${coefficient}f`)
    .reduceRight((rest, coefficient) => `${coefficient} + t * (${rest})`);
}

const functions = {
  // `opaque_zero` is 0 at run time only: no compiler can fold what is made from it into a constant that it may not have.
  special: { code: 'fn special(bits: u32) -> f32 { return bitcast<f32>(bits | opaque_zero); }' },
  is_nan: { code: 'fn is_nan(x: f32) -> bool { return (bitcast<i32>(x) & 0x7fffffff) > 0x7f800000; }' },
  is_finite: {
    code: 'fn is_finite(x: f32) -> f32 { return select(1.0, 0.0, (bitcast<u32>(x) & 0x7f800000u) == 0x7f800000u); }',
  },
  maximum: {
    needs: ['is_nan'],
    code: 'fn maximum(a: f32, b: f32) -> f32 { return select(select(max(a, b), b, is_nan(b)), a, is_nan(a)); }',
  },
  minimum: {
    needs: ['is_nan'],
    code: 'fn minimum(a: f32, b: f32) -> f32 { return select(select(min(a, b), b, is_nan(b)), a, is_nan(a)); }',
  },
  // Whether element (a, i) is chosen over (b, j) by argmax: NaN wins, then size, then the lower place.
  comes_first_max: {
    needs: ['is_nan'],
    code: `fn comes_first_max(a: f32, i: i32, b: f32, j: i32) -> bool {
  let an = is_nan(a); let bn = is_nan(b);
  return select(select((a > b) | ((a == b) & (i < j)), false, bn), !bn | (i < j), an);
}`,
  },
  comes_first_min: {
    needs: ['is_nan'],
    code: `fn comes_first_min(a: f32, i: i32, b: f32, j: i32) -> bool {
  let an = is_nan(a); let bn = is_nan(b);
  return select(select((a < b) | ((a == b) & (i < j)), false, bn), !bn | (i < j), an);
}`,
  },
  sign_of: {
    needs: ['is_nan'],
    code: `fn sign_of(x: f32) -> f32 {
  return select(select(select(0.0, -1.0, x < 0.0), 1.0, x > 0.0), x, is_nan(x));
}`,
  },
  modulo: {
    code: `fn modulo(a: f32, b: f32) -> f32 {
  let rest = a - b * trunc(a / b);
  return select(rest, rest + b, (rest != 0.0) && ((rest < 0.0) != (b < 0.0)));
}`,
  },
  // exp(x) = 2^n · e^r with |r| ≤ ln2/2; 355/512 is the high part of ln2, so that n times it is exact.
  exp_of: {
    needs: ['is_nan', 'special'],
    code: `fn exp_of(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  if (x > 88.7228394) { return special(0x7f800000u); }
  if (x < -104.0) { return 0.0; }
  let n = round(x * 1.44269502);
  let r = (x - n * 0.693359375) + n * 2.12194440e-4;
  let p = 1.0 + r * (1.0 + r * (0.5 + r * (0.166666667 + r * (0.0416666667 + r * (8.33333333e-3 + r * (1.38888889e-3 + r * 1.98412698e-4))))));
  let half = i32(n) >> 1u;
  let rest = i32(n) - half;
  return p * bitcast<f32>(u32(half + 127) << 23u) * bitcast<f32>(u32(rest + 127) << 23u);
}`,
  },
  expm1: {
    needs: ['exp_of'],
    code: `fn expm1(x: f32) -> f32 {
  let p = x * (1.0 + x * (0.5 + x * (0.166666667 + x * (0.0416666667 + x * (8.33333333e-3 + x * (1.38888889e-3 + x * (1.98412698e-4 + x * 2.48015873e-5)))))));
  return select(exp_of(x) - 1.0, p, abs(x) < 0.35);
}`,
  },
  // log(x) = e·ln2 + 2·atanh((m−1)/(m+1)) with the mantissa m in [√½, √2).
  log_of: {
    needs: ['special'],
    code: `fn log_of(x: f32) -> f32 {
  var bits = bitcast<u32>(x);
  if ((bits & 0x7fffffffu) == 0u) { return special(0xff800000u); }
  if (bits > 0x80000000u) { return special(0x7fc00000u); }
  if (bits >= 0x7f800000u) { return x; }
  var e = 0;
  if (bits < 0x00800000u) { bits = bitcast<u32>(f32(bits)); e = -149; }
  let shifted = bits - 0x3f3504f3u;
  e += bitcast<i32>(shifted) >> 23u;
  let m = bitcast<f32>((shifted & 0x007fffffu) + 0x3f3504f3u);
  let f = m - 1.0;
  let s = f / (2.0 + f);
  let z = s * s;
  let tail = s * z * (0.666666667 + z * (0.4 + z * (0.285714286 + z * (0.222222222 + z * 0.181818182))));
  return f32(e) * 0.693359375 + ((2.0 * s + tail) - f32(e) * 2.12194440e-4);
}`,
  },
  log1p: {
    needs: ['log_of'],
    code: `fn log1p(x: f32) -> f32 {
  let s = x / (2.0 + x);
  let z = s * s;
  let near = 2.0 * s + s * z * (0.666666667 + z * (0.4 + z * (0.285714286 + z * (0.222222222 + z * (0.181818182 + z * 0.153846154)))));
  return select(log_of(1.0 + x), near, abs(x) < 0.4);
}`,
  },
  tanh_of: {
    needs: ['expm1', 'is_nan'],
    code: `fn tanh_of(x: f32) -> f32 {
  let t = expm1(2.0 * min(abs(x), 10.0));
  let y = t / (t + 2.0);
  return select(select(y, -y, x < 0.0), x, is_nan(x));
}`,
  },
  // For the cells of scans: short, without branches.
  tanh_fit: {
    needs: ['is_nan'],
    code: `fn tanh_fit(x: f32) -> f32 {
  let z = clamp(x, -${tanhFit.largest}, ${tanhFit.largest});
  let t = z * z;
  return select(z * (${horner(tanhFit.numerator)}) / (${horner(tanhFit.denominator)}), x, is_nan(x));
}`,
  },
  // π/2 in three parts of few bits each; good for |x| below about 10⁵.
  sine_quadrant: {
    needs: ['special', 'is_nan'],
    code: `fn sine_quadrant(x: f32, quadrant: i32) -> f32 {
  if ((bitcast<u32>(x) & 0x7fffffffu) >= 0x7f800000u) { return special(0x7fc00000u); }
  let n = round(x * 0.636619772);
  let r = ((x - n * 1.5703125) - n * 4.83751297e-4) - n * 7.54978942e-8;
  let z = r * r;
  let s = r + r * z * (-0.166666667 + z * (8.33333333e-3 + z * (-1.98412698e-4 + z * 2.75573192e-6)));
  let c = 1.0 + z * (-0.5 + z * (0.0416666667 + z * (-1.38888889e-3 + z * (2.48015873e-5 - z * 2.75573192e-7))));
  let q = i32(n) + quadrant;
  let y = select(s, c, (q & 1) == 1);
  return select(y, -y, (q & 2) == 2);
}`,
  },
  power: {
    needs: ['exp_of', 'log_of', 'special'],
    code: `fn power(a: f32, b: f32) -> f32 {
  if (b == 0.0) { return 1.0; }
  let size = exp_of(b * log_of(abs(a)));
  if (a >= 0.0 || (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u) { return size; }
  if (floor(b) != b) { return special(0x7fc00000u); }
  return select(size, -size, abs(b - 2.0 * floor(b * 0.5)) == 1.0);
}`,
  },
  erf_of: {
    needs: ['exp_of', 'is_nan'],
    code: `fn erf_of(x: f32) -> f32 {
  let a = min(abs(x), 4.0);
  let z = a * a;
  let near = a * (1.12837923 + z * (-0.376126379 + z * (0.112837829 + z * (-0.0268654376 + z * (5.22105349e-3 + z * (-8.48439639e-4 + z * (1.12682537e-4 - z * 9.67359028e-6)))))));
  let t = 2.42708338e-5 + a * (-1.12886798 + a * (-0.634509265 + a * (-0.10715024 + a * (0.0244784597 + a * (-3.95901781e-3 + a * (3.96612450e-4 - a * 1.82845088e-5))))));
  let y = select(1.0 - exp_of(t), near, a < 1.0);
  return select(select(y, -y, x < 0.0), x, is_nan(x));
}`,
  },
  // 32×32 → high 32 bits by 16-bit halves: WGSL has no wide multiplication.
  multiply_high: {
    code: `fn multiply_high(a: u32, b: u32) -> u32 {
  let al = a & 0xffffu; let ah = a >> 16u;
  let bl = b & 0xffffu; let bh = b >> 16u;
  let low = al * bl;
  let mid = ah * bl + (low >> 16u);
  let cross = al * bh + (mid & 0xffffu);
  return ah * bh + (mid >> 16u) + (cross >> 16u);
}`,
  },
  // Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011): Philox 4×32 with 10 rounds.
  random_uniform: {
    needs: ['multiply_high'],
    code: `fn random_uniform(i: u32, stream: u32, seed: u32, step: u32) -> f32 {
  var c = vec4u(i >> 2u, stream, step, 0u);
  var k = vec2u(seed, 0x67726164u);
  for (var round = 0; round < 10; round++) {
    let high0 = multiply_high(0xd2511f53u, c.x);
    let high1 = multiply_high(0xcd9e8d57u, c.z);
    c = vec4u(high1 ^ c.y ^ k.x, 0xcd9e8d57u * c.z, high0 ^ c.w ^ k.y, 0xd2511f53u * c.x);
    k += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return f32(c[i & 3u] >> 8u) * 5.9604644775390625e-8;
}`,
  },
} as const satisfies Readonly<Record<string, { code: string; needs?: readonly string[] }>>;

export type WgslFunctionName = keyof typeof functions;

/** The code of the functions named and of those they need, in an order that never changes. */
export function functionCode(names: Iterable<WgslFunctionName>): string {
  const wanted = new Set<WgslFunctionName>();
  const want = (name: WgslFunctionName): void => {
    if (wanted.has(name)) return;
    wanted.add(name);
    const entry: WgslFunction = functions[name];
    for (const needed of entry.needs ?? []) want(needed);
  };
  for (const name of names) want(name);
  return (Object.keys(functions) as WgslFunctionName[])
    .filter((name) => wanted.has(name))
    .map((name) => functions[name].code)
    .join('\n');
}
