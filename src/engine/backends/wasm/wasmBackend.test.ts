import { expect, it } from 'vitest';
import { checkOps } from '../../ops/conformance.ts';
import { createWasmBackend } from './wasmBackend.ts';

it('agrees with the reference of every op', async () => {
  const checks = await checkOps(await createWasmBackend(), { rtol: 1e-5, atol: 1e-6 });
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});
