import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { f32, sizeOf } from '../ir/shape.ts';
import type { OpAttributes, OpName, Shape, TypedArray } from '../ir/types.ts';
import { runOp } from '../ops/conformance.ts';
import type { HostTensor } from '../ops/defineOp.ts';
import { opDefinition } from '../ops/registry.ts';
import type { Backend } from './backend.ts';
import { createReferenceBackend } from './reference/referenceBackend.ts';
import { createBackend } from './select.ts';
import { createWasmBackend } from './wasm/wasmBackend.ts';
import { testGpu } from './webgpu/testDevice.ts';

const { gpu } = await testGpu();
const backends: [string, number, () => Promise<Backend>][] = [
  ['reference', 60, async () => createReferenceBackend()],
  ['wasm', 150, () => createWasmBackend()],
  ...(gpu ? [['webgpu', 60, () => createBackend('webgpu', gpu)] as [string, number, () => Promise<Backend>]] : []),
];

/** Smallest normal float32; a GPU may take what is smaller for 0 (https://www.w3.org/TR/WGSL/#floating-point-evaluation). */
const TINY = 2 ** -126;
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const special = [nan, inf, -inf, 0, -0, 1e-40, -1e-45, TINY, 1, -1, 0.5, -2.5, 3, 88.7, -104, 65504];
const huge = [3.4e38, -3e38, 1e30];
/** Those of one size, whose sums lose nothing. */
const mild = special.filter((value) => !(Number.isFinite(value) && Math.abs(value) > 10));

interface Case<Name extends OpName = OpName> {
  readonly name: Name;
  readonly inputs: readonly HostTensor[];
  readonly attributes: OpAttributes[Name];
  /** Whether every bit is settled: nothing is rounded, and zeros have their sign. */
  readonly exact: boolean;
}

const make = <Name extends OpName>(
  name: Name,
  inputs: readonly HostTensor[],
  attributes: OpAttributes[Name],
  exact = false,
): Case => ({ name, inputs, attributes, exact }) as unknown as Case;

const tensorOf = (shape: Shape, numbers: readonly number[]): fc.Arbitrary<HostTensor> =>
  fc
    .array(fc.constantFrom(...numbers), { minLength: sizeOf(shape), maxLength: sizeOf(shape) })
    .map((list) => ({ type: f32(...shape), data: Float32Array.from(list) }));

/** Batch of 1, odd sizes, sizes around the width of a vector and of a tile, and none at all. */
const extent = fc.constantFrom(1, 1, 2, 3, 5, 7, 9, 17, 33, 65);
const perhapsEmpty = fc.oneof({ weight: 5, arbitrary: extent }, { weight: 1, arbitrary: fc.constant(0) });
const none = {} as Record<string, never>;

const movement: fc.Arbitrary<Case> = fc
  .tuple(perhapsEmpty, extent)
  .chain(([n, m]) =>
    fc
      .tuple(tensorOf([n, m], [...special, ...huge]), tensorOf([n, m], special), fc.nat(5))
      .map(
        ([a, b, which]) =>
          [
            make('transpose', [a], { permutation: [1, 0] }, true),
            make('concat', [a, b], { axis: 1 }, true),
            make('pad', [a], { before: [0, 1], after: [2, 0], value: -0 }, true),
            make('slice', [a], { starts: [0, m - 1], sizes: [n, 1] }, true),
            make('negate', [a], none, true),
            make('abs', [a], none, true),
          ][which]!,
      ),
  );

const unary = ['relu', 'sign', 'exp', 'log', 'sqrt', 'square', 'tanh', 'sigmoid', 'erf', 'softplus', 'gelu'] as const;
const binary = ['add', 'subtract', 'multiply', 'divide', 'maximum', 'minimum', 'equal', 'less', 'greater'] as const;

const pointwise: fc.Arbitrary<Case> = fc.tuple(perhapsEmpty, extent).chain(([n, m]) =>
  fc.oneof(
    fc
      .tuple(tensorOf([n, m], [...special, ...huge]), fc.constantFrom(...unary))
      .map(([a, name]) => make(name, [a], none)),
    fc
      .tuple(tensorOf([n, m], [...special, ...huge]), tensorOf([m], special), fc.constantFrom(...binary))
      .map(([a, b, name]) => make(name, [a, b], none)),
  ),
);

// Sums of huge numbers overflow or not by the order of the terms: nobody's to define.
const reduction: fc.Arbitrary<Case> = fc
  .tuple(perhapsEmpty, extent)
  .chain(([n, m]) =>
    fc
      .tuple(tensorOf([n, m], mild), fc.nat(5))
      .map(
        ([a, which]) =>
          [
            make('sum', [a], { axes: [1], keepDims: false }),
            make('mean', [a], { axes: [1], keepDims: true }),
            make('reduceMaximum', [a], { axes: [1], keepDims: false }),
            make('argmax', [a], { axis: 1 }),
            make('softmax', [a], { axis: 1 }),
            make('logSoftmax', [a], { axis: 1 }),
          ][which]!,
      ),
  );

