import { createWasmBackend } from '../../engine/backends/wasm/wasmBackend.ts';
import { input, layers } from '../../engine/model/layers.ts';
import { model } from '../../engine/model/model.ts';
import { createTrainingRun } from '../../engine/training/createTrainingRun.ts';
import type { TrainingRun } from '../../engine/training/trainingRun.ts';
import { datasetOf } from '../sources.ts';
import type { Suite, Verdict } from './suite.ts';

const STEPS = 10_000;
/** By then all that a run ever makes has been made once. */
const SETTLED = 10;

export default {
  name: 'memory',
  title: '10,000 training steps take no more memory than ten, on one thread and on two',
  comparesDevices: false,
  async *run({ filter, quick }) {
    for (const threads of [1, 2]) {
      const name = `wasm on ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
      if (filter !== undefined && !name.includes(filter)) continue;
      yield { name, ...(await held(threads, quick ? STEPS / 10 : STEPS)) };
    }
  },
} satisfies Suite;

async function held(threads: number, steps: number): Promise<Verdict> {
  const hidden = layers.Dropout(layers.ReLU(layers.Linear(input(), { outFeatures: 32 })), { p: 0.1 });
  const document = model({
    loss: layers.CrossEntropyLoss(layers.Linear(hidden, { outFeatures: 3 })),
    optimizer: { type: 'Adam', lr: 1e-3 },
  });
  const trained = { ...document, training: { ...document.training, batchSize: 16, epochs: steps } };
  const dataset = await datasetOf({ ...trained, data: { dataset: 'iris' } });
  // Every kernel is divided among the threads, however small.
  const backend = await createWasmBackend({ threads, leastDivided: 0 });
  const run = await createTrainingRun({ document: trained, dataset, backend });
  await train(run, SETTLED);
  await run.evaluate();
  const bytes = backend.memoryBytes;
  const start = performance.now();
  await train(run, steps);
  await run.evaluate();
  const detail = { steps, bytes, grown: backend.memoryBytes - bytes, seconds: (performance.now() - start) / 1000 };
  run.dispose();
  await backend.dispose();
  if (detail.grown === 0) return { verdict: 'passed', ...detail };
  return { verdict: 'failed', reason: `memory grew by ${detail.grown} bytes in ${steps} steps`, ...detail };
}

async function train(run: TrainingRun, until: number): Promise<void> {
  while (run.step < until) {
    while (run.room > 0 && run.step < until) run.submitStep();
    await run.drain();
  }
}
