import { beforeEach, describe, expect, it } from 'vitest';
import { ProgramBuilder } from '../../ir/builder.ts';
import { f32, i32 } from '../../ir/shape.ts';
import type { Program } from '../../ir/types.ts';
import { broadcastAccess } from '../../kernels/access.ts';
import { add, constant, load, multiply, random } from '../../kernels/expression.ts';
import { philoxUniforms } from '../../kernels/philox.ts';
import { checkOps } from '../../ops/conformance.ts';
import { opDefinition } from '../../ops/registry.ts';
import { runKernel } from './testKernel.ts';
import { createWasmBackend, type WasmBackend } from './wasmBackend.ts';

let backend: WasmBackend;
beforeEach(async () => {
  backend = await createWasmBackend();
});

/** relu(x·w + x·w), and the sum of it. */
function program(): Program {
  const builder = new ProgramBuilder(opDefinition);
  const [x, w] = [builder.input('x', f32(3, 5)), builder.input('w', f32(5, 6))];
  const product = builder.op('matmul', [x, w], { transposeA: false, transposeB: false });
  const y = builder.op('relu', [builder.op('add', [product, product])]);
  builder.output('y', y);
  builder.output('total', builder.op('sum', [y], { axes: [0, 1], keepDims: false }));
  return builder.build();
}

const some = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => Math.sin(7 * i + 1));

function buffers() {
  return {
    x: backend.allocate(f32(3, 5), some(15)),
    w: backend.allocate(f32(5, 6), some(30)),
    y: backend.allocate(f32(3, 6)),
    total: backend.allocate(f32()),
  };
}

it('agrees with the reference of every op', async () => {
  const checks = await checkOps(backend, { rtol: 1e-5, atol: 1e-6 });
  expect(checks.length).toBeGreaterThan(100);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});

describe('plans', () => {
  it('run on the memory they are bound to, and give the same bits each time', async () => {
    const memory = buffers();
    const plan = backend.compile(program()).bind(memory);
    plan.run();
    const first = await backend.read(memory.y);
    // Growing detaches all views of the memory: a plan must not care.
    backend.allocate(f32(1 << 20));
    plan.run();
    expect(await backend.read(memory.y)).toEqual(first);
    const [total] = await backend.read(memory.total);
    expect(total).toBeCloseTo(
      Array.from(first).reduce((sum, each) => sum + each, 0),
      4,
    );
    backend.write(memory.x, new Float32Array(15));
    plan.run();
    expect(await backend.read(memory.total)).toEqual(Float32Array.of(0));
  });

  it('of an equal program need no new code', () => {
    backend.compile(program());
    const count = backend.kernelCount;
    expect(count).toBeGreaterThan(0);
    backend.compile(program());
    expect(backend.kernelCount).toBe(count);
  });

  it('give their memory back', () => {
    const memory = buffers();
    const executable = backend.compile(program());
    const addresses = new Set<number>();
    for (let i = 0; i < 100; i++) {
      executable.bind(memory).dispose();
      const probe = backend.allocate(f32(1000));
      addresses.add((probe as unknown as { address: number }).address);
      backend.release(probe);
    }
    expect(addresses.size).toBe(1);
  });

  it('need every buffer, of the right type', () => {
    const executable = backend.compile(program());
    const { x, ...others } = buffers();
    expect(() => executable.bind(others)).toThrow(/needs a buffer "x"/);
    expect(() => executable.bind({ ...others, x: backend.allocate(f32(5, 3)) })).toThrow(
      /"x" is f32 5×3, expected f32 3×5/,
    );
    expect(() => executable.bind({ ...others, x: { type: x.type } })).toThrow(/another device/);
  });

  it('that do not fit leave the memory as it was', async () => {
    const builder = new ProgramBuilder(opDefinition);
    const x = builder.input('x', f32(30_000, 1));
    const wide = builder.op('matmul', [x, builder.op('reshape', [x], { shape: [1, 30_000] })], {
      transposeA: false,
      transposeB: false,
    });
    builder.output(
      'total',
      builder.op('sum', [builder.op('softmax', [wide], { axis: 1 })], { axes: [0, 1], keepDims: false }),
    );
    const memory = { x: backend.allocate(f32(30_000, 1)), total: backend.allocate(f32()) };
    const executable = backend.compile(builder.build());
    expect(executable.arenaBytes).toBeGreaterThan(3.5e9);
    expect(() => executable.bind(memory)).toThrow(expect.objectContaining({ id: 'out-of-memory' }));
    const small = backend.compile(program()).bind(buffers());
    small.run();
    small.dispose();
  });
});

