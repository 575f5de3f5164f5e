import { expect, it } from 'vitest';
import { scanCases } from '../../kernels/testScans.ts';
import { agrees, runKernel } from './testKernel.ts';
import { createWasmBackend } from './wasmBackend.ts';

const backend = await createWasmBackend();

it.each(scanCases)('computes a scan: $name', async ({ spec, operands }) => {
  await agrees(backend, spec, operands);
});

it('computes a scan without rows', async () => {
  const [{ spec, operands }] = scanCases as [(typeof scanCases)[number]];
  const given = await runKernel(backend, { ...spec, dims: [1, 0, 1] }, operands);
  expect(given.map(({ length }) => length)).toEqual([0, 0, 0]);
});
