import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../engine/backends/backend.ts';
import { createReferenceBackend } from '../../engine/backends/reference/referenceBackend.ts';
import { createBackend } from '../../engine/backends/select.ts';
import { createWasmBackend } from '../../engine/backends/wasm/wasmBackend.ts';
import { testGpu } from '../../engine/backends/webgpu/testDevice.ts';
import { readOnnxFixtures, verifyOnnxCase } from './onnxSuite.ts';

const file = fileURLToPath(new URL('../../../conformance/onnx/fixtures.bin.gz', import.meta.url));
const fixtures = readOnnxFixtures(readFileSync(file));
const { gpu } = await testGpu();

/** A share of the cases here; all of them by `gradloom verify onnx`. */
const devices: [string, number, () => Promise<Backend>][] = [
  ['reference', 10, async () => createReferenceBackend()],
  ['wasm', 4, () => createWasmBackend()],
  ...(gpu ? [['webgpu', 10, () => createBackend('webgpu', gpu)] as [string, number, () => Promise<Backend>]] : []),
];

describe("ONNX's own tests of its operators", () => {
  it('are all there', () => {
    expect(fixtures.onnx).toBe('1.23.1');
    expect(fixtures.cases.length).toBe(1884);
    expect(fixtures.cases.filter(({ core }) => core).length).toBe(500);
  });

  it.each(devices)(
    'give the same numbers on %s, or are refused by name',
    async (_, every, create) => {
      const backend = await create();
      const failed: string[] = [];
      let passed = 0;
      for (const [number, test] of fixtures.cases.entries()) {
        if (number % every !== 1) continue;
        const verdict = await verifyOnnxCase(backend, fixtures, test);
        if (verdict.verdict === 'failed') failed.push(`${test.name}: ${verdict.reason}`);
        else if (verdict.verdict === 'passed') passed++;
      }
      backend.dispose();
      expect(failed).toEqual([]);
      expect(passed).toBeGreaterThan((0.4 * fixtures.cases.length) / every);
    },
    120_000,
  );

  it('would tell a wrong number', async () => {
    const test = fixtures.cases.find(({ name }) => name === 'test_exp')!;
    const other = fixtures.cases.find(({ name }) => name === 'test_sqrt')!;
    const verdict = await verifyOnnxCase(createReferenceBackend(), fixtures, { ...test, outputs: other.outputs });
    expect(verdict).toMatchObject({ verdict: 'failed' });
  });
});
