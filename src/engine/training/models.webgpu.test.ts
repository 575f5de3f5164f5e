import { describe, expect, it } from 'vitest';
import type { Backend } from '../backends/backend.ts';
import { createBackend } from '../backends/select.ts';
import { createWasmBackend } from '../backends/wasm/wasmBackend.ts';
import { testGpu } from '../backends/webgpu/testDevice.ts';
import type { Dataset } from '../data/dataset.ts';
import { textDataset } from '../data/text.ts';
import type { GraphDocument, NodeId, ParameterValue } from '../graph/document.ts';
import { findTemplate } from '../templates/registry.ts';
import { Sketch, training } from '../templates/sketch.ts';
import { createTrainingRun } from './createTrainingRun.ts';
import { groups } from './testModels.ts';

const { gpu } = await testGpu();
const STEPS = 5;
const text = textDataset('light and colours. '.repeat(20), { id: 'own', title: 'Own', sample: [12] });
const optimizer = (type: string, lr: number) => ({ type, parameters: { lr } });

/** A model of text: what comes next, by the layers given between an Embedding and the scores. */
function reader(...middle: [string, Record<string, ParameterValue>?][]): GraphDocument {
  const sketch = new Sketch();
  sketch.chain(
    [sketch.add('Input', [])],
    ['Embedding', { embeddingDim: 8 }],
    ...middle,
    ['Linear', { outFeatures: text.classes.length }],
    ['CrossEntropyLoss'],
  );
  const settings = training({ optimizer: optimizer('Adam', 0.01), epochs: 2, batchSize: 8 });
  return sketch.document('Reader', settings, { dataset: 'own' });
}

/** One network of three parts with an optimizer each, of which two share a loss and one has its own. */
function threeOptimizers(): GraphDocument {
  const sketch = new Sketch();
  const first = sketch.chain([sketch.add('Input', [])], ['Linear', { outFeatures: 6 }], ['Tanh']);
  sketch.chain([first], ['Linear', { outFeatures: 2 }], ['CrossEntropyLoss']);
  sketch.chain([first], ['Linear', { outFeatures: 2 }], ['MSELoss', { target: 'input' }]);
  const ids = (...names: string[]) => names as NodeId[];
  const parts = [
    { name: 'body', nodes: ids('linear1'), losses: ids('crossentropyloss1'), optimizer: optimizer('RMSprop', 0.01) },
    { name: 'classes', nodes: ids('linear2'), losses: ids('crossentropyloss1'), optimizer: optimizer('SGD', 0.1) },
    { name: 'copy', nodes: ids('linear3'), losses: ids('mseloss1'), optimizer: optimizer('AdamW', 0.01) },
  ];
  const settings = { ...training({ optimizer: optimizer('SGD', 0.1), epochs: 2, batchSize: 8 }), groups: parts };
  return sketch.document('Parts', settings, { dataset: 'groups' });
}

function gan(): [GraphDocument, Dataset] {
  const template = findTemplate('dcgan')!.build();
  const pixels = Uint8Array.from({ length: 24 * 784 }, (_, i) => (i * 37) % 256);
  const part = { count: 24, inputs: pixels, labels: new Int32Array(24) };
  const pictures = { id: 'own', title: 'Own', sample: [1, 28, 28], classes: ['a', 'b'], train: part, test: part };
  return [{ ...template, training: { ...template.training, batchSize: 4 } }, pictures];
}

const models: [string, GraphDocument, Dataset][] = [
  ['an Embedding and a GRU', reader(['GRU', { hiddenSize: 10, output: 'sequence' }]), text],
  ['an Embedding and an LSTM', reader(['LSTM', { hiddenSize: 10, output: 'sequence' }]), text],
  [
    'an Embedding and a transformer',
    reader(['PositionalEncoding'], ['TransformerEncoderLayer', { numHeads: 2, dimFeedforward: 16, dropout: 0 }]),
    text,
  ],
  ['parts with optimizers of their own', threeOptimizers(), groups(32, 8)],
  ['a GAN', ...gan()],
];

async function trained(document: GraphDocument, dataset: Dataset, backend: Backend) {
  const run = await createTrainingRun({ document, dataset, backend });
  for (let i = 0; i < STEPS; i++) run.submitStep();
  const losses = (await run.drain()).map(({ loss }) => loss);
  const { loss: tested } = await run.evaluate();
  run.dispose();
  return { losses, tested };
}

describe.skipIf(!gpu)('WebGPU', () => {
  it.each(models)(
    'trains %s as WebAssembly does',
    async (_name, document, dataset) => {
      const [ours, wanted] = [await createBackend('webgpu', gpu), await createWasmBackend()];
      const given = await trained(document, dataset, ours);
      const held = await trained(document, dataset, wanted);
      expect(new Set(held.losses).size).toBe(STEPS);
      given.losses.forEach((loss, i) => {
        expect(Math.abs(loss - held.losses[i]!), `loss of step ${i + 1}`).toBeLessThan(2e-5 * held.losses[i]!);
      });
      expect(Math.abs(given.tested - held.tested), 'loss on the test set').toBeLessThan(2e-5 * held.tested);
      ours.dispose();
      await wanted.dispose();
    },
    60_000,
  );
});
