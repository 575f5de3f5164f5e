import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../engine/backends/backend.ts';
import { createBackend } from '../../engine/backends/select.ts';
import { createWasmBackend } from '../../engine/backends/wasm/wasmBackend.ts';
import { testGpu } from '../../engine/backends/webgpu/testDevice.ts';
import { parseDocument } from '../../engine/graph/schema.ts';
import { sizeOf } from '../../engine/ir/shape.ts';
import { datasetOf } from '../sources.ts';
import { readCurveFixtures, verifyCurve } from './curvesSuite.ts';

const file = fileURLToPath(new URL('../../../conformance/curves/fixtures.bin.gz', import.meta.url));
const fixtures = readCurveFixtures(readFileSync(file));
const { gpu } = await testGpu();
const dataset = await datasetOf(parseDocument(JSON.stringify(fixtures.cases[0]!.document)).document);

/** A share of each run's steps here; all of them by `gradloom verify curves`. */
const devices: [string, number, () => Promise<Backend>][] = [
  ['wasm', 4, () => createWasmBackend()],
  ...(gpu ? [['webgpu', 10, () => createBackend('webgpu', gpu)] as [string, number, () => Promise<Backend>]] : []),
];

describe.each(devices)('training on %s', (_, share, create) => {
  it.each(fixtures.cases.map((test) => [test.name, test] as const))(
    "%s gives PyTorch's losses and gradients",
    async (_name, test) => {
      const backend = await create();
      expect(await verifyCurve(backend, fixtures, test, dataset, test.steps / share)).toMatchObject({
        verdict: 'passed',
      });
      backend.dispose();
    },
    120_000,
  );
});

describe('a run that parts from PyTorch', () => {
  const changed = (at: number, by: number) => {
    const numbers = fixtures.numbers.slice();
    numbers[at] = numbers[at]! * by;
    return { ...fixtures, numbers };
  };

  /** Of the first step: the bias behind everything, which no dead input makes 0. */
  const lastGradient = ({ gradients, weights }: (typeof fixtures.cases)[number]) =>
    gradients! + weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0) - 1;

  it('fails by a loss, by a gradient and by the weights that it starts from', async () => {
    const backend = await createWasmBackend();
    const verdict = async (name: string, at: (test: (typeof fixtures.cases)[number]) => number, by: number) => {
      const test = fixtures.cases.find((each) => each.name === name)!;
      return verifyCurve(backend, changed(at(test), by), test, dataset, 10);
    };
    expect(await verdict('smooth SGD', ({ losses }) => losses + 3, 1 + 1e-5)).toMatchObject({
      verdict: 'failed',
      atStep: 4,
    });
    const forced = await verdict('lstm forced', lastGradient, 1.5);
    expect(forced).toMatchObject({
      verdict: 'failed',
      reason: expect.stringContaining('99th percentile of gradients'),
    });
    expect(await verdict('relu-maxpool SGD', ({ weights }) => weights[0]!.at, 1.001)).toMatchObject({
      verdict: 'failed',
      reason: expect.stringContaining('up to step 10'),
    });
    backend.dispose();
  });
});
