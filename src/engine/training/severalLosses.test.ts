import { expect, it } from 'vitest';
import { createReferenceBackend } from '../backends/reference/referenceBackend.ts';
import { createBackend } from '../backends/select.ts';
import { createWasmBackend } from '../backends/wasm/wasmBackend.ts';
import { testGpu } from '../backends/webgpu/testDevice.ts';
import type { GraphDocument } from '../graph/document.ts';
import { input, layers } from '../model/layers.ts';
import { model } from '../model/model.ts';
import { createTrainingRun } from './createTrainingRun.ts';
import { groups } from './testModels.ts';

const { gpu } = await testGpu();
const dataset = groups(32, 16);

/** A classifier that also gives back its input and keeps its code small; each term with a factor, 0 leaves it out. */
function network(classes: number, copy: number, small: number): GraphDocument {
  const code = layers.Tanh(layers.Linear(input(), { outFeatures: 4, name: 'code' }));
  const terms = [
    layers.CrossEntropyLoss(layers.Linear(code, { outFeatures: 2, name: 'scores' }), { lossWeight: classes }),
    layers.MSELoss(layers.Linear(code, { outFeatures: 2, name: 'copy' }), { target: 'input', lossWeight: copy }),
    layers.LossTerm(code, { of: 'square', lossWeight: small }),
  ];
  return model({ loss: terms, optimizer: { type: 'SGD', lr: 0.1 } });
}

async function firstLosses(document: GraphDocument, backend = createReferenceBackend()): Promise<number[]> {
  const run = await createTrainingRun({ document, dataset, backend });
  for (let i = 0; i < 3; i++) run.submitStep();
  const losses = (await run.drain()).map(({ loss }) => loss);
  run.dispose();
  return losses;
}

it('several losses are added up, each with its factor', async () => {
  const [classes] = await firstLosses(network(1, 0, 0));
  const [copy] = await firstLosses(network(0, 1, 0));
  const [small] = await firstLosses(network(0, 0, 1));
  const [sum] = await firstLosses(network(0.5, 2, 0.25));
  expect(sum).toBeCloseTo(0.5 * classes! + 2 * copy! + 0.25 * small!, 5);
});

it('each is told by itself, under its name, with its factor', async () => {
  const document = network(0.5, 2, 0.25);
  const [classes] = await firstLosses(network(0.5, 0, 0));
  const others = gpu ? [await createBackend('webgpu', gpu)] : [];
  for (const backend of [createReferenceBackend(), await createWasmBackend(), ...others]) {
    const run = await createTrainingRun({ document, dataset, backend });
    for (let i = 0; i < 3; i++) run.submitStep();
    const records = await run.drain();
    run.dispose();
    expect(records).toHaveLength(3);
    for (const { loss, terms } of records) {
      expect(Object.keys(terms!).sort()).toEqual(['CrossEntropyLoss', 'LossTerm', 'MSELoss']);
      const sum = Object.values(terms!).reduce((total, each) => total + each, 0);
      expect(sum).toBeCloseTo(loss, 5);
    }
    expect(records[0]!.terms!.CrossEntropyLoss).toBeCloseTo(classes!, 5);
    backend.dispose();
  }
});

it('one alone has no terms', async () => {
  const loss = layers.CrossEntropyLoss(layers.Linear(input(), { outFeatures: 2 }));
  const document = model({ loss, optimizer: { type: 'SGD', lr: 0.1 } });
  const run = await createTrainingRun({ document, dataset, backend: createReferenceBackend() });
  run.submitStep();
  const [record] = await run.drain();
  expect(record!.terms).toBeUndefined();
  run.dispose();
});

it('they train on WebAssembly as on the reference', async () => {
  const document = network(0.5, 2, 0.25);
  const [ours, wanted] = [await firstLosses(document, await createWasmBackend()), await firstLosses(document)];
  ours.forEach((loss, i) => {
    expect(loss).toBeCloseTo(wanted[i]!, 5);
  });
});

it('what classifies is what accuracy and predictions are read from, wherever it stands', async () => {
  const run = await createTrainingRun({ document: network(1, 1, 1), dataset, backend: createReferenceBackend() });
  const { accuracy } = await run.evaluate();
  const { outputs, width } = await run.predictTest([0, 1]);
  expect(accuracy).toBeDefined();
  expect(width).toBe(2);
  expect(outputs[0]! + outputs[1]!).toBeCloseTo(1, 5);
  run.dispose();
});
