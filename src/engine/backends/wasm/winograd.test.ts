import { describe, expect, it } from 'vitest';
import { f32, sizeOf } from '../../ir/shape.ts';
import type { OpAttributes, TypedArray } from '../../ir/types.ts';
import { access, term } from '../../kernels/access.ts';
import { binary, constant, load, stage } from '../../kernels/expression.ts';
import type { ContractSpec } from '../../kernels/spec.ts';
import { drawInputs, runOp } from '../../ops/conformance.ts';
import { opDefinition } from '../../ops/registry.ts';
import { KernelCache } from './kernelCache.ts';
import { WasmMemory } from './memory.ts';
import { agrees } from './testKernel.ts';
import { createWasmBackend } from './wasmBackend.ts';
import { buildWinograd } from './winogradKernel.ts';
import { buildWinogradWeights } from './winogradWeights.ts';

// Small whole numbers, of which the transforms make quarters at the most: float32 results are exact.
const backend = await createWasmBackend();
const compiler = new KernelCache(new WasmMemory(), false);

/** Numbers from −3 to 3 that are alike each time. */
function numbers(size: number, seed: number): Float32Array<ArrayBuffer> {
  let state = seed;
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 24) % 7) - 3;
  });
}

interface Shape {
  readonly images: number;
  readonly channels: number;
  readonly out: number;
  readonly size: readonly [number, number];
  readonly padding: readonly [number, number];
}

const shapes: Shape[] = [
  { images: 4, channels: 8, out: 8, size: [10, 10], padding: [0, 0] },
  { images: 5, channels: 8, out: 12, size: [9, 11], padding: [0, 0] },
  { images: 7, channels: 9, out: 8, size: [8, 7], padding: [1, 1] },
  { images: 4, channels: 11, out: 16, size: [5, 21], padding: [2, 0] },
  // Images that are more than a chunk.
  { images: 4, channels: 8, out: 8, size: [45, 29], padding: [0, 1] },
];
const attributesOf = ({ padding }: Shape) => ({ stride: [1, 1], padding, dilation: [1, 1], groups: 1 });
const outputOf = ({ size, padding }: Shape) => size.map((extent, axis) => extent + 2 * (padding[axis] as number) - 2);

function convolution(shape: Shape): { spec: ContractSpec; data: TypedArray[] } {
  const x = f32(shape.images, shape.channels, ...shape.size);
  const w = f32(shape.out, shape.channels, 3, 3);
  const spec = opDefinition('convolution').lower([x, w], attributesOf(shape)) as ContractSpec;
  return { spec, data: [numbers(sizeOf(x.shape), 1), numbers(sizeOf(w.shape), 2)] };
}

it.each(shapes)('convolves $images×$channels×$size with padding $padding into $out channels', async (shape) => {
  const { spec, data } = convolution(shape);
  expect(buildWinograd(spec, ['f32', 'f32'], 'f32', compiler)).toBeDefined();
  await agrees(backend, spec, data);
});

it.each(shapes)('finds the gradient of $out channels by $images×$channels×$size', async (shape) => {
  const dy = f32(shape.images, shape.out, ...outputOf(shape));
  const w = f32(shape.out, shape.channels, 3, 3);
  const attributes = { ...attributesOf(shape), inputSize: shape.size };
  const spec = opDefinition('convolutionInputGradient').lower([dy, w], attributes) as ContractSpec;
  const used = shape.channels % 4 === 0;
  expect(buildWinograd(spec, ['f32', 'f32'], 'f32', compiler) !== undefined).toBe(used);
  await agrees(backend, spec, [numbers(sizeOf(dy.shape), 3), numbers(sizeOf(w.shape), 4)]);
});

it.each(shapes)('finds the gradient of $channels×$out filters by $images images of $size', async (shape) => {
  const x = f32(shape.images, shape.channels, ...shape.size);
  const dy = f32(shape.images, shape.out, ...outputOf(shape));
  const attributes = { ...attributesOf(shape), kernelSize: [3, 3] };
  const spec = opDefinition('convolutionWeightGradient').lower([x, dy], attributes) as ContractSpec;
  const used = shape.channels % 4 === 0;
  expect(buildWinogradWeights(spec, ['f32', 'f32'], 'f32', compiler) !== undefined).toBe(used);
  const data = [numbers(sizeOf(x.shape), 6), numbers(sizeOf(dy.shape), 7)];
  await agrees(backend, spec, data);
  await agrees(backend, { ...spec, epilogue: binary('multiply', stage(0), constant(-2)) }, data);
});

it.each(shapes)('adds a bias and cuts off what is negative, into $out channels', async (shape) => {
  const { spec, data } = convolution(shape);
  const dims = spec.dims.map(({ extent }) => extent);
  const bias = access(2, [shape.out], dims, [{ terms: [term(spec.output[1] as number)] }]);
  const epilogue = binary('maximum', binary('add', stage(0), load(0)), constant(0));
  await agrees(backend, { ...spec, loads: [bias], epilogue }, [...data, numbers(shape.out, 5)]);
});

describe.each([
  ['convolution', [f32(6, 16, 12, 12), f32(8, 16, 3, 3)], {}],
  ['convolutionInputGradient', [f32(6, 16, 10, 10), f32(16, 8, 3, 3)], { inputSize: [12, 12] }],
  ['convolutionWeightGradient', [f32(6, 16, 12, 12), f32(6, 8, 10, 10)], { kernelSize: [3, 3] }],
] as const)('%s of random numbers', (name, inputs, own) => {
  const attributes = {
    stride: [1, 1],
    padding: [0, 0],
    dilation: [1, 1],
    groups: 1,
    ...own,
  } as OpAttributes[typeof name];
  const given = drawInputs({ inputs, attributes }, 1);

  it('rounds as term by term', async () => {
    const [expected] = opDefinition(name).reference(given, attributes);
    const [result] = await runOp(backend, name, given, attributes);
    const size = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));
    const distance = Array.from(expected as TypedArray, (value, i) => value - (result?.[i] as number));
    expect(size(distance) / size(expected as TypedArray)).toBeLessThan(4e-7);
  });

  it('is the same bits on three threads', async () => {
    const divided = await createWasmBackend({ threads: 3, leastDivided: 0 });
    const [alone, together] = [
      await runOp(backend, name, given, attributes),
      await runOp(divided, name, given, attributes),
    ];
    await divided.dispose();
    expect(together).toEqual(alone);
  });
});

it('reads whole numbers and bytes as images', async () => {
  const { spec, data } = convolution(shapes[1] as Shape);
  const [x, w] = data as [TypedArray, TypedArray];
  await agrees(backend, spec, [Int32Array.from(x), w]);
  await agrees(backend, spec, [Uint8Array.from(x, (value) => value + 3), w]);
});
