import { expect, it } from 'vitest';
import { broadcastAccess } from '../../kernels/access.ts';
import { type BinaryFunction, binary, load, type UnaryFunction, unary } from '../../kernels/expression.ts';
import { applyBinary, applyUnary } from '../../kernels/interpret.ts';
import { philoxUniforms } from '../../kernels/philox.ts';
import { runKernel } from './testKernel.ts';
import { createWasmBackend } from './wasmBackend.ts';

const backend = await createWasmBackend();
const SPECIAL = [0, -0, 1, -1, 0.5, -0.5, Infinity, -Infinity, NaN, 1e-45, -1e-45, 1e-39, -1e-39, 1.17549435e-38];
SPECIAL.push(3.4028235e38, -3.4028235e38, 88.72283, 88.8, -87.4, -103.9, -104.1, 2, 3, -2, -3, 1e-8, -1e-8, 2 ** 24);

/** Numbers of every size: signs and exponents spread evenly, or linearly within [low, high]. */
function numbers(count: number, [low, high]: readonly [number, number], seed: number): Float32Array {
  const u = philoxUniforms(2 * count, seed, 0, 0);
  return Float32Array.from({ length: count }, (_, i) => {
    const [a, b] = [u[2 * i] as number, u[2 * i + 1] as number];
    if (i % 2) return low + (high - low) * a;
    const size = 2 ** (a * 40 - 39) * Math.max(Math.abs(low), Math.abs(high));
    return low < 0 && b < 0.5 ? -size : size;
  });
}

/** Distance in units in the last place of the float32 nearest to `expected`; 0 where both are the same special number. */
function ulps(given: number, expected: number): number {
  const rounded = Math.fround(expected);
  if (Object.is(given, rounded)) return 0;
  if (!Number.isFinite(rounded) || !Number.isFinite(given)) return Number.POSITIVE_INFINITY;
  const unit = 2 ** Math.max(-149, Math.floor(Math.log2(Math.max(Math.abs(expected), 2 ** -126))) - 23);
  return Math.abs(given - expected) / unit;
}

async function worst(
  given: Promise<ArrayLike<number>>,
  expected: (i: number) => number,
  name: (i: number) => string,
): Promise<{ distance: number; at: string }> {
  let distance = 0;
  let at = '';
  const values = await given;
  for (let i = 0; i < values.length; i++) {
    const own = ulps(values[i] as number, expected(i));
    if (own > distance) {
      distance = own;
      at = `${name(i)} gave ${values[i]}, expected ${expected(i)}`;
    }
  }
  return { distance, at };
}

const UNARY: [UnaryFunction, number, readonly [number, number]][] = [
  ['negate', 0, [-100, 100]],
  ['abs', 0, [-100, 100]],
  ['sign', 0, [-2, 2]],
  ['floor', 0, [-1e9, 1e9]],
  ['round', 0, [-1e3, 1e3]],
  ['isFinite', 0, [-1, 1]],
  ['sqrt', 0.5, [0, 1e30]],
  ['exp', 2, [-110, 95]],
  ['expm1', 3, [-110, 95]],
  ['log', 2, [0, 1e30]],
  ['log1p', 3, [-0.999, 1e6]],
  ['tanh', 3, [-20, 20]],
  ['sin', 2, [-1000, 1000]],
  ['cos', 2, [-1000, 1000]],
  ['erf', 3, [-6, 6]],
];

it.each(UNARY)('%s within %f ulp', async (fn, most, range) => {
  // The angle of a huge number is another matter.
  const special =
    fn === 'sin' || fn === 'cos' ? SPECIAL.filter((x) => !(Math.abs(x) > 1e8 && Math.abs(x) < Infinity)) : SPECIAL;
  const x = Float32Array.from([...special, ...numbers(100_000, range, 7)]);
  const spec = {
    kind: 'map',
    dims: [x.length],
    loads: [broadcastAccess(0, [x.length], [x.length])],
    outputs: [unary(fn, load(0))],
  } as const;
  const { distance, at } = await worst(
    runKernel(backend, spec, [x]).then(([result]) => result as Float32Array),
    (i) => applyUnary(fn, x[i] as number),
    (i) => `${fn}(${x[i]})`,
  );
  expect(distance, at).toBeLessThanOrEqual(most);
});

const BINARY: [BinaryFunction, number, readonly [number, number], readonly [number, number]][] = [
  ['add', 0.5, [-100, 100], [-100, 100]],
  ['divide', 0.5, [-100, 100], [-100, 100]],
  ['maximum', 0, [-2, 2], [-2, 2]],
  ['minimum', 0, [-2, 2], [-2, 2]],
  ['less', 0, [-2, 2], [-2, 2]],
  ['greaterEqual', 0, [-2, 2], [-2, 2]],
  ['equal', 0, [-2, 2], [-2, 2]],
  ['notEqual', 0, [-2, 2], [-2, 2]],
  ['power', 2, [0, 50], [-20, 20]],
  ['power', 2, [-3, 3], [-8, 8]],
];

it.each(BINARY)('%s within %f ulp for %j and %j', async (fn, most, first, second) => {
  const pairs = SPECIAL.flatMap((a) => SPECIAL.map((b) => [a, b] as const));
  const left = Float32Array.from([...pairs.map(([a]) => a), ...numbers(50_000, first, 8)]);
  const right = Float32Array.from([...pairs.map(([, b]) => b), ...numbers(50_000, second, 9)]);
  // 1 to any power is 1 as in C and PyTorch; JavaScript says NaN of an infinite or missing power.
  const expected = (a: number, b: number): number =>
    fn === 'power' && (a === 1 || (a === -1 && Math.abs(b) === Infinity)) ? 1 : applyBinary(fn, a, b);
  const dims = [left.length];
  const spec = {
    kind: 'map',
    dims,
    loads: [0, 1].map((i) => broadcastAccess(i, dims, dims)),
    outputs: [binary(fn, load(0), load(1))],
  } as const;
  const { distance, at } = await worst(
    runKernel(backend, spec, [left, right]).then(([result]) => result as Float32Array),
    (i) => expected(left[i] as number, right[i] as number),
    (i) => `${fn}(${left[i]}, ${right[i]})`,
  );
  expect(distance, at).toBeLessThanOrEqual(most);
});

it.each(['sin', 'cos'] as const)('%s of a huge number stays within ±1', async (fn) => {
  const x = numbers(10_000, [-1e38, 1e38], 10);
  const dims = [x.length];
  const spec = { kind: 'map', dims, loads: [broadcastAccess(0, dims, dims)], outputs: [unary(fn, load(0))] } as const;
  const [result] = await runKernel(backend, spec, [x]);
  expect((result as Float32Array).every((y) => Math.abs(y) <= 1.0000001)).toBe(true);
});
