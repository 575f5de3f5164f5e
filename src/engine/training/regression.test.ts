import { describe, expect, it } from 'vitest';
import type { Backend } from '../backends/backend.ts';
import { createReferenceBackend } from '../backends/reference/referenceBackend.ts';
import { createWasmBackend } from '../backends/wasm/wasmBackend.ts';
import { inferGraph } from '../compiler/infer.ts';
import { parseCsv } from '../data/csv.ts';
import { dataShapes } from '../data/dataset.ts';
import { tableDataset } from '../data/table.ts';
import { train } from '../model/train.ts';
import { createTrainingRun } from './createTrainingRun.ts';
import { TrainingLoop } from './loop.ts';
import { chain } from './testModels.ts';

// y = 2·a − 3·b + 40, without noise: least squares find it.
const rows = Array.from({ length: 60 }, (_, i) => [(i * 7) % 23, (i * 5) % 17] as const);
const text = ['a,b,y', ...rows.map(([a, b]) => `${a},${b},${2 * a - 3 * b + 40}`)].join('\n');
const table = parseCsv(new TextEncoder().encode(text), 'line.csv');
const { dataset } = tableDataset(
  table,
  { id: 'line', title: 'Line' },
  { target: 'y', predict: 'number', leaveOut: [], testShare: 0.25, seed: 3, standardize: true },
);
const linear = (loss: string) =>
  chain(
    [
      ['Input', {}],
      ['Linear', { outFeatures: 1 }],
      [loss, {}],
    ],
    {
      epochs: 150,
      optimizer: { type: 'Adam', parameters: { lr: 0.02 } },
    },
  );

const backends: [string, () => Promise<Backend>][] = [
  ['reference', async () => createReferenceBackend()],
  ['wasm', () => createWasmBackend()],
];

describe.each(backends)('predicting a number on %s', (_, create) => {
  it.each(['MSELoss', 'L1Loss'])('finds the line behind a table with %s', async (loss) => {
    const run = await createTrainingRun({ document: linear(loss), dataset, backend: await create() });
    const events = { steps: () => undefined, evaluated: () => undefined, notFinite: () => undefined };
    const loop = new TrainingLoop(run, events, () => Promise.resolve());
    await loop.train();
    expect(loop.lastEvaluation!.accuracy).toBeUndefined();
    // Metrics are in the units of the table.
    const metrics = Object.fromEntries((await run.metrics()).map(({ name, value }) => [name, value]));
    expect(metrics.r2).toBeGreaterThan(0.999);
    expect(metrics.mae).toBeLessThan(0.5);
    const { outputs, width } = await run.predictTest([0, 1, 2]);
    expect(width).toBe(1);
    const { mean, deviation } = dataset.target!;
    for (const [i, output] of outputs.entries()) {
      const [a, b] = [0, 1].map((k) => {
        const column = dataset.columns![k]!;
        return column.mean + column.deviation * dataset.test.inputs[2 * i + k]!;
      });
      expect(mean + deviation * output).toBeCloseTo(2 * a! - 3 * b! + 40, -0.3);
    }
  });
});

describe('a label that is a number', () => {
  const told = (loss: string, outFeatures: number) =>
    inferGraph(
      chain([
        ['Input', {}],
        ['Linear', { outFeatures }],
        [loss, {}],
      ]),
      dataShapes(dataset),
    ).diagnostics;

  it('goes with losses that compare numbers', () => {
    for (const loss of ['MSELoss', 'L1Loss', 'HuberLoss', 'SmoothL1Loss', 'PoissonNLLLoss']) {
      expect(told(loss, 1), loss).toEqual([]);
    }
    expect(told('MSELoss', 3)).toMatchObject([
      {
        message: expect.stringMatching(/^MSELoss compares with 1 number a sample and receives samples of/),
        fixes: [{ label: 'Set outFeatures of Linear to 1' }, { label: 'Insert Linear (outFeatures 1) before MSELoss' }],
      },
    ]);
  });

  it.each(['CrossEntropyLoss', 'NLLLoss', 'BCEWithLogitsLoss', 'KLDivLoss'])('is refused by %s', (loss) => {
    const [problem] = told(loss, 1);
    expect(problem?.severity).toBe('error');
    expect(problem?.message).toMatch(/is a number: use MSELoss/);
  });
});

describe('a model trained by the API on a table', () => {
  it('predicts in the units of the table', async () => {
    const backend = createReferenceBackend();
    const result = await train(linear('MSELoss'), { dataset, backend });
    const { outputs } = await result.predict(Float32Array.from(dataset.test.inputs), dataset.test.count);
    const { mean, deviation } = dataset.target!;
    const truth = Array.from(dataset.test.labels, (label) => mean + deviation * label);
    expect(Math.max(...truth.map((value, i) => Math.abs(value - outputs[i]!)))).toBeLessThan(1);
    result.dispose();
    backend.dispose();
  });
});
