import { describe, expect, it } from 'vitest';
import type { Backend } from '../backends/backend.ts';
import { createReferenceBackend } from '../backends/reference/referenceBackend.ts';
import { createBackend } from '../backends/select.ts';
import { createWasmBackend } from '../backends/wasm/wasmBackend.ts';
import { testGpu } from '../backends/webgpu/testDevice.ts';
import type { Dataset } from '../data/dataset.ts';
import { i32, sizeOf } from '../ir/shape.ts';
import { philoxUniforms } from '../kernels/philox.ts';
import { runOp } from '../ops/conformance.ts';
import { createTrainingRun } from './createTrainingRun.ts';
import { chain } from './testModels.ts';

const { gpu } = await testGpu();
const exact: [string, () => Promise<Backend>][] = [
  ['reference', async () => createReferenceBackend()],
  ['wasm', () => createWasmBackend()],
];
const all: [string, () => Promise<Backend>][] = [
  ...exact,
  ...(gpu ? [['webgpu', () => createBackend('webgpu', gpu)] as [string, () => Promise<Backend>]] : []),
];

const sample = [2, 9, 7];
const pixels = (count: number, stream: number) => ({
  count,
  inputs: philoxUniforms(count * sizeOf(sample), 5, stream, 0),
  labels: Int32Array.from({ length: count }, (_, i) => (i * 7) % 3),
});
const images: Dataset = {
  id: 'noise',
  title: 'Noise',
  sample,
  classes: ['a', 'b', 'c'],
  train: pixels(37, 1),
  test: pixels(11, 2),
};

/** Something of everything that sums, draws or remembers. */
const everything = chain(
  [
    ['Input', {}],
    ['Conv2d', { outChannels: 5, padding: [1, 1], paddingMode: 'reflect' }],
    ['BatchNorm2d', {}],
    ['ReLU', {}],
    ['MaxPool2d', { ceilMode: true }],
    ['Dropout2d', { p: 0.2 }],
    ['Flatten', {}],
    ['Reshape', { shape: [10, 10] }],
    ['LSTM', { hiddenSize: 6 }],
    ['GaussianNoise', {}],
    ['LayerNorm', { normalizedShape: [6] }],
    ['Dropout', { p: 0.3 }],
    ['Linear', { outFeatures: 3 }],
    ['CrossEntropyLoss', {}],
  ],
  { batchSize: 8 },
);

const bits = (data: Float32Array): number[] => [...new Int32Array(data.slice().buffer)];

describe.each(exact)('training on %s', (_, create) => {
  it('is the same to the last bit from run to run', async () => {
    const trained = async () => {
      const backend = await create();
      const run = await createTrainingRun({ document: everything, dataset: images, backend });
      // The last batch of an epoch is smaller.
      for (let step = 0; step < 7; step++) run.submitStep();
      const losses = (await run.drain()).map(({ loss }) => loss);
      const weights = (await run.weights()).map(({ name, data }) => [name, bits(data)]);
      const { loss } = await run.evaluate();
      run.dispose();
      backend.dispose();
      return { losses, weights, loss };
    };
    const first = await trained();
    expect(first.losses.every(Number.isFinite)).toBe(true);
    expect(await trained()).toEqual(first);
  });
});

describe('one seed', () => {
  it('gives the same initial weights on every device', async () => {
    const initial = await Promise.all(
      all.map(async ([, create]) => {
        const backend = await create();
        const run = await createTrainingRun({ document: everything, dataset: images, backend });
        return (await run.weights('trained')).map(({ name, data }) => [name, bits(data)]);
      }),
    );
    expect(initial[0]!.length).toBeGreaterThan(10);
    for (const weights of initial.slice(1)) expect(weights).toEqual(initial[0]);
  });

  it('drops the same numbers out on every device, each step others', async () => {
    const shape = [3, 5, 7];
    const x = { type: { shape, dtype: 'f32' as const }, data: new Float32Array(sizeOf(shape)).fill(1) };
    const scalar = (value: number) => ({ type: i32(), data: Int32Array.of(value) });
    const masks = async (seed: number, step: number, stream: number) =>
      Promise.all(
        all.map(async ([, create]) => {
          const [kept] = await runOp(await create(), 'dropout', [x, scalar(seed), scalar(step)], { p: 0.4, stream });
          return bits(kept as Float32Array);
        }),
      );
    const seen = new Set<string>();
    for (const [seed, step, stream] of [
      [1, 1, 0],
      [1, 2, 0],
      [1, 1, 1],
      [-7, 1, 0],
      [2 ** 31 - 1, 65_536, 3],
    ] as const) {
      const [first, ...others] = await masks(seed, step, stream);
      for (const mask of others) expect(mask).toEqual(first);
      seen.add(JSON.stringify(first));
    }
    expect(seen.size).toBe(5);
  });
});
