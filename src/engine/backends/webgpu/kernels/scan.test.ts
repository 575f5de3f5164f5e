import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { f32 } from '../../../ir/shape.ts';
import type { TypedArray } from '../../../ir/types.ts';
import { interpretKernel } from '../../../kernels/interpret.ts';
import { scanCases } from '../../../kernels/testScans.ts';
import { testGpu } from '../testDevice.ts';
import { runSpec } from '../testRun.ts';
import { createWebgpuBackend, type WebgpuBackend } from '../webgpuBackend.ts';

const { gpu, reason } = await testGpu();

const title = `scans on WebGPU${reason ? ` (left out: ${reason})` : ''}, laid out for %s`;
describe.skipIf(!gpu).each([
  ['a GPU', false],
  ['a CPU', true],
] as const)(title, (_, software) => {
  let backend: WebgpuBackend;
  beforeAll(async () => {
    backend = (await createWebgpuBackend({ gpu: gpu as GPU, software })) as WebgpuBackend;
  });
  afterAll(() => backend?.dispose());

  test.each(scanCases)('$name', async ({ spec, operands }) => {
    const wanted = interpretKernel(spec, operands);
    const run = await runSpec(
      backend,
      spec,
      operands.map((data) => ({ data, type: typeOf(data) })),
      wanted.map(({ length }) => f32(length)),
    );
    expect(run.outputs.map((output) => Array.from(output, (x) => x + 0))).toEqual(
      wanted.map((values) => values.map((x) => x + 0)),
    );
    // The weights may be put in order before.
    expect(run.dispatches).toBeLessThanOrEqual(2);
  });
});

function typeOf(data: TypedArray) {
  return { shape: [data.length], dtype: data instanceof Int32Array ? 'i32' : 'f32' } as const;
}
