import { expect, it } from 'vitest';
import { createWasmBackend } from '../backends/wasm/wasmBackend.ts';
import { byteLengthOf } from '../ir/shape.ts';
import { findTemplate } from '../templates/registry.ts';
import { chain, groups } from './testModels.ts';
import { createTrainingRun } from './trainingRun.ts';

it('takes no more memory after 10,000 steps than after ten', async () => {
  const document = chain(
    [
      ['Input', {}],
      ['Linear', { outFeatures: 8 }],
      ['ReLU', {}],
      ['Dropout', { p: 0.1 }],
      ['Linear', { outFeatures: 2 }],
      ['CrossEntropyLoss', {}],
    ],
    { epochs: 2500 },
  );
  const backend = await createWasmBackend();
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
  await train(10_000);
  await run.evaluate();
  expect(run.finished).toBe(true);
  expect(backend.memoryBytes).toBe(before);
  run.dispose();
}, 60_000);

it('takes at most 1.3 times the data, weights, gradients, state and intermediate memory', async () => {
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
  const backend = await createWasmBackend();
  const empty = backend.memoryBytes;
  const run = await createTrainingRun({ document, dataset, backend });
  run.submitStep();
  await run.drain();
  const flat = byteLengthOf({ shape: [run.layout.size], dtype: 'f32' });
  // Weights and two moments; the gradient is part of the intermediate memory.
  const needed = 2500 * (784 + 4) + 3 * flat + run.stepCode.arenaBytes;
  expect(backend.memoryBytes - empty).toBeLessThanOrEqual(1.3 * needed);
  run.dispose();
});
