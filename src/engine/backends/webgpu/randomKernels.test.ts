import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { f32 } from '../../ir/shape.ts';
import type { TypedArray } from '../../ir/types.ts';
import { interpretKernel } from '../../kernels/interpret.ts';
import { randomContract, randomMap, randomReduce } from '../../kernels/testRandom.ts';
import { testGpu } from './testDevice.ts';
import { runSpec } from './testRun.ts';
import { createWebgpuBackend, type WebgpuBackend } from './webgpuBackend.ts';

const { gpu, reason } = await testGpu();

const title = `any kernel on WebGPU${reason ? ` (left out: ${reason})` : ''}, laid out for %s`;
describe.skipIf(!gpu).each([
  ['a GPU', false],
  ['a CPU', true],
] as const)(title, (_, software) => {
  let backend: WebgpuBackend;
  beforeAll(async () => {
    backend = (await createWebgpuBackend({ gpu: gpu as GPU, software })) as WebgpuBackend;
  });
  afterAll(() => backend?.dispose());

  test.each([
    ['computes maps', randomMap],
    ['computes reductions', randomReduce],
    ['multiplies in any arrangement of dims', randomContract],
  ])(
    '%s',
    async (_, make) => {
      const property = fc.asyncProperty(fc.integer(), async (seed) => {
        const { spec, operands } = make(seed);
        const wanted = interpretKernel(spec, operands);
        // Beyond 2²⁴ float32 leaves whole numbers out: nothing to compare exactly.
        if (wanted.some((values) => values.some((x) => Math.abs(x) >= 2 ** 24))) return;
        const run = await runSpec(
          backend,
          spec,
          operands.map((data) => ({ data, type: typeOf(data) })),
          wanted.map(({ length }) => f32(length)),
        );
        expect(run.outputs.map((output) => Array.from(output, (x) => x + 0))).toEqual(
          wanted.map((values) => values.map((x) => x + 0)),
        );
      });
      await fc.assert(property, { numRuns: 25 });
    },
    600_000,
  );
});

function typeOf(data: TypedArray) {
  const dtype = data instanceof Float32Array ? 'f32' : data instanceof Int32Array ? 'i32' : 'u8';
  return { shape: [data.length], dtype } as const;
}
