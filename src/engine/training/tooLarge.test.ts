import { expect, it, vi } from 'vitest';
import { createReferenceBackend } from '../backends/reference/referenceBackend.ts';
import type { Dataset } from '../data/dataset.ts';
import type { ParameterValue } from '../graph/document.ts';
import { createTrainingRun } from './createTrainingRun.ts';
import { chain } from './testModels.ts';

type Layers = (readonly [string, Record<string, ParameterValue>])[];
const split = (count: number) => ({ count, inputs: new Float32Array(16 * count), labels: new Int32Array(count) });
const dataset: Dataset = {
  id: 'black',
  title: 'Black',
  sample: [1, 4, 4],
  classes: ['a', 'b'],
  train: split(6000),
  test: split(4),
};

async function refused(layers: Layers, batchSize = 16) {
  const backend = createReferenceBackend();
  const [allocate, release] = [vi.spyOn(backend, 'allocate'), vi.spyOn(backend, 'release')];
  const document = chain([['Input', {}], ...layers, ['CrossEntropyLoss', {}]], { batchSize });
  const error = await createTrainingRun({ document, dataset, backend }).then(
    () => undefined,
    (reason: Error & { id: string; where: string }) => reason,
  );
  return { error, allocated: allocate.mock.calls.length, held: allocate.mock.calls.length - release.mock.calls.length };
}

const flatten: Layers[number] = ['Flatten', {}];

it.each<[string, Layers, number, string, RegExp]>([
  [
    'a weight of 10⁹ and more',
    [flatten, ['Linear', { outFeatures: 2_000_000_000 }]],
    16,
    'n2',
    /output of Linear would be 2000000000, 2\.0e\+9 numbers: at most 1e\+9 are possible\. Make/,
  ],
  [
    'a convolution of so many channels',
    [['Conv2d', { outChannels: 900_000_000 }], flatten, ['Linear', { outFeatures: 2 }]],
    16,
    'n1',
    /of Conv2d would be 900000000×/,
  ],
  [
    'sizes whose product is beyond all whole numbers',
    [
      ['Upsample', { scaleFactor: 64 }],
      ['Upsample', { scaleFactor: 64 }],
      ['Upsample', { scaleFactor: 64 }],
      flatten,
      ['Linear', { outFeatures: 2 }],
    ],
    16,
    'n3',
    /output of Upsample would be 1×1048576×1048576, 1\.1e\+12 numbers/,
  ],
  [
    'a batch that makes an output too large',
    [['Upsample', { scaleFactor: 64 }], ['Conv2d', { outChannels: 8 }], flatten, ['Linear', { outFeatures: 2 }]],
    6000,
    'n2',
    /Conv2d \(n2\) would give 6000×8×254×254 for a batch of 6000, 3\.1e\+9 numbers: at most 1e\+9 are possible\. Set the batch size to at most 1937/,
  ],
  [
    'many weights that are too much together',
    [
      flatten,
      ['Linear', { outFeatures: 30_000 }],
      ['Linear', { outFeatures: 30_000 }],
      ['Linear', { outFeatures: 30_000 }],
      ['Linear', { outFeatures: 2 }],
    ],
    16,
    'n3',
    /The model has 1\.8e\+9 weights: at most 1e\+9 are possible\. Its largest is n3\.weight of 30000×30000/,
  ],
])('refuses %s before anything is allocated', async (_, layers, batchSize, node, message) => {
  const { error, allocated } = await refused(layers, batchSize);
  expect(error?.message).toMatch(message);
  expect(error?.where).toBe(node);
  expect(allocated).toBe(0);
});

it('gives back what it had when an inner tensor turns out too large', async () => {
  // Shares of attention of every step to every step: 16 × 2 × 8192 × 8192.
  const { error, allocated, held } = await refused([
    ['Upsample', { scaleFactor: 64 }],
    ['Reshape', { shape: [8192, 8] }],
    ['MultiheadAttention', { numHeads: 2 }],
    ['Select', { dim: 1, index: 0 }],
    ['Linear', { outFeatures: 2 }],
  ]);
  expect(error).toMatchObject({ id: 'out-of-memory', where: 'n3', message: expect.stringContaining('2.1e+9 numbers') });
  expect(allocated).toBeGreaterThan(0);
  expect(held).toBe(0);
});
