import { describe, expect, it } from 'vitest';
import type { Backend } from '../backends/backend.ts';
import { createReferenceBackend } from '../backends/reference/referenceBackend.ts';
import { createBackend } from '../backends/select.ts';
import { createWasmBackend } from '../backends/wasm/wasmBackend.ts';
import { testGpu } from '../backends/webgpu/testDevice.ts';
import type { TrainingSettings } from '../graph/document.ts';
import { allOptimizers } from '../optimizers/registry.ts';
import { createTrainingRun } from './createTrainingRun.ts';
import { chain, groups } from './testModels.ts';

const { gpu } = await testGpu();
const backends: [string, () => Promise<Backend>][] = [
  ['wasm', () => createWasmBackend()],
  ...(gpu ? [['webgpu', () => createBackend('webgpu', gpu)] as [string, () => Promise<Backend>]] : []),
];

const dataset = groups(64, 16);

async function losses(optimizer: TrainingSettings['optimizer'], backend: Backend): Promise<number[]> {
  const document = chain(
    [
      ['Input', {}],
      ['Linear', { outFeatures: 6 }],
      ['Tanh', {}],
      ['Linear', { outFeatures: 2 }],
      ['CrossEntropyLoss', {}],
    ],
    { optimizer },
  );
  const run = await createTrainingRun({ document, dataset, backend });
  for (let i = 0; i < 8; i++) run.submitStep();
  const records = await run.drain();
  run.dispose();
  return records.map(({ loss }) => loss);
}

// Each with its defaults, and with all that adds to its state.
const choices: TrainingSettings['optimizer'][] = [
  ...allOptimizers().map(({ type }) => ({ type, parameters: {} })),
  { type: 'SGD', parameters: { momentum: 0.9, nesterov: true, weightDecay: 0.01 } },
  { type: 'AdamW', parameters: { lr: 0.01, amsgrad: true } },
  { type: 'RMSprop', parameters: { momentum: 0.9, centered: true, weightDecay: 0.01 } },
];

describe.each(backends)('on %s', (_, create) => {
  it.each(choices)('$type $parameters takes the same steps as on the reference', async (optimizer) => {
    const given = await losses(optimizer, await create());
    const wanted = await losses(optimizer, createReferenceBackend());
    given.forEach((loss, i) => {
      expect(Math.abs(loss - wanted[i]!), `step ${i + 1}`).toBeLessThan(2e-5 * (1 + wanted[i]!));
    });
  });
});
