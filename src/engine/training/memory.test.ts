import { expect, it } from 'vitest';
import { createWasmBackend } from '../backends/wasm/wasmBackend.ts';
import { byteLengthOf } from '../ir/shape.ts';
import { findTemplate } from '../templates/registry.ts';
import { createTrainingRun } from './createTrainingRun.ts';
import { chain, groups } from './testModels.ts';

it.each([
  [10_000, 1],
  // Threads wait for each other many times a step, which takes long where they have no processor of their own.
  [1_000, 2],
])(
  'takes no more memory after %i steps than after ten, on %i threads',
  async (steps, threads) => {
    const document = chain(
      [
        ['Input', {}],
        ['Linear', { outFeatures: 8 }],
        ['ReLU', {}],
        ['Dropout', { p: 0.1 }],
        ['Linear', { outFeatures: 2 }],
        ['CrossEntropyLoss', {}],
      ],
      { epochs: steps / 4 },
    );
    const backend = await createWasmBackend({ threads, leastDivided: 0 });
    const run = await createTrainingRun({ document, dataset: groups(64, 20), backend });
    const train = async (until: number): Promise<void> => {
      while (run.step < until) {
        while (run.room > 0 && run.step < until) run.submitStep();
        await run.drain();
      }
    };
    await train(10);
    await run.evaluate();
    const before = backend.memoryBytes;
    await train(steps);
    await run.evaluate();
    expect(run.finished).toBe(true);
    expect(backend.memoryBytes).toBe(before);
    run.dispose();
    await backend.dispose();
  },
  60_000,
);

it('holds what many runs on threads leave behind in the same memory', async () => {
  const document = chain([
    ['Input', {}],
    ['Linear', { outFeatures: 2 }],
    ['CrossEntropyLoss', {}],
  ]);
  const backend = await createWasmBackend({ threads: 2, leastDivided: 0 });
  const sizes = new Set<number>();
  for (let i = 0; i < 50; i++) {
    const run = await createTrainingRun({ document, dataset: groups(64, 20), backend });
    run.submitStep();
    await run.drain();
    await run.evaluate();
    run.dispose();
    if (i > 0) sizes.add(backend.memoryBytes);
  }
  expect(sizes.size).toBe(1);
  await backend.dispose();
});

it.each([1, 2, 4])(
  'takes at most 1.3 times the data, weights, gradients, state and intermediate memory on %i threads',
  async (threads) => {
    const document = findTemplate('keras-cnn')!.build();
    const pixels = (count: number) => ({
      count,
      inputs: new Uint8Array(count * 784),
      labels: new Int32Array(count),
    });
    const dataset = {
      id: 'blank',
      title: 'Blank',
      sample: [1, 28, 28],
      classes: [...'0123456789'],
      train: pixels(2000),
      test: pixels(500),
    };
    const backend = await createWasmBackend({ threads });
    const empty = backend.memoryBytes;
    const run = await createTrainingRun({ document, dataset, backend });
    run.submitStep();
    await run.drain();
    const flat = byteLengthOf({ shape: [run.layout.size], dtype: 'f32' });
    // Weights and two moments; the gradient is part of the intermediate memory.
    const needed = 2500 * (784 + 4) + 3 * flat + run.stepCode.arenaBytes;
    expect(backend.memoryBytes - empty).toBeLessThanOrEqual(1.3 * needed);
    run.dispose();
    await backend.dispose();
  },
);
