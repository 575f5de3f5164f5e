import { describe, expect, it } from 'vitest';
import { createWasmBackend } from '../backends/wasm/wasmBackend.ts';
import { inferGraph } from '../compiler/infer.ts';
import type { Dataset } from '../data/dataset.ts';
import type { GraphDocument, NodeId, OptimizerGroup } from '../graph/document.ts';
import { parseDocument, serializeDocument } from '../graph/schema.ts';
import { findTemplate } from '../templates/registry.ts';
import { Sketch, training } from '../templates/sketch.ts';
import { createTrainingRun } from './createTrainingRun.ts';

const inputs = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i * i));
const labels = Int32Array.from({ length: 32 }, (_, i) => i % 2);
const split = { count: 32, inputs, labels };
const dataset: Dataset = { id: 'own', title: 'Own', sample: [2], classes: ['a', 'b'], train: split, test: split };
const backend = await createWasmBackend();
const adam = (lr: number) => ({ type: 'Adam', parameters: { lr } });
const ids = (...names: string[]) => names as NodeId[];

/** Two layers in a row, and a second loss on the first. */
function twoLayers(groups?: readonly OptimizerGroup[]): GraphDocument {
  const sketch = new Sketch();
  const first = sketch.chain([sketch.add('Input', [])], ['Linear', { outFeatures: 4 }], ['Tanh']);
  sketch.chain([first], ['Linear', { outFeatures: 2 }], ['CrossEntropyLoss']);
  sketch.add('LossTerm', [first], { of: 'square' });
  const settings = { optimizer: adam(0.02), epochs: 5, batchSize: 8, ...(groups && { groups }) };
  return sketch.document('Two', training(settings), { dataset: 'own' });
}

async function trained(document: GraphDocument): Promise<Record<string, number[]>> {
  const run = await createTrainingRun({ document, dataset, backend });
  while (!run.finished) run.submitStep();
  await run.drain();
  const weights = Object.fromEntries((await run.weights()).map(({ name, data }) => [name, [...data]]));
  run.dispose();
  return weights;
}

const both = ids('crossentropyloss1', 'lossterm1');

describe('groups of layers with optimizers of their own', () => {
  it('with the same losses and settings are what one optimizer is', async () => {
    const parts = [
      { name: 'a', nodes: ids('linear1'), losses: both, optimizer: adam(0.02) },
      { name: 'b', nodes: ids('linear2'), losses: both, optimizer: adam(0.02) },
    ];
    expect(await trained(twoLayers(parts))).toEqual(await trained(twoLayers()));
  });

  it('follow their own losses alone, and may differ in optimizer', async () => {
    const first = await trained(
      twoLayers([{ name: 'head', nodes: ids('linear2'), losses: ids('crossentropyloss1'), optimizer: adam(0) }]),
    );
    const start = await trained({
      ...twoLayers(),
      training: training({ optimizer: adam(0), epochs: 1, batchSize: 8 }),
    });
    // The head has a learning rate of 0; the rest, which has the loss that is left, makes its numbers small.
    expect(first['linear2.weight']).toEqual(start['linear2.weight']);
    const size = (weights: number[]) => weights.reduce((sum, each) => sum + each * each, 0);
    expect(size(first['linear1.weight']!)).toBeLessThan(0.7 * size(start['linear1.weight']!));
  });

  it('are updated one after another: the second sees what the first has become', async () => {
    const group = (name: string, node: string): OptimizerGroup => {
      const losses = name === 'a' ? both : ids('crossentropyloss1');
      return { name, nodes: ids(node), losses, optimizer: { type: 'SGD', parameters: { lr: 0.5 } } };
    };
    const ahead = await trained(twoLayers([group('a', 'linear1'), group('b', 'linear2')]));
    const together = await trained(twoLayers([group('a', 'linear1'), { ...group('b', 'linear2'), losses: both }]));
    expect(ahead['linear2.weight']).not.toEqual(together['linear2.weight']);
  });

  it('are refused without a loss, and survive the file', async () => {
    const group = { name: 'a', nodes: ids('linear1'), losses: [], optimizer: adam(0.1) };
    const document = twoLayers([group]);
    await expect(trained(document)).rejects.toThrow('the group "a" has no loss');
    expect(parseDocument(serializeDocument(document)).document).toEqual(document);
    const broken = serializeDocument(document).replace('"linear1"\n', '"__proto__"\n');
    expect(() => parseDocument(broken)).toThrow('training.groups[0].nodes[0]');
  });
});

