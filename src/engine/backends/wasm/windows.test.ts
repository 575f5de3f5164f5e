import fc from 'fast-check';
import { expect, it } from 'vitest';
import { f32, sizeOf } from '../../ir/shape.ts';
import type { OpAttributes, OpName, TensorType, TypedArray } from '../../ir/types.ts';
import type { KernelSpec } from '../../kernels/spec.ts';
import { pooledShape, undilated } from '../../ops/pooling.ts';
import { opDefinition } from '../../ops/registry.ts';
import { agrees } from './testKernel.ts';
import { createWasmBackend } from './wasmBackend.ts';

const backend = await createWasmBackend();
const numRuns = 60;

/** Strides and sizes over one, two or three spatial axes. */
const windows = fc.constantFrom(1, 2, 2, 3).chain((rank) => {
  const each = (most: number, least = 1) =>
    fc.array(fc.integer({ min: least, max: most }), { minLength: rank, maxLength: rank });
  return fc.record({
    kernelSize: each(4),
    stride: each(3),
    padding: each(2, 0),
    dilation: each(2),
    size: each(rank === 3 ? 8 : 14),
    groups: fc.constantFrom(1, 1, 2, 3),
    images: fc.integer({ min: 1, max: 5 }),
    channels: fc.integer({ min: 1, max: 9 }),
    ceilMode: fc.boolean(),
  });
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

it('convolves and takes both gradients, with any axes, stride, padding, dilation and groups', async () => {
  let checked = 0;
  const property = fc.asyncProperty(windows, async ({ size, kernelSize, images, channels, groups, ...given }) => {
    const { ceilMode: _mode, ...window } = given;
    const output = size.map((extent, i) =>
      outputSize(extent, kernelSize[i]!, window.stride[i]!, window.padding[i]!, window.dilation[i]!),
    );
    fc.pre(output.every((extent) => extent > 0));
    checked++;
    const [x, w, y] = [
      f32(images, groups * 2, ...size),
      f32(groups * channels, 2, ...kernelSize),
      f32(images, groups * channels, ...output),
    ];
    await check('convolution', [x, w], { ...window, groups });
    await check('convolutionInputGradient', [y, w], { ...window, groups, inputSize: size });
    await check('convolutionWeightGradient', [x, y], { ...window, groups, kernelSize });
  });
  await fc.assert(property, { numRuns });
  expect(checked).toBeGreaterThanOrEqual(numRuns);
});

it('pools and takes the gradients, with any axes, stride, padding, dilation and rounding', async () => {
  const property = fc.asyncProperty(windows, async ({ size, images, channels, groups: _groups, ...window }) => {
    const { kernelSize, stride, dilation } = window;
    const padding = window.padding.map((extent, i) => Math.min(extent, Math.floor(kernelSize[i]! / 2)));
    const x = f32(images, channels, ...size);
    fc.pre(size.every((extent, i) => outputSize(extent, kernelSize[i]!, 1, padding[i]!, dilation[i]!) > 0));
    const y = f32(...pooledShape(x.shape, { ...window, padding }));
    await check('maxPool', [x], { ...window, padding });
    const chosen = { shape: y.shape, dtype: 'i32' } as const;
    await check('maxPoolGradient', [y, chosen], { ...window, padding, inputSize: size }, sizeOf(kernelSize));
    // Shares of a window of 1, 2 or 4 are exact, as long as all of its places count.
    const even = kernelSize.map((extent) => (extent === 3 ? 2 : extent));
    const plain = { kernelSize: even, stride, padding: padding.map((extent) => Math.floor(extent / 2)) };
    fc.pre(size.every((extent, i) => outputSize(extent, even[i]!, 1, plain.padding[i]!, 1) > 0));
    const means = f32(...pooledShape(x.shape, undilated(plain)));
    await check('avgPool', [x], plain);
    await check('avgPoolGradient', [means], { ...plain, inputSize: size });
  });
  await fc.assert(property, { numRuns });
});
