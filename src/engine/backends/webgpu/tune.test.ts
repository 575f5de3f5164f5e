import { describe, expect, it } from 'vitest';
import { ProgramBuilder } from '../../ir/builder.ts';
import { f32 } from '../../ir/shape.ts';
import { opDefinition } from '../../ops/registry.ts';
import type { TunedKernel, TuningStore } from '../backend.ts';
import { testGpu } from './testDevice.ts';
import { numbers } from './testRun.ts';
import { createWebgpuBackend, type WebgpuBackend } from './webgpuBackend.ts';

const { gpu, reason } = await testGpu();

const plain = { transposeA: false, transposeB: false };

/** A product of two matrices, 48 × 40 from sums of 64. */
function product() {
  const builder = new ProgramBuilder(opDefinition);
  const a = builder.input('a', f32(48, 64));
  const b = builder.input('b', f32(64, 40));
  builder.output('c', builder.op('matmul', [a, b], plain));
  return builder.build();
}

/** Three products of different shapes, one after another. */
function products() {
  const builder = new ProgramBuilder(opDefinition);
  let value = builder.input('a', f32(48, 64));
  for (const [i, columns] of [40, 24, 8].entries()) {
    const b = builder.input(`b${i}`, f32(value.type.shape[1] as number, columns));
    value = builder.op('matmul', [value, b], plain);
  }
  builder.output('c', value);
  return builder.build();
}

async function multiply(backend: WebgpuBackend): Promise<Float32Array> {
  const program = product();
  const buffers = {
    a: backend.allocate(f32(48, 64), numbers(f32(48, 64), 1).data),
    b: backend.allocate(f32(64, 40), numbers(f32(64, 40), 2).data),
    c: backend.allocate(f32(48, 40)),
  };
  const plan = backend.compile(program).bind(buffers);
  plan.run();
  const result = (await backend.read(buffers.c)) as Float32Array;
  plan.dispose();
  for (const buffer of Object.values(buffers)) backend.release(buffer);
  return result;
}

function memoryStore(): TuningStore & { all: Record<string, Readonly<Record<string, string>>> } {
  const all: Record<string, Readonly<Record<string, string>>> = {};
  return {
    all,
    load: async (adapter) => all[adapter] ?? {},
    save: async (adapter, choices) => {
      all[adapter] = choices;
    },
  };
}

const make = async (tuning: TuningStore): Promise<WebgpuBackend> =>
  (await createWebgpuBackend({ gpu: gpu as GPU, tuning })) as WebgpuBackend;

describe.skipIf(!gpu)(`tuning on WebGPU${reason ? ` (left out: ${reason})` : ''}`, () => {
  it('measures each product once, keeps the choice for its adapter, and leaves no memory behind', async () => {
    const store = memoryStore();
    const backend = await make(store);
    const before = await multiply(backend);
    const buffers = backend.bufferCount;
    const found: TunedKernel[] = [];
    await backend.tune(product(), (kernel) => found.push(kernel));
    expect(backend.bufferCount).toBe(buffers);
    expect(found).toHaveLength(1);
    expect(found[0]?.tried).toBeGreaterThan(2);
    expect(found[0]?.after).toBeLessThanOrEqual(found[0]?.before ?? 0);
    expect(Object.values(store.all[backend.description] ?? {})).toEqual([found[0]?.choice]);
    const after = await multiply(backend);
    for (const [i, value] of before.entries()) expect(after[i]).toBeCloseTo(value, 4);
    backend.dispose();
  });

  it('tells how far it is, and ends when it is told to, keeping what it found', async () => {
    const store = memoryStore();
    const backend = await make(store);
    const end = new AbortController();
    const told: number[][] = [];
    await backend.tune(
      products(),
      (_, done, of) => {
        told.push([done, of]);
        if (done === 2) end.abort();
      },
      end.signal,
    );
    expect(told).toEqual([
      [1, 3],
      [2, 3],
    ]);
    expect(Object.keys(store.all[backend.description] ?? {})).toHaveLength(2);
    backend.dispose();
  });

  it.each(['registers 1x1x4', 'registers 2x2x4', 'workgroups 8x8', 'nothing of the kind'])(
    'takes what is kept, if it is there: %s',
    async (wanted) => {
      const store = memoryStore();
      const first = await make(store);
      const expected = await multiply(first);
      await first.tune(product(), () => {});
      const [key] = Object.keys(store.all[first.description] ?? {});
      store.all[first.description] = { [key as string]: wanted };
      first.dispose();
      const backend = await make(store);
      for (const [i, value] of (await multiply(backend)).entries()) expect(value).toBeCloseTo(expected[i] as number, 4);
      backend.dispose();
    },
  );

  it('gives the same bits on each run of one backend, and on another with the same choices', async () => {
    const store = memoryStore();
    const one = await make(store);
    await one.tune(product(), () => {});
    const other = await make(store);
    const results = [await multiply(one), await multiply(one), await multiply(other)];
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
    one.dispose();
    other.dispose();
  });
});
