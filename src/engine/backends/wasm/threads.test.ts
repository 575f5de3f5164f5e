import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { f32 } from '../../ir/shape.ts';
import { access, term } from '../../kernels/access.ts';
import { accumulator, binary, constant } from '../../kernels/expression.ts';
import type { ContractSpec } from '../../kernels/spec.ts';
import { checkOps } from '../../ops/conformance.ts';
import { findTemplate } from '../../templates/registry.ts';
import { createTrainingRun } from '../../training/createTrainingRun.ts';
import { FunctionBuilder, I32, ModuleBuilder } from './assembler.ts';
import { CodeStore } from './code.ts';
import { WasmMemory } from './memory.ts';
import { agrees, runKernel } from './testKernel.ts';
import { ThreadPool } from './threadPool.ts';
import { createWasmBackend, type WasmBackend } from './wasmBackend.ts';

/** Every kernel is divided, however small. */
const divided = (threads: number): Promise<WasmBackend> => createWasmBackend({ threads, leastDivided: 0 });
const backends = await Promise.all([1, 2, 3].map(divided));
afterAll(() => Promise.all(backends.map((backend) => backend.dispose())));

/** Samples of noise, the same with each call. */
function noise(sample: readonly number[], count: number) {
  const size = sample.reduce((product, extent) => product * extent, 1);
  const split = (seed: number) => ({
    count,
    inputs: Uint8Array.from({ length: count * size }, (_, i) => (i * 2654435761 + seed) >>> 24),
    labels: Int32Array.from({ length: count }, (_, i) => (i * 7 + seed) % 10),
  });
  return { id: 'noise', title: 'Noise', sample, classes: [...'0123456789'], train: split(1), test: split(5) };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) => new Uint8Array(buffer, byteOffset, byteLength);

it('says how many threads there are', () => {
  expect(backends.map(({ description }) => description)).toEqual(
    ['1 thread', '2 threads', '3 threads'].map((threads) => `WebAssembly SIMD, ${threads}`),
  );
});

it('agrees with the reference of every op on three threads', async () => {
  const checks = await checkOps(backends[2] as WasmBackend, { rtol: 1e-5, atol: 1e-6 });
  expect(checks.length).toBeGreaterThan(100);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});

it.each(['mlp', 'keras-cnn', 'residual-cnn', 'lstm-rows', 'vision-transformer'])(
  'trains %s to the same bits on one, two and three threads',
  async (template) => {
    const document = findTemplate(template)!.build();
    const training = { ...document.training, batchSize: 10 };
    const traces: unknown[] = [];
    for (const backend of backends) {
      const dataset = noise([1, 28, 28], 20);
      const run = await createTrainingRun({ document: { ...document, training }, dataset, backend });
      for (let i = 0; i < 2; i++) run.submitStep();
      const steps = await run.drain();
      expect(steps.every(({ loss }) => Number.isFinite(loss))).toBe(true);
      const sums = (await run.weights()).map(({ data }) => createHash('sha1').update(bytesOf(data)).digest('hex'));
      traces.push([steps, await run.evaluate(), sums]);
      run.dispose();
    }
    expect(traces[1]).toEqual(traces[0]);
    expect(traces[2]).toEqual(traces[0]);
  },
  60_000,
);

describe('matrix products', () => {
  /** relu(A·B) or A·B, with A [rows, count] and B [count, columns]. */
  const product = (rows: number, columns: number, count: number, relu: boolean): ContractSpec => {
    const dims = [rows, columns, count];
    const read = (number: number, shape: number[], axes: number[]) =>
      access(
        number,
        shape,
        dims,
        axes.map((dim) => ({ terms: [term(dim)] })),
      );
    return {
      kind: 'contract',
      dims: dims.map((extent, i) => ({ extent, role: (['m', 'n', 'k'] as const)[i] as 'm' })),
      a: read(0, [rows, count], [0, 2]),
      b: read(1, [count, columns], [2, 1]),
      output: [0, 1],
      loads: [],
      epilogue: relu ? binary('maximum', accumulator, constant(0)) : accumulator,
    };
  };
  const numbers = (count: number, by: number) => Float32Array.from({ length: count }, (_, i) => ((i * by) % 7) - 3);

  // Slices of a long sum, parts of the rows, parts of the columns.
  it.each([
    [5, 9, 2000, true],
    [6, 12, 600, false],
    [4, 8, 5000, true],
    [301, 4, 20, false],
    [390, 6, 20, true],
    [7, 396, 300, true],
  ])('%i×%i over %i', async (rows, columns, count, relu) => {
    const spec = product(rows, columns, count, relu);
    const [a, b] = [numbers(rows * count, 31), numbers(count * columns, 17)];
    for (const backend of backends) await agrees(backend, spec, [a, b]);
    const rough = [a, b].map((data) => data.map((x, i) => x + Math.sin(i)));
    const results = await Promise.all(backends.map((backend) => runKernel(backend, spec, rough)));
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });
});

/** Code that divides by zero in every unit but the first. */
function failing(codes: CodeStore) {
  const f = new FunctionBuilder([I32, I32]);
  const quotient = f.local(I32);
  f.get(0)
    .i32(0)
    .emit('i32.ne')
    .when(() => f.i32(1).i32(0).emit('i32.div_s').set(quotient));
  const module = new ModuleBuilder();
  module.add(f, 'run');
  return codes.add(module);
}

describe('threads', () => {
  it('report what went wrong on any of them, and are of no use then', async () => {
    const pool = await ThreadPool.start(new WasmMemory(3), 3);
    const codes = new CodeStore(true);
    const code = failing(codes).id;
    const steps = [{ code, arguments: [], range: 3, grain: 1, divided: true, waits: false }];
    const plan = pool.keep(codes.codes, steps);
    expect(() => pool.run(plan, steps)).toThrow(
      expect.objectContaining({ id: 'device-lost', message: expect.stringMatching(/kernel failed.*zero/) }),
    );
    expect(() => pool.run(plan, steps)).toThrow(/zero/);
    await pool.end();
  });

  it('report code that can not be compiled', async () => {
    const pool = await ThreadPool.start(new WasmMemory(2), 2);
    const steps = [{ code: 0, arguments: [], range: 3, grain: 1, divided: true, waits: false }];
    expect(() => pool.keep([{ id: 0, bytes: new Uint8Array(8), imports: {} }], steps)).toThrow(
      expect.objectContaining({ id: 'device-lost' }),
    );
    await pool.end();
  });

  it('end with their backend', async () => {
    for (let i = 0; i < 20; i++) {
      const backend = await divided(2);
      const x = backend.allocate(f32(1000));
      backend.release(x);
      // Resolves when the workers have exited.
      await backend.dispose();
    }
  });
});
