import { describe, expect, it } from 'vitest';
import fixtures from '../../../conformance/training/fixtures.json' with { type: 'json' };
import type { Backend } from '../backends/backend.ts';
import { createReferenceBackend } from '../backends/reference/referenceBackend.ts';
import { createBackend } from '../backends/select.ts';
import { createWasmBackend } from '../backends/wasm/wasmBackend.ts';
import { testGpu } from '../backends/webgpu/testDevice.ts';
import type { Dataset } from '../data/dataset.ts';
import { apply } from '../graph/changes.ts';
import { type GraphDocument, nodeId, type TrainingSettings } from '../graph/document.ts';
import { createTrainingRun } from './createTrainingRun.ts';
import { TrainingLoop } from './loop.ts';
import { chain, groups } from './testModels.ts';

const { gpu } = await testGpu();
const backends: [string, () => Promise<Backend>][] = [
  ['reference', async () => createReferenceBackend()],
  ['wasm', () => createWasmBackend()],
  ...(gpu ? [['webgpu', () => createBackend('webgpu', gpu)] as [string, () => Promise<Backend>]] : []),
];

const split = {
  count: fixtures.labels.length,
  inputs: Float32Array.from(fixtures.inputs),
  labels: Int32Array.from(fixtures.labels),
};
const dataset: Dataset = {
  id: 'fixture',
  title: 'Fixture',
  sample: [2],
  classes: ['a', 'b', 'c'],
  train: split,
  test: split,
};
const shapes: Readonly<Record<string, readonly number[]>> = {
  'n1.weight': [6, 2],
  'n1.bias': [6],
  'n3.weight': [3, 6],
  'n3.bias': [3],
};
const start = Object.entries(fixtures.weights).map(([name, data]) => ({
  name,
  shape: shapes[name]!,
  data: Float32Array.from(data),
}));

const network = (classes: number, settings: Partial<TrainingSettings>): GraphDocument =>
  chain(
    [
      ['Input', {}],
      ['Linear', { outFeatures: 6 }],
      ['Tanh', {}],
      ['Linear', { outFeatures: classes }],
      ['CrossEntropyLoss', {}],
    ],
    settings,
  );

const events = { steps: () => undefined, evaluated: () => undefined, notFinite: () => undefined };

describe.each(backends)('training options on %s', (_, create) => {
  fixtures.cases.forEach((fixture) => {
    const { options, losses, weights } = fixture;
    const frozen: readonly string[] = fixture.frozen ?? [];
    const schedule = fixture.schedule as TrainingSettings['schedule'];
    it(`${JSON.stringify({ ...options, frozen, schedule })} train as PyTorch does`, async () => {
      const settings: Partial<TrainingSettings> = {
        optimizer: { type: 'SGD', parameters: { lr: 0.5, momentum: 0.9 } },
        batchSize: fixtures.batch,
        epochs: fixtures.epochs,
        options: options as NonNullable<TrainingSettings['options']>,
        ...(schedule ? { schedule } : {}),
      };
      const document = frozen.reduce(
        (before, id) => apply(before, { kind: 'freezeNode', node: nodeId(id), frozen: true }),
        network(3, settings),
      );
      const run = await createTrainingRun({ document, dataset, backend: await create(), weights: start });
      const batches = split.count / fixtures.batch;
      losses.forEach((_loss, step) => {
        const first = (step % batches) * fixtures.batch;
        run.submitStep(Int32Array.from({ length: fixtures.batch }, (_sample, i) => first + i));
      });
      const records = await run.drain();
      losses.forEach((loss, step) => {
        expect(Math.abs(records[step]!.loss - loss), `loss of step ${step + 1}`).toBeLessThan(1e-5 * (1 + loss));
      });
      for (const { name, data } of await run.weights()) {
        const theirs = weights[name as keyof typeof weights];
        theirs.forEach((value, i) => {
          expect(Math.abs(data[i]! - value), `${name}[${i}]`).toBeLessThan(2e-5 * (1 + Math.abs(value)));
        });
      }
      run.dispose();
    });
  });

  it('the running average is what is evaluated, and starts as the weights', async () => {
    const document = network(3, { options: { emaDecay: 0.9 } });
    const run = await createTrainingRun({ document, dataset, backend: await create(), weights: start });
    const plain = await createTrainingRun({
      document: network(3, {}),
      dataset,
      backend: await create(),
      weights: start,
    });
    expect(await run.evaluate()).toEqual(await plain.evaluate());
    for (let i = 0; i < 4; i++) {
      run.submitStep();
      plain.submitStep();
    }
    expect(await run.weights('trained')).toEqual(await plain.weights());
    plain.setWeights(await run.weights());
    expect((await run.evaluate()).loss).toBeCloseTo((await plain.evaluate()).loss, 6);
    expect(await run.weights()).not.toEqual(await run.weights('trained'));
  });
});

describe('early stopping', () => {
  const stopping = async (options: NonNullable<TrainingSettings['options']>): Promise<TrainingLoop> => {
    const document = network(2, {
      epochs: 9,
      optimizer: { type: 'SGD', parameters: { lr: 0 } },
      options,
    });
    const run = await createTrainingRun({ document, dataset: groups(32, 16), backend: await createWasmBackend() });
    const loop = new TrainingLoop(run, events, () => Promise.resolve());
    await loop.train();
    return loop;
  };

  it('ends a run whose test loss stays as it is', async () => {
    const loop = await stopping({ earlyStopping: 3 });
    expect([loop.state, loop.stoppedEarly, loop.run.epoch]).toEqual(['done', true, 4]);
  });

  it('leaves a run alone that does not ask for it', async () => {
    const loop = await stopping({});
    expect([loop.state, loop.stoppedEarly, loop.run.epoch]).toEqual(['done', false, 9]);
  });
});

it('refuses a model in which everything is frozen, and a schedule that is not known', async () => {
  const frozen = ['n1', 'n3'].reduce(
    (before, id) => apply(before, { kind: 'freezeNode', node: nodeId(id), frozen: true }),
    network(3, {}),
  );
  const backend = createReferenceBackend();
  await expect(createTrainingRun({ document: frozen, dataset, backend })).rejects.toThrow('frozen');
  const odd = network(3, { schedule: { type: 'Sideways', parameters: {} } });
  await expect(createTrainingRun({ document: odd, dataset, backend })).rejects.toThrow('"Sideways"');
});
