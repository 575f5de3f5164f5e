import { describe, expect, it } from 'vitest';
import type { Backend } from '../backends/backend.ts';
import { createReferenceBackend } from '../backends/reference/referenceBackend.ts';
import { createWasmBackend } from '../backends/wasm/wasmBackend.ts';
import { createTrainingRun } from './createTrainingRun.ts';
import { TrainingLoop } from './loop.ts';
import type { StepRecord } from './records.ts';
import { chain, groups } from './testModels.ts';
import type { TrainingRun } from './trainingRun.ts';

const dataset = groups(90, 30);
const classifier = (training = {}) =>
  chain(
    [
      ['Input', {}],
      ['Linear', { outFeatures: 8 }],
      ['ReLU', {}],
      ['Linear', { outFeatures: 2 }],
      ['CrossEntropyLoss', {}],
    ],
    training,
  );

async function train(
  run: TrainingRun,
  most?: number,
): Promise<{ records: StepRecord[]; loop: TrainingLoop; broken: string[] }> {
  const records: StepRecord[] = [];
  const broken: string[] = [];
  const events = {
    steps: (more: readonly StepRecord[]) => records.push(...more),
    evaluated: () => undefined,
    notFinite: (step: number, place: { node: string; what: string } | undefined) =>
      broken.push(`${step}:${place?.node}:${place?.what}`),
  };
  const loop = new TrainingLoop(run, events, () => Promise.resolve());
  await loop.train(most);
  return { records, loop, broken };
}

const backends: [string, () => Promise<Backend>][] = [
  ['reference', async () => createReferenceBackend()],
  ['wasm', () => createWasmBackend()],
];

