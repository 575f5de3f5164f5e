import { expect, it } from 'vitest';
import { createWasmBackend } from '../engine/backends/wasm/wasmBackend.ts';
import { createTrainingRun } from '../engine/training/createTrainingRun.ts';
import { chain, groups } from '../engine/training/testModels.ts';
import { amount, planReport, planRow, planTable } from './planReport.ts';
import { profileTable } from './profileCommand.ts';

const document = chain([
  ['Input', {}],
  ['Linear', { outFeatures: 8 }],
  ['ReLU', {}],
  ['Linear', { outFeatures: 2 }],
  ['CrossEntropyLoss', {}],
]);

it('adds up the kernels of a step', async () => {
  const backend = await createWasmBackend();
  const run = await createTrainingRun({ document, dataset: groups(32, 8), backend });
  const report = planReport(document, backend.name, run.stepCode);
  const { totals, kernels } = report;
  expect(totals.dispatches).toBe(kernels.length);
  // A product of [16, 2] and [2, 8] and one of [16, 8] and [8, 2], two operations an element of their sums.
  const products = kernels.filter(({ label }) => label.startsWith('matmul')).map(({ flops }) => flops);
  expect(Math.min(...products)).toBeGreaterThanOrEqual(2 * 16 * 2 * 8);
  expect(totals.flops).toBe(kernels.reduce((sum, { flops }) => sum + flops, 0));
  expect(totals.pipelines).toBeGreaterThan(0);
  expect(totals.pipelines).toBeLessThanOrEqual(totals.dispatches);
  // Of the data set only the batch's 16 rows of two floats are read, with their int32 numbers.
  const gather = kernels.find(({ label }) => label === 'takeRows');
  expect(gather?.bytes).toBe(16 * 4 + 16 * 2 * 4 + 16 * 2 * 4);
  const table = planTable(report).split('\n');
  expect(table).toHaveLength(kernels.length + 2);
  expect(table.at(-1)).toMatch(new RegExp(`^${kernels.length} kernels in ${kernels.length} dispatches, `));
  expect(planRow(report)).toMatch(/^chain +wasm +\d+ kernels/);
});

it('lists layers with their kernels and shares', () => {
  const kernels = [
    { label: 'matmul+relu', origins: ['linear', 'relu'], flops: 2e6, bytes: 1000, resultBytes: 400, milliseconds: 3 },
    { label: 'compute', origins: [], flops: 0, bytes: 10, resultBytes: 0, milliseconds: 1 },
  ];
  const lines = profileTable({ kernels, batchSize: 4, arenaBytes: 300, weightBytes: { linear: 600 } }).split('\n');
  expect(lines.map((line) => line.trim().replace(/ {2,}/g, ' | '))).toEqual([
    'time | share | speed | traffic | memory',
    '3.000 ms | 75.0% | 0.67 GFLOP/s | 1.00 kB | 1.00 kB | linear',
    '3.000 ms | 75.0% | 0.67 GFLOP/s | 1.00 kB | 400 B | matmul+relu | (with relu)',
    '1.000 ms | 25.0% | 0.00 GFLOP/s | 10 B | 0 B | gathering, update, metrics',
    '1.000 ms | 25.0% | 0.00 GFLOP/s | 10 B | 0 B | compute',
    '4.000 ms | 100.0% | 0.50 GFLOP/s | 1.01 kB | 900 B | the step, kernel by kernel; memory: weights and what is planned for all results',
  ]);
});

it('writes amounts with three digits', () => {
  expect([0, 999, 1000, 123_456, 999_600, 7.5e9].map((value) => amount(value, 'B'))).toEqual([
    '0 B',
    '999 B',
    '1.00 kB',
    '123 kB',
    '1.00 MB',
    '7.50 GB',
  ]);
});
