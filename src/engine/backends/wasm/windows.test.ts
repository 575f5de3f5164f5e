import fc from 'fast-check';
import { expect, it } from 'vitest';
import { f32, sizeOf } from '../../ir/shape.ts';
import type { OpAttributes, OpName, TensorType, TypedArray } from '../../ir/types.ts';
import type { KernelSpec } from '../../kernels/spec.ts';
import { opDefinition } from '../../ops/registry.ts';
import { agrees } from './testKernel.ts';
import { createWasmBackend } from './wasmBackend.ts';

const backend = await createWasmBackend();
const numRuns = 60;

const pair = (most: number, least = 1) =>
  fc.tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }));
const windows = fc.record({
  kernelSize: pair(4),
  stride: pair(3),
  padding: pair(2, 0),
  dilation: pair(2),
  size: pair(14),
  groups: fc.constantFrom(1, 1, 2, 3),
  images: fc.integer({ min: 1, max: 5 }),
  channels: fc.integer({ min: 1, max: 9 }),
});

/** Small whole numbers that differ from place to place. */
function numbers({ shape, dtype }: TensorType, most = 9): TypedArray {
  const list = Array.from(
    { length: sizeOf(shape) },
    (_, i) => ((i * 7919 + 13 * (i % 11)) % most) - (dtype === 'i32' ? 0 : 4),
  );
  return dtype === 'i32' ? Int32Array.from(list) : Float32Array.from(list);
}

async function check<Name extends OpName>(
  name: Name,
  inputs: readonly TensorType[],
  attributes: OpAttributes[Name],
  most?: number,
): Promise<void> {
  const spec = opDefinition(name).lower(inputs, attributes) as KernelSpec;
  await agrees(
    backend,
    spec,
    inputs.map((type) => numbers(type, most)),
  );
}

const outputSize = (input: number, kernel: number, stride: number, padding: number, dilation: number): number =>
  Math.floor((input + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;

it('convolves and takes both gradients, with any stride, padding, dilation and groups', async () => {
  let checked = 0;
  const property = fc.asyncProperty(windows, async ({ size, kernelSize, images, channels, groups, ...window }) => {
    const output = [0, 1].map((i) =>
      outputSize(size[i]!, kernelSize[i]!, window.stride[i]!, window.padding[i]!, window.dilation[i]!),
    );
    fc.pre(output.every((extent) => extent > 0));
    checked++;
    const [x, w, y] = [
      f32(images, groups * 2, ...size),
      f32(groups * channels, 2, ...kernelSize),
      f32(images, groups * channels, ...output),
    ];
    await check('conv2d', [x, w], { ...window, groups });
    await check('conv2dInputGradient', [y, w], { ...window, groups, inputSize: size });
    await check('conv2dWeightGradient', [x, y], { ...window, groups, kernelSize });
  });
  await fc.assert(property, { numRuns });
  expect(checked).toBeGreaterThanOrEqual(numRuns);
});

it('pools and takes the gradients, with any stride, padding and dilation', async () => {
  const property = fc.asyncProperty(windows, async ({ size, images, channels, groups: _groups, ...window }) => {
    const { kernelSize, stride, dilation } = window;
    const padding = window.padding.map((extent, i) => Math.min(extent, Math.floor(kernelSize[i]! / 2)));
    const pooled = (spread: readonly number[]) =>
      [0, 1].map((i) => outputSize(size[i]!, kernelSize[i]!, stride[i]!, padding[i]!, spread[i]!));
    fc.pre(pooled(dilation).every((extent) => extent > 0));
    const x = f32(images, channels, ...size);
    const y = f32(images, channels, ...pooled(dilation));
    await check('maxPool2d', [x], { ...window, padding });
    const chosen = { shape: y.shape, dtype: 'i32' } as const;
    await check('maxPool2dGradient', [y, chosen], { ...window, padding, inputSize: size }, sizeOf(kernelSize));
    // Shares of a window of 1, 2 or 4 are exact.
    const even = kernelSize.map((extent) => (extent === 3 ? 2 : extent));
    const shares = [0, 1].map((i) => outputSize(size[i]!, even[i]!, stride[i]!, Math.floor(padding[i]! / 2), 1));
    fc.pre(shares.every((extent) => extent > 0));
    const plain = { kernelSize: even, stride, padding: padding.map((extent) => Math.floor(extent / 2)) };
    await check('avgPool2d', [x], plain);
    await check('avgPool2dGradient', [f32(images, channels, ...shares)], { ...plain, inputSize: size });
  });
  await fc.assert(property, { numRuns });
});