describe.each(backends)('a training run on %s', (_, create) => {
  it('learns, with a smaller last batch in each epoch', async () => {
    const run = await createTrainingRun({ document: classifier({ epochs: 10 }), dataset, backend: await create() });
    expect(run.stepsPerEpoch).toBe(6);
    expect(run.parameterCount).toBe(2 * 8 + 8 + 8 * 2 + 2);
    const { records, loop } = await train(run);
    expect(records.map(({ step }) => step)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    expect(records.at(-1)!.loss).toBeLessThan(0.5 * records[0]!.loss);
    expect(loop.state).toBe('done');
    expect(loop.lastEvaluation!.accuracy).toBeGreaterThan(0.85);
  });

  it('goes on from the state of another run as that one does', async () => {
    const document = chain(
      [
        ['Input', {}],
        ['Linear', { outFeatures: 8 }],
        ['BatchNorm1d', {}],
        ['Dropout', {}],
        ['Linear', { outFeatures: 2 }],
        ['CrossEntropyLoss', {}],
      ],
      { epochs: 3, options: { emaDecay: 0.9 } },
    );
    const run = await createTrainingRun({ document, dataset, backend: await create() });
    const { loop } = await train(run, 8);
    const other = await createTrainingRun({ document, dataset, backend: await create() });
    other.restore(await run.state());
    await loop.train();
    const rest = await train(other);
    expect(rest.records.map(({ step }) => step)).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17, 18]);
    expect(await other.weights('trained')).toEqual(await run.weights('trained'));
    expect(await other.weights()).toEqual(await run.weights());
  });

  it('counts what one score for two classes gets right', async () => {
    const document = chain(
      [
        ['Input', {}],
        ['Linear', { outFeatures: 8 }],
        ['ReLU', {}],
        ['Linear', { outFeatures: 1 }],
        ['BCEWithLogitsLoss', {}],
      ],
      { epochs: 10 },
    );
    const run = await createTrainingRun({ document, dataset, backend: await create() });
    const { records, loop } = await train(run);
    const { outputs, width } = await run.predictTest(Array.from({ length: 30 }, (_, i) => i));
    expect(width).toBe(2);
    const right = [...dataset.test.labels!].filter((label, i) => outputs[2 * i + label]! > outputs[2 * i + 1 - label]!);
    expect(loop.lastEvaluation!.accuracy).toBeCloseTo(right.length / 30, 6);
    expect(right.length).toBeGreaterThan(25);
    expect(records.at(-1)!.accuracy).toBeGreaterThan(0.8);
  });

  it('counts a confusion matrix that agrees with the accuracy', async () => {
    const run = await createTrainingRun({ document: classifier({ epochs: 10 }), dataset, backend: await create() });
    await train(run);
    const counts = await run.confusion();
    const { accuracy } = await run.evaluate();
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(30);
    expect((counts[0]! + counts[3]!) / 30).toBeCloseTo(accuracy!, 6);
    const metrics = Object.fromEntries((await run.metrics()).map(({ name, value }) => [name, value]));
    expect(metrics.f1Micro).toBeCloseTo(accuracy!, 6);
    expect(metrics.auc).toBeGreaterThan(0.5);
    expect(metrics.perplexity).toBeCloseTo(Math.exp((await run.evaluate()).loss), 4);
    const { outputs } = await run.predictTest([0, 1, 2]);
    for (let i = 0; i < 3; i++) expect(outputs[2 * i]! + outputs[2 * i + 1]!).toBeCloseTo(1, 5);
  });

  it('measures how well samples are given back', async () => {
    const document = chain([
      ['Input', {}],
      ['Linear', { outFeatures: 2 }],
      ['MSELoss', { target: 'input' }],
    ]);
    const run = await createTrainingRun({ document, dataset, backend: await create() });
    const metrics = Object.fromEntries((await run.metrics()).map(({ name, value }) => [name, value]));
    expect(Object.keys(metrics).sort()).toEqual(['mae', 'r2', 'rmse']);
    expect(metrics.rmse! ** 2).toBeCloseTo((await run.evaluate()).loss, 5);
  });

  it('starts from the weights it is given', async () => {
    const first = await createTrainingRun({ document: classifier(), dataset, backend: await create() });
    await train(first);
    const weights = await first.weights();
    const second = await createTrainingRun({ document: classifier(), dataset, backend: await create(), weights });
    expect(await second.evaluate()).toEqual(await first.evaluate());
    expect(() => second.setWeights(weights.slice(1))).toThrow(/no values for weight "n1.weight"/);
    expect(() => second.setWeights([...weights, { name: 'n9.weight', shape: [1], data: new Float32Array(1) }])).toThrow(
      /n9/,
    );
  });

  it('pauses at a loss that is not finite, keeps the weights that led to it and names the place', async () => {
    const document = classifier({ optimizer: { type: 'SGD', parameters: { lr: 1e30 } } });
    const run = await createTrainingRun({ document, dataset, backend: await create() });
    const { broken, loop } = await train(run);
    expect(broken).toHaveLength(1);
    expect(broken[0]).toMatch(/^[23]:n[1-4]:(output|weights)$/);
    expect(loop.state).toBe('paused');
  });

  it('repeats itself exactly for one seed and differs for another', async () => {
    const losses = async (seed: number) => {
      const run = await createTrainingRun({ document: classifier({ seed }), dataset, backend: await create() });
      return (await train(run)).records.map(({ loss }) => loss);
    };
    const [first, again, other] = [await losses(3), await losses(3), await losses(4)];
    expect(again).toEqual(first);
    expect(other[0]).not.toBe(first[0]);
  });

  it('trains step by step, and a step more than the run has is refused quietly', async () => {
    const run = await createTrainingRun({ document: classifier({ epochs: 1 }), dataset, backend: await create() });
    const { loop } = await train(run, 1);
    expect([run.step, loop.state]).toEqual([1, 'paused']);
    await loop.train(1);
    expect(run.step).toBe(2);
    await loop.train();
    await loop.train(1);
    expect([run.step, loop.state]).toEqual([6, 'done']);
  });
});

it('gives the same losses on wasm as on the reference', async () => {
  const runs = await Promise.all(
    backends.map(async ([, create]) =>
      createTrainingRun({ document: classifier({ epochs: 4 }), dataset, backend: await create() }),
    ),
  );
  const [reference, wasm] = await Promise.all(runs.map(async (run) => (await train(run)).records));
  reference!.forEach(({ loss, accuracy }, i) => {
    expect(Math.abs(wasm![i]!.loss - loss) / loss).toBeLessThan(1e-4);
    expect(wasm![i]!.accuracy).toBeCloseTo(accuracy!, 5);
  });
});

it('refuses a document with errors and names the layer', async () => {
  const document = chain([
    ['Input', {}],
    ['Linear', { inFeatures: 3 }],
    ['CrossEntropyLoss', {}],
  ]);
  const attempt = createTrainingRun({ document, dataset, backend: createReferenceBackend() });
  await expect(attempt).rejects.toMatchObject({ id: 'bad-document', where: 'n1' });
});