describe('layers that share weights', () => {
  function twin(outFeatures = 3): GraphDocument {
    const sketch = new Sketch();
    const input = sketch.add('Input', []);
    const first = sketch.add('Linear', [input], { outFeatures: 3 });
    const second = sketch.add('Linear', [input], { outFeatures }, { shares: first });
    const sum = sketch.add('Add', [first, second]);
    sketch.chain([sum], ['Linear', { outFeatures: 2 }], ['CrossEntropyLoss']);
    return sketch.document('Twin', training({ optimizer: adam(0.01), epochs: 2, batchSize: 8 }), { dataset: 'own' });
  }

  it('have them once, with the sum of the gradients', async () => {
    const weights = await trained(twin());
    expect(Object.keys(weights)).toEqual(['linear1.weight', 'linear1.bias', 'linear3.weight', 'linear3.bias']);
    const sketch = new Sketch();
    const first = sketch.chain([sketch.add('Input', [])], ['Linear', { outFeatures: 3 }]);
    const twice = sketch.add('Expression', [first], { formula: '2 * x', scalars: '' });
    sketch.chain([twice], ['Linear', { outFeatures: 2 }], ['CrossEntropyLoss']);
    const settings = training({ optimizer: adam(0.01), epochs: 2, batchSize: 8 });
    const single = await trained(sketch.document('Once', settings, { dataset: 'own' }));
    weights['linear1.weight']!.forEach((each, i) => {
      expect(each).toBeCloseTo(single['linear1.weight']![i]!, 5);
    });
  });

  it('say where the shapes do not fit', () => {
    const { diagnostics } = inferGraph(twin(4), { sample: [2], classes: 2 });
    expect(diagnostics.map(({ message }) => message)).toContain(
      'Linear needs weights weight 4×2, bias 4 here, and shares weight 3×2, bias 3.',
    );
  });
});

it('trains a GAN by turns, and makes pictures of noise', async () => {
  const template = findTemplate('dcgan')!.build();
  const pixels = Uint8Array.from({ length: 16 * 784 }, (_, i) => (i * 37) % 256);
  const part = { count: 16, inputs: pixels, labels: new Int32Array(16) };
  const pictures: Dataset = { ...dataset, sample: [1, 28, 28], train: part, test: part };
  const document = { ...template, training: { ...template.training, batchSize: 8 } };
  const run = await createTrainingRun({ document, dataset: pictures, backend });
  const before = await run.makeSamples(4);
  expect(before.width).toBe(784);
  expect([...before.outputs].every((value) => value > 0 && value < 1)).toBe(true);
  expect((await run.makeSamples(4)).outputs).toEqual(before.outputs);
  for (let i = 0; i < 3; i++) run.submitStep();
  const records = await run.drain();
  // Three terms of about ln 2 at the beginning.
  expect(records[0]!.loss).toBeGreaterThan(1.7);
  expect(records[0]!.loss).toBeLessThan(2.6);
  // Each loss of the two networks by itself, under the name of its layer.
  for (const { loss, terms } of records) {
    expect(Object.keys(terms!)).toEqual(['Real loss', 'Fake loss', 'Generator loss']);
    expect(Object.values(terms!).reduce((sum, each) => sum + each, 0)).toBeCloseTo(loss, 4);
  }
  expect((await run.makeSamples(4)).outputs).not.toEqual(before.outputs);
  run.dispose();
});
