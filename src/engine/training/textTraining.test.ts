import { describe, expect, it } from 'vitest';
import { createWasmBackend } from '../backends/wasm/wasmBackend.ts';
import { inferGraph } from '../compiler/infer.ts';
import { dataShapes } from '../data/dataset.ts';
import { encodeText, textDataset } from '../data/text.ts';
import { Sketch, training } from '../templates/sketch.ts';
import { createTrainingRun } from './createTrainingRun.ts';

const dataset = textDataset('light and colours. '.repeat(120), { id: 'own', title: 'Own', sample: [16] });
const characters = dataset.classes.length;

function reader(outFeatures = characters) {
  const sketch = new Sketch();
  sketch.chain(
    [sketch.add('Input', [])],
    ['Embedding', { embeddingDim: 8 }],
    ['GRU', { hiddenSize: 24, output: 'sequence' }],
    ['Linear', { outFeatures }],
    ['CrossEntropyLoss'],
  );
  const optimizer = { type: 'Adam', parameters: { lr: 0.03 } };
  return sketch.document('Reader', training({ optimizer, epochs: 12, batchSize: 16 }), { dataset: 'own' });
}

describe('a language model', () => {
  it('learns what comes next, says how well, and writes on', async () => {
    const backend = await createWasmBackend();
    const run = await createTrainingRun({ document: reader(), dataset, backend });
    while (!run.finished) {
      run.submitStep();
      const [{ accuracy } = { accuracy: undefined }] = await run.drain();
      expect(accuracy).toBeLessThanOrEqual(1);
    }
    const { loss, accuracy } = await run.evaluate();
    // All but the first letters of a piece follow from those before them.
    expect(accuracy).toBeGreaterThan(0.85);
    const metrics = Object.fromEntries((await run.metrics()).map(({ name, value }) => [name, value]));
    expect(metrics.perplexity).toBeCloseTo(Math.exp(loss), 3);
    expect(metrics.f1Micro).toBeCloseTo(accuracy!, 5);
    const prompt = encodeText('ght and', dataset.classes);
    const written = await run.generate({ prompt, count: 19, temperature: 0, seed: 1 });
    expect(Array.from(written, (id) => dataset.classes[id]).join('')).toBe(' colours. light and');
    run.dispose();
    backend.dispose();
  });

  it('is told where ids go where numbers are wanted, and how many scores a step needs', () => {
    const sketch = new Sketch();
    sketch.chain([sketch.add('Input', [])], ['Linear', { outFeatures: 4 }], ['MSELoss', { target: 'input' }]);
    const wrong = sketch.document('Wrong', training(), { dataset: 'own' });
    const [first] = inferGraph(wrong, dataShapes(dataset)).diagnostics;
    expect(first?.message).toBe(
      'Linear expects numbers and receives ids (int32): an Embedding turns each id into numbers.',
    );
    expect(first?.fixes.map(({ label }) => label)).toEqual(['Insert Embedding before Linear']);

    const numbers = inferGraph(reader(), { sample: [16], classes: characters, label: [16] }).diagnostics;
    expect(numbers[0]?.message).toContain('Embedding expects ids');
    const short = inferGraph(reader(3), dataShapes(dataset)).diagnostics;
    expect(short[0]?.message).toContain(
      `CrossEntropyLoss receives 3 scores, and the labels of this data set name ${characters} classes`,
    );
  });
});