const product: fc.Arbitrary<Case> = fc
  .tuple(extent, perhapsEmpty, extent)
  .chain(([m, k, n]) => fc.tuple(tensorOf([m, k], mild), tensorOf([k, n], mild)))
  .map(([a, b]) => make('matmul', [a, b], { transposeA: false, transposeB: false }));

const window: fc.Arbitrary<Case> = fc
  .tuple(fc.constantFrom(1, 3), fc.constantFrom(3, 5, 9), fc.constantFrom(3, 4, 7))
  .chain(([n, h, w]) => fc.tuple(tensorOf([n, 2, h, w], mild), tensorOf([3, 2, 3, 3], [1, -1, 0.5, 2]), fc.nat(2)))
  .map(([x, w, which]) => {
    const steps = { stride: [1, 2], padding: [1, 1], dilation: [1, 1] };
    return [
      make('convolution', [x, w], { ...steps, groups: 1 }),
      make('maxPool', [x], { ...steps, kernelSize: [2, 3], ceilMode: true }),
      make('avgPool', [x], { kernelSize: [2, 3], stride: [1, 2], padding: [1, 1], countIncludePad: false }),
    ][which]!;
  });

describe.each(backends)('special numbers on %s', (name, numRuns, create) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await create();
  });
  afterAll(() => backend.dispose());

  it.each(Object.entries({ movement, pointwise, reduction, product, window }))(
    '%s of NaN, infinities, -0, denormals and odd or empty sizes mean what the reference means',
    async (_, cases) => {
      await fc.assert(
        fc.asyncProperty(cases, async (test) => {
          const { reference } = opDefinition(test.name);
          const given = await runOp(backend, test.name, test.inputs, test.attributes);
          const wanted = reference(test.inputs, test.attributes);
          // What a device that has no denormals may give instead.
          const flushed = name === 'webgpu' ? reference(test.inputs.map(withoutDenormals), test.attributes) : undefined;
          wanted.forEach((each, k) => {
            expect(given[k]!.length).toBe(each.length);
            each.forEach((value, i) => {
              const ours = given[k]![i]!;
              const other = flushed?.[k]?.[i];
              const fits = agrees(ours, value, test.exact) || (other !== undefined && agrees(ours, other, test.exact));
              expect(fits, `${test.name}: element ${i} is ${ours}, expected ${value}`).toBe(true);
            });
          });
        }),
        { numRuns },
      );
    },
    120_000,
  );

  it('goes beyond the most workgroups that one dimension of a dispatch has', async () => {
    const count = 65_535 * 64 + 5;
    const a = { type: f32(count), data: Float32Array.from({ length: count }, (_, i) => i % 1000) };
    const [sums] = await runOp(backend, 'add', [a, a], none);
    expect(sums!.length).toBe(count);
    expect(sums!.every((value, i) => value === 2 * (i % 1000))).toBe(true);
    const rows = 70_001;
    const table = { type: f32(rows, 3), data: Float32Array.from({ length: 3 * rows }, (_, i) => (i * 7) % 11) };
    const [best] = await runOp(backend, 'reduceMaximum', [table], { axes: [1], keepDims: false });
    const [wanted] = opDefinition('reduceMaximum').reference([table], { axes: [1], keepDims: false });
    expect(best).toEqual(wanted);
    const column = { type: f32(rows, 3, 1), data: table.data };
    const row = { type: f32(rows, 1, 3), data: table.data };
    const [products] = await runOp(backend, 'matmul', [row, column], { transposeA: false, transposeB: false });
    const squares = (i: number): number => [0, 1, 2].reduce((sum, k) => sum + table.data[3 * i + k]! ** 2, 0);
    expect(products!.every((value, i) => value === squares(i))).toBe(true);
  }, 60_000);
});

/** The same number: NaN for NaN, infinity for infinity, and near enough where something is rounded. */
function agrees(ours: number, wanted: number, exact: boolean): boolean {
  if (Object.is(ours, wanted) || (Number.isNaN(ours) && Number.isNaN(wanted))) return true;
  if (exact) return false;
  return Math.abs(ours - wanted) <= TINY + 2e-5 * Math.abs(wanted) + 1e-6 * Number(Math.abs(wanted) < 1);
}

function withoutDenormals({ type, data }: HostTensor): HostTensor {
  const flush = (value: number): number => (Math.abs(value) < TINY ? value * 0 : value);
  return { type, data: (data as TypedArray & Float32Array).map(flush) };
}
