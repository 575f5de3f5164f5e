import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { f32 } from '../../ir/shape.ts';
import { broadcastAccess } from '../../kernels/access.ts';
import {
  type BinaryFunction,
  binary,
  constant,
  type Expression,
  load,
  select,
  type UnaryFunction,
  unary,
} from '../../kernels/expression.ts';
import { testGpu } from './testDevice.ts';
import { runSpec } from './testRun.ts';
import { createWebgpuBackend, type WebgpuBackend } from './webgpuBackend.ts';

const { gpu, reason } = await testGpu();
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** erf by its Taylor series; 1 − erf(4) is below half a unit in the last place. */
function erf(x: number): number {
  const a = Math.abs(x);
  if (Number.isNaN(x) || a > 4) return Number.isNaN(x) ? x : Math.sign(x);
  let sum = 0;
  let power = a;
  for (let n = 0; n < 200; n++) {
    sum += power / (2 * n + 1);
    power *= -(a * a) / (n + 1);
  }
  return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * sum;
}

function halfToEven(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  if (rest !== 0.5) return Math.round(x);
  return low % 2 === 0 ? low : low + 1;
}

const unaryReference: Record<UnaryFunction, (x: number) => number> = {
  negate: (x) => -x,
  abs: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  round: halfToEven,
  sqrt: Math.sqrt,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  tanh: Math.tanh,
  sin: Math.sin,
  cos: Math.cos,
  erf,
  isFinite: (x) => Number(Number.isFinite(x)),
};

const binaryReference: Record<BinaryFunction, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  power: (a, b) => a ** b,
  maximum: Math.max,
  minimum: Math.min,
  modulo: (a, b) => a - b * Math.floor(a / b),
  equal: (a, b) => Number(a === b),
  notEqual: (a, b) => Number(a !== b),
  less: (a, b) => Number(a < b),
  lessEqual: (a, b) => Number(a <= b),
  greater: (a, b) => Number(a > b),
  greaterEqual: (a, b) => Number(a >= b),
};

describe.skipIf(!gpu)(`scalar functions on WebGPU${reason ? ` (left out: ${reason})` : ''}`, () => {
  let backend: WebgpuBackend;
  beforeAll(async () => {
    backend = (await createWebgpuBackend({ gpu: gpu as GPU })) as WebgpuBackend;
  });
  afterAll(() => backend?.dispose());

  async function compute(value: Expression, ...operands: number[][]): Promise<number[]> {
    const size = (operands[0] as number[]).length;
    const types = operands.map(() => f32(size));
    const loads = types.map((_, k) => broadcastAccess(k, [size], [size]));
    const { outputs } = await runSpec(
      backend,
      { kind: 'map', dims: [size], loads, outputs: [value] },
      operands.map((data) => ({ type: f32(size), data: Float32Array.from(data) })),
      [f32(size)],
    );
    return Array.from(outputs[0] as Float32Array);
  }

  const ordinary = Array.from({ length: 801 }, (_, i) => (i - 400) / 20 + 0.003);
  const small = [1e-3, -1e-3, 1e-6, -1e-6, 0.3, -0.3, 0.36, -0.36, 0.99, 1.01, 87, -87, 3000];

  test.each(Object.keys(unaryReference) as UnaryFunction[])('%s is accurate and keeps NaN and infinity', async (fn) => {
    const reference = unaryReference[fn];
    const inputs = [...ordinary, ...small, 0, 0.5, 1.5, 2.5, -0.5, -1.5, 1e-37, 1e38, -1e38, nan, inf, -inf];
    const x = inputs.filter(
      (value) => !(fn === 'sin' || fn === 'cos') || !(Math.abs(value) > 1e5 && Number.isFinite(value)),
    );
    const got = await compute(unary(fn, load(0)), x);
    for (const [i, value] of x.entries())
      expectClose(got[i] as number, reference(Math.fround(value)), `${fn}(${value})`, 5e-7);
  });

  const pairs = [-inf, -3, -2, -0.5, -0, 0, 0.25, 1, 2.5, 3, 7.25, inf, nan];

  test.each(Object.keys(binaryReference) as BinaryFunction[])('%s does so too', async (fn) => {
    const a = pairs.flatMap((value) => pairs.map(() => value));
    const b = pairs.flatMap(() => pairs);
    const got = await compute(binary(fn, load(0), load(1)), a, b);
    const open = (x: number, y: number): boolean =>
      // Division by 0, remainders of and by infinity, and such powers are nobody's to define.
      ((fn === 'modulo' || fn === 'power') && !(Number.isFinite(x) && Number.isFinite(y))) ||
      (fn === 'modulo' && y === 0);
    a.forEach((x, i) => {
      const y = b[i] as number;
      if (!open(x, y)) expectClose(got[i] as number, binaryReference[fn](x, y), `${fn}(${x}, ${y})`, 1e-6);
    });
  });

  test('a constant on either side changes nothing', async () => {
    expect(await compute(binary('maximum', load(0), constant(0)), [nan, -1, 2, inf])).toEqual([nan, 0, 2, inf]);
    expect(await compute(binary('minimum', constant(0), load(0)), [nan, -1, 2, -inf])).toEqual([nan, -1, 0, -inf]);
    expect(await compute(binary('greater', load(0), constant(0)), [nan, -1, 2, inf])).toEqual([0, 0, 1, 1]);
    expect(await compute(binary('notEqual', load(0), constant(0)), [nan, 0, 2])).toEqual([1, 0, 1]);
    for (const exponent of [-2, -1, 0.5, 1, 2, 3, 4, 5]) {
      const got = await compute(binary('power', load(0), constant(exponent)), [-2, 3, 0.5]);
      for (const [i, x] of [-2, 3, 0.5].entries())
        expectClose(got[i] as number, x ** exponent, `${x}^${exponent}`, 1e-6);
    }
  });

  test('constants that WGSL has no literal for', async () => {
    const kept = (value: number): Expression =>
      select(binary('greater', load(0), constant(0)), constant(value), load(0));
    for (const value of [nan, inf, -inf, 3.4e38, 1e-38]) {
      expect((await compute(kept(value), [1, -1]))[0]).toBe(Math.fround(value));
    }
  });

  test('select hides the branch that is not taken, and takes NaN for true', async () => {
    const value = select(load(0), constant(5), unary('log', load(0)));
    expect(await compute(value, [nan, 1, 0, -3])).toEqual([5, 5, -inf, 5]);
    const guarded = select(binary('less', load(0), constant(0)), constant(7), unary('sqrt', load(0)));
    expect(await compute(guarded, [-4, 4])).toEqual([7, 2]);
  });
});

function expectClose(got: number, want: number, what: string, tolerance: number): void {
  const rounded = Math.fround(want);
  if (got === rounded || (Number.isNaN(got) && Number.isNaN(want))) return;
  const close = Math.abs(got - want) <= tolerance * Math.abs(want) + 1e-7 * Math.min(1, Math.abs(want)) + 1e-38;
  // Sines lose what their argument has beyond a float32.
  const periodic = /^(sin|cos)/.test(what) && Math.abs(got - want) < 3e-7;
  expect(close || periodic, `${what} gives ${got} instead of ${want}`).toBe(true);
}
