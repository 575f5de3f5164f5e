import { describe, expect, it } from 'vitest';
import { createReferenceBackend } from '../backends/reference/referenceBackend.ts';
import { generateToy } from '../data/toys.ts';
import { input, layers } from './layers.ts';
import { model } from './model.ts';
import { train } from './train.ts';

const dataset = generateToy('moons', { train: 64, test: 32 }, 'Two moons', ['outer', 'inner']);
const network = () => {
  const hidden = layers.Tanh(layers.Linear(input(), { outFeatures: 8 }));
  const loss = layers.CrossEntropyLoss(layers.Linear(hidden, { outFeatures: 2 }));
  return model({ name: 'Moons', loss, optimizer: { type: 'Adam', lr: 0.05 } });
};

describe('train', () => {
  it('trains, reports every step and epoch, and predicts probabilities', async () => {
    const steps: number[] = [];
    const backend = createReferenceBackend();
    const result = await train(network(), {
      dataset,
      epochs: 10,
      batchSize: 16,
      backend,
      onStep: ({ step }) => steps.push(step),
    });
    expect(steps).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    const { epochs } = result;
    expect(epochs.map(({ epoch, step }) => [epoch, step])).toEqual(epochs.map((_, i) => [i + 1, 4 * (i + 1)]));
    expect(epochs).toHaveLength(10);
    expect(epochs[9]!.loss).toBeLessThan(0.7 * epochs[0]!.loss);
    expect(epochs[9]!.testAccuracy).toBeGreaterThan(0.7);
    const { outputs, width } = await result.predict(dataset.test.inputs as Float32Array, 32);
    expect(width).toBe(2);
    for (let i = 0; i < 32; i++) expect(outputs[2 * i]! + outputs[2 * i + 1]!).toBeCloseTo(1, 5);
    expect((await result.weights()).map(({ shape }) => shape)).toEqual([[8, 2], [8], [2, 8], [2]]);
    result.dispose();
    backend.dispose();
  });

  it('gives the same losses for the same seed', async () => {
    const losses = async (seed: number) => {
      const backend = createReferenceBackend();
      const result = await train(network(), { dataset, epochs: 2, batchSize: 32, seed, backend });
      result.dispose();
      return result.epochs.map(({ loss }) => loss);
    };
    expect(await losses(7)).toEqual(await losses(7));
    expect(await losses(7)).not.toEqual(await losses(8));
  });

  it('goes on from weights that were trained before', async () => {
    const backend = createReferenceBackend();
    const first = await train(network(), { dataset, epochs: 10, batchSize: 16, backend });
    const again = await train(network(), {
      dataset,
      epochs: 1,
      batchSize: 16,
      backend,
      weights: await first.weights(),
    });
    expect(again.epochs[0]!.loss).toBeLessThan(first.epochs[0]!.loss);
  });

  it('refuses settings that are no counts, and reports a loss that is not finite', async () => {
    const backend = createReferenceBackend();
    await expect(train(network(), { dataset, epochs: 0.5, backend })).rejects.toThrow(/epochs expects a whole number/);
    const broken = { ...dataset, train: { ...dataset.train, inputs: new Float32Array(128).fill(Number.NaN) } };
    await expect(train(network(), { dataset: broken, epochs: 1, backend })).rejects.toMatchObject({ id: 'not-finite' });
  });
});
