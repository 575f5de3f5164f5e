import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../engine/backends/backend.ts';
import { createReferenceBackend } from '../../engine/backends/reference/referenceBackend.ts';
import { createBackend } from '../../engine/backends/select.ts';
import { createWasmBackend } from '../../engine/backends/wasm/wasmBackend.ts';
import { testGpu } from '../../engine/backends/webgpu/testDevice.ts';
import { readOpFixtures, verifyOpCase } from './opsSuite.ts';

const file = fileURLToPath(new URL('../../../conformance/ops/fixtures.bin.gz', import.meta.url));
const fixtures = readOpFixtures(readFileSync(file));
const { gpu } = await testGpu();

/** A share of the cases here; all of them by `gradloom verify ops`. */
const devices: [string, number, () => Promise<Backend>][] = [
  ['reference', 8, async () => createReferenceBackend()],
  ['wasm', 4, () => createWasmBackend()],
  ...(gpu ? [['webgpu', 10, () => createBackend('webgpu', gpu)] as [string, number, () => Promise<Backend>]] : []),
];

describe("PyTorch's own samples of its functions", () => {
  it('are there in number', () => {
    expect(fixtures.torch).toBe('2.13.0');
    expect(fixtures.cases.length).toBeGreaterThan(1200);
    expect(new Set(fixtures.cases.map(({ op }) => op)).size).toBeGreaterThan(150);
  });

  it.each(devices)(
    'give the same numbers and gradients on %s',
    async (_, every, create) => {
      const backend = await create();
      const failed: string[] = [];
      let passed = 0;
      for (const [number, test] of fixtures.cases.entries()) {
        if (number % every !== 1) continue;
        const verdict = await verifyOpCase(backend, fixtures, test);
        if (verdict.verdict === 'failed') failed.push(`${test.op} ${number}: ${verdict.reason}`);
        else if (verdict.verdict === 'passed') passed++;
      }
      backend.dispose();
      expect(failed).toEqual([]);
      expect(passed).toBeGreaterThan((0.6 * fixtures.cases.length) / every);
    },
    120_000,
  );

  it('would tell a wrong number', async () => {
    const test = fixtures.cases.find(({ op }) => op === 'exp')!;
    const numbers = fixtures.numbers.slice();
    numbers[test.outputs[0]!.at] = (numbers[test.outputs[0]!.at] as number) + 0.001;
    const verdict = await verifyOpCase(createReferenceBackend(), { ...fixtures, numbers }, test);
    expect(verdict).toMatchObject({ verdict: 'failed' });
  });
});