describe('kernels', () => {
  it('may write where they read', async () => {
    const x = backend.allocate(f32(103), some(103));
    const location = { slot: 0, byteOffset: 0, type: f32(103) };
    const plan = backend
      .compileSchedule({
        slots: [{ kind: 'bound', name: 'x', type: f32(103) }],
        calls: [
          {
            spec: {
              kind: 'map',
              dims: [103],
              loads: [broadcastAccess(0, [103], [103])],
              outputs: [add(multiply(load(0), constant(2)), constant(1))],
            },
            operands: [location],
            results: [location],
            label: 'double',
            origins: [],
          },
        ],
      })
      .bind({ x });
    plan.run();
    plan.run();
    const expected = some(103).map((each) => 2 * Math.fround(2 * each + 1) + 1);
    expect(await backend.read(x)).toEqual(expected);
  });

  it.each([[[1001]], [[7, 5, 3]], [[10, 4]]])('draw the same random numbers as everybody for %j', async (dims) => {
    const size = dims.reduce((product, extent) => product * extent, 1);
    const scalars = [0, 1].map((operand) => broadcastAccess(operand, [], dims));
    const spec = { kind: 'map', dims, loads: scalars, outputs: [random(0, 1, 3)] } as const;
    const [given] = await runKernel(backend, spec, [Int32Array.of(-5), Int32Array.of(12)]);
    expect(given).toEqual(philoxUniforms(size, -5, 12, 3));
  });

  it('sum a million numbers without losing more than a few bits', async () => {
    const values = Float32Array.from({ length: 1_000_000 }, (_, i) => 0.1 + (i % 17) * 0.01);
    const exact = values.reduce((sum, each) => sum + each, 0);
    for (const dims of [[1_000_000], [1_000, 1_000]]) {
      const spec = {
        kind: 'reduce',
        dims: [...dims],
        inner: dims.length,
        loads: [broadcastAccess(0, dims, dims)],
        stages: [{ combine: 'sum', value: load(0) }],
        outputs: [{ over: 'outer', order: [], value: { kind: 'stage', stage: 0 } }],
      } as const;
      const [given] = await runKernel(backend, spec, [values]);
      expect(Math.abs((given?.[0] as number) - exact) / exact).toBeLessThan(2e-6);
    }
  });

  it('that differ in what is not finite, or in the sign of 0, are not taken for each other', async () => {
    for (const value of [Infinity, -Infinity, NaN, 0, -0]) {
      const [given] = await runKernel(backend, { kind: 'map', dims: [1], loads: [], outputs: [constant(value)] }, []);
      expect(given).toEqual(Float32Array.of(value));
    }
  });

  it('round to int32 where results are int32', async () => {
    const spec = { kind: 'map', dims: [5], loads: [broadcastAccess(0, [5], [5])], outputs: [load(0)] } as const;
    const [given] = await runKernel(backend, spec, [Float32Array.of(1, -2, 3.7, 2e9, -0)], ['i32']);
    expect(given).toEqual(Int32Array.of(1, -2, 3, 2e9, 0));
  });
});

it('keeps bytes and ids as they are', async () => {
  const bytes = backend.allocate(
    { shape: [300], dtype: 'u8' },
    Uint8Array.from({ length: 300 }, (_, i) => i),
  );
  const ids = backend.allocate(i32(3), Int32Array.of(-1, 2 ** 31 - 1, 7));
  expect(await backend.read(bytes)).toEqual(Uint8Array.from({ length: 300 }, (_, i) => i));
  expect(await backend.read(ids)).toEqual(Int32Array.of(-1, 2 ** 31 - 1, 7));
  expect(() => backend.write(ids, new Int32Array(4))).toThrow(/3 elements can't take 4/);
});
