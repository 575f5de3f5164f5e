import fc from 'fast-check';
import { expect, it } from 'vitest';
import { f32, sizeOf } from '../../ir/shape.ts';
import { access, term } from '../../kernels/access.ts';
import { binary, constant, load, select, stage } from '../../kernels/expression.ts';
import type { ContractSpec, MapSpec, ReduceSpec } from '../../kernels/spec.ts';
import { randomContract, randomMap, randomReduce } from '../../kernels/testRandom.ts';
import softmax from '../../ops/softmax.op.ts';
import { agrees, runKernel } from './testKernel.ts';
import { createWasmBackend } from './wasmBackend.ts';

// All data are small whole numbers, so that float32 results are exact whatever the order of summation.
const backend = await createWasmBackend();
const numRuns = 150;

it.each([
  ['computes maps', randomMap],
  ['computes reductions', randomReduce],
  ['multiplies in any arrangement of dims', randomContract],
])('%s', async (_, make) => {
  const property = fc.asyncProperty(fc.integer(), async (seed) => {
    const { spec, operands } = make(seed);
    await agrees(backend, spec, operands);
  });
  await fc.assert(property, { numRuns });
});

it('sums over reads that divide differently', async () => {
  const dims = [6, 4];
  const halves = (operand: number, offset: number) =>
    access(operand, [4], dims, [{ terms: [term(0), term(1, -1)], offset, divisor: 2 }]);
  const spec: ReduceSpec = {
    kind: 'reduce',
    dims,
    inner: 1,
    // Where one of the first two is whole the other is not.
    loads: [halves(0, 0), halves(1, 1), access(2, [6], dims, [{ terms: [term(0)] }])],
    stages: [{ combine: 'sum', value: select(load(2), load(0), load(1)) }],
    outputs: [{ over: 'outer', order: [0], value: stage(0) }],
  };
  const operands = [Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6, 7, 8), Float32Array.of(0, 1, 0, 1, 0, 1)];
  await agrees(backend, spec, operands);
});

it.each([
  [1, 1, 1],
  [1, 300, 5],
  [3, 257, 9],
  [4, 256, 8],
  [17, 513, 31],
  [64, 1, 40],
  [2, 0, 3],
])('multiplies %i×%i by a matrix with %i columns', async (m, k, n) => {
  const matrix = (size: number) => Float32Array.from({ length: size }, (_, i) => ((i * 7919 + 13 * (i % 11)) % 9) - 4);
  const dims = [m, n, k];
  const spec: ContractSpec = {
    kind: 'contract',
    dims: [
      { extent: m, role: 'm' },
      { extent: n, role: 'n' },
      { extent: k, role: 'k' },
    ],
    a: access(0, [m, k], dims, [{ terms: [term(0)] }, { terms: [term(2)] }]),
    b: access(1, [k, n], dims, [{ terms: [term(2)] }, { terms: [term(1)] }]),
    output: [0, 1],
    loads: [],
    epilogue: stage(0),
  };
  await agrees(backend, spec, [matrix(m * k), matrix(k * n)]);
});

it('copies no more of an operand than the loop goes through', async () => {
  const dims = [20, 1, 3];
  const spec: ContractSpec = {
    kind: 'contract',
    dims: dims.map((extent, dim) => ({ extent, role: dim === 1 ? 'n' : 'm' })),
    // Four rows, of which three are read; all reads of the other operand lie outside, so its copy is zeros.
    a: access(0, [4, 20], dims, [{ terms: [term(2)] }, { terms: [term(0)] }]),
    b: access(1, [3], dims, [{ terms: [term(1, -1)], offset: -2, divisor: 3 }]),
    output: [2, 0, 1],
    loads: [],
    epilogue: stage(0),
  };
  await agrees(backend, spec, [new Uint8Array(80).fill(1), Float32Array.of(5, 6, 7)]);
});

const special = Float32Array.of(0, -0, Number.NaN, 1, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);

it.each(['maximum', 'minimum'] as const)('takes the %s with a constant as of any two numbers', async (fn) => {
  const dims = [special.length];
  const read = access(0, dims, dims, [{ terms: [term(0)] }]);
  for (const bound of [0, -0, 0.5, Number.NEGATIVE_INFINITY, Number.NaN]) {
    const outputs = [binary(fn, load(0), constant(bound)), binary(fn, constant(bound), load(0))];
    const spec: MapSpec = { kind: 'map', dims, loads: [read], outputs };
    const given = await runKernel(backend, spec, [special]);
    // As the host's own, which knows −0 from 0.
    const expected = Array.from(special, (x) => (fn === 'maximum' ? Math.max(x, bound) : Math.min(x, bound)));
    expect(given.map((values) => Array.from(values))).toEqual([expected, expected]);
  }
});

it.each([
  ['maximum', 'argmax'],
  ['minimum', 'argmin'],
] as const)('finds the %s and its place', async (extreme, place) => {
  const dims = [special.length, 5];
  const reads = access(0, [special.length], dims, [{ terms: [term(0), term(1)], offset: -2 }], -3);
  const order = [0];
  const spec: ReduceSpec = {
    kind: 'reduce',
    dims,
    inner: 1,
    loads: [reads],
    stages: [
      { combine: extreme, value: load(0) },
      { combine: place, value: load(0) },
    ],
    outputs: [
      { over: 'outer', order, value: stage(0) },
      { over: 'outer', order, value: stage(1) },
    ],
  };
  await agrees(backend, spec, [special]);
});

it.each([
  [[5, 37], 1],
  [[2, 600], 1],
  [[3, 37, 20], 1],
  [[40, 3], 0],
])('keeps the exps of a softmax of %j along axis %i until their sum is known', async (shape, axis) => {
  const type = f32(...shape);
  const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => 4 * Math.sin(i * i));
  const [expected] = softmax.reference([{ type, data }], { axis });
  const [given] = await runKernel(backend, softmax.lower([type], { axis }) as ReduceSpec, [data]);
  expect(given).toHaveLength(data.length);
  for (const [i, value] of (given as Float32Array).entries())
    expect(Math.abs(value / (expected?.[i] as number) - 1)).toBeLessThan(2e-6);
});

it('gives nothing for empty tensors', async () => {
  const dims = [3, 0];
  const spec: MapSpec = { kind: 'map', dims, loads: [], outputs: [constant(1)] };
  expect((await runKernel(backend, spec, []))[0]).toHaveLength(0);
});
