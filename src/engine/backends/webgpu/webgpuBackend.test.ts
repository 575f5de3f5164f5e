import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EngineError } from '../../errors.ts';
import { f32, i32, sizeOf } from '../../ir/shape.ts';
import type { TensorType } from '../../ir/types.ts';
import { broadcastAccess } from '../../kernels/access.ts';
import { add, constant, load, multiply, random, stage } from '../../kernels/expression.ts';
import { philoxUniforms } from '../../kernels/philox.ts';
import type { MapSpec, ReduceSpec } from '../../kernels/spec.ts';
import { checkOps } from '../../ops/conformance.ts';
import type { KernelCall, Schedule } from '../../schedule/schedule.ts';
import { testGpu } from './testDevice.ts';
import { numbers, runSchedule, runSpec } from './testRun.ts';
import { createWebgpuBackend, type WebgpuBackend } from './webgpuBackend.ts';

const { gpu, reason } = await testGpu();
const leftOut = reason ? ` (left out: ${reason})` : '';

/** `a·2 + b` over `size` elements. */
function doubleAndAdd(size: number): MapSpec {
  const loads = [broadcastAccess(0, [size], [size]), broadcastAccess(1, [size], [size])];
  return { kind: 'map', dims: [size], loads, outputs: [add(multiply(load(0), constant(2)), load(1))] };
}

function call(spec: KernelCall['spec'], operands: KernelCall['operands'], results: KernelCall['results']): KernelCall {
  return { spec, operands, results, label: spec.kind, origins: [] };
}

const at = (slot: number, type: TensorType, byteOffset = 0): KernelCall['results'][number] => ({
  slot,
  byteOffset,
  type,
});

describe.skipIf(!gpu)(`WebGPU backend${leftOut}`, () => {
  let backend: WebgpuBackend;
  beforeAll(async () => {
    backend = (await createWebgpuBackend({ gpu: gpu as GPU })) as WebgpuBackend;
  });
  afterAll(() => backend?.dispose());

  test('agrees with the reference of every op', async () => {
    const checks = await checkOps(backend, { rtol: 2e-5, atol: 2e-6 });
    expect(checks.length).toBeGreaterThan(100);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  }, 120_000);

  test.each([
    numbers(f32(3, 5)),
    numbers(i32(7)),
    numbers({ dtype: 'u8', shape: [13] }),
    numbers(f32()),
    numbers(f32(0, 4)),
    numbers(f32(3_000_00)),
  ])('gives back what was written, and zeros before ($type.dtype $type.shape)', async ({ type, data }) => {
    const buffer = backend.allocate(type);
    expect(await backend.read(buffer)).toEqual(data.map(() => 0));
    backend.write(buffer, data);
    expect(await backend.read(buffer)).toEqual(data);
    backend.release(buffer);
  });

  test('a result in the place of an operand, and again with each run', async () => {
    const type = f32(100);
    const slots: Schedule['slots'] = ['a', 'b'].map((name) => ({ kind: 'bound', name, type }));
    const schedule: Schedule = { slots, calls: [call(doubleAndAdd(100), [at(0, type), at(1, type)], [at(0, type)])] };
    const a = numbers(type, 1);
    const b = numbers(type, 2);
    const buffers = { a: backend.allocate(type, a.data), b: backend.allocate(type, b.data) };
    const plan = backend.compileSchedule(schedule).bind(buffers);
    plan.run();
    plan.run();
    const want = a.data.map((x, i) => Math.fround(Math.fround(x * 2 + b.data[i]!) * 2 + b.data[i]!));
    const got = await backend.read(buffers.a);
    for (const [i, x] of got.entries()) expect(x).toBeCloseTo(want[i] as number, 5);
    plan.dispose();
    expect(() => plan.run()).toThrow('disposed');
  });

  test('reads and writes different parts of one buffer in one dispatch, of two element types', async () => {
    const part = f32(64);
    const whole = f32(192);
    const slots: Schedule['slots'] = [{ kind: 'bound', name: 'whole', type: whole }];
    const data = numbers(whole);
    const { outputs } = await runSchedule(
      backend,
      { slots, calls: [call(doubleAndAdd(64), [at(0, part), at(0, part, 512)], [at(0, part, 256)])] },
      { whole: data.data },
    );
    const got = outputs.whole as Float32Array;
    for (let i = 0; i < 64; i++) {
      expect(got[i]).toBe(data.data[i]);
      expect(got[64 + i]).toBeCloseTo(data.data[i]! * 2 + data.data[128 + i]!, 6);
    }
    const ints: MapSpec = { kind: 'map', dims: [64], loads: [broadcastAccess(0, [64], [64])], outputs: [load(0)] };
    const counted = Int32Array.from({ length: 64 }, (_, i) => 2 ** 24 + 1 + i);
    const mixed = await runSchedule(
      backend,
      {
        slots: [
          { kind: 'bound', name: 'in', type: i32(64) },
          { kind: 'arena', bytes: 512 },
          { kind: 'bound', name: 'out', type: i32(64) },
        ],
        calls: [
          call(ints, [at(0, i32(64))], [at(1, i32(64))]),
          call(ints, [at(1, i32(64))], [at(1, part, 256)]),
          call(ints, [at(1, i32(64))], [at(2, i32(64))]),
        ],
      },
      { in: counted },
    );
    expect(mixed.outputs.out).toEqual(counted);
  });

  test('bytes are made four to a word', async () => {
    const bytes: TensorType = { dtype: 'u8', shape: [4 * 64 + 3] };
    const size = sizeOf(bytes.shape);
    const x = numbers(bytes);
    const spec: MapSpec = {
      kind: 'map',
      dims: [size],
      loads: [broadcastAccess(0, [size], [size])],
      outputs: [load(0), add(load(0), constant(1))],
    };
    const { outputs } = await runSpec(backend, spec, [x], [bytes, f32(size)]);
    expect(outputs[0]).toEqual(x.data);
    expect(outputs[1]).toEqual(Float32Array.from(x.data, (byte) => byte + 1));
  });

  test('random numbers are the same bits as on the host', async () => {
    const spec: MapSpec = {
      kind: 'map',
      dims: [3, 5],
      loads: [broadcastAccess(0, [], [3, 5]), broadcastAccess(1, [], [3, 5])],
      outputs: [random(0, 1, 7)],
    };
    const seed = { type: i32(), data: Int32Array.of(-5) };
    const step = { type: i32(), data: Int32Array.of(12) };
    const { outputs } = await runSpec(backend, spec, [seed, step], [f32(3, 5)]);
    expect(outputs[0]).toEqual(philoxUniforms(15, -5, 12, 7));
  });

  test('nothing happens where there are no elements; a sum of none is zero', async () => {
    const sum: ReduceSpec = {
      kind: 'reduce',
      dims: [3, 0],
      inner: 1,
      loads: [broadcastAccess(0, [3, 0], [3, 0])],
      stages: [{ combine: 'sum', value: load(0) }],
      outputs: [{ over: 'outer', order: [0], value: add(stage(0), constant(2)) }],
    };
    expect((await runSpec(backend, sum, [numbers(f32(3, 0))], [f32(3)])).outputs[0]).toEqual(Float32Array.of(2, 2, 2));
    const none = await runSpec(backend, doubleAndAdd(0), [numbers(f32(0)), numbers(f32(0))], [f32(0)]);
    expect(none.dispatches).toBe(0);
  });

  test('an equal program makes no new code', () => {
    const type = f32(33);
    const schedule = (): Schedule => ({
      slots: ['a', 'b', 'c'].map((name) => ({ kind: 'bound', name, type })),
      calls: [call(doubleAndAdd(33), [at(0, type), at(1, type)], [at(2, type)])],
    });
    const first = backend.compileSchedule(schedule());
    const count = backend.pipelineCount;
    expect(backend.compileSchedule(schedule())).toBe(first);
    expect(backend.pipelineCount).toBe(count);
  });

  test('refuses what does not fit, by name', () => {
    const type = f32(10);
    const schedule: Schedule = {
      slots: ['a', 'b'].map((name) => ({ kind: 'bound', name, type })),
      calls: [call(doubleAndAdd(10), [at(0, type), at(0, type)], [at(1, type)])],
    };
    const executable = backend.compileSchedule(schedule);
    const a = backend.allocate(type);
    expect(() => executable.bind({ a })).toThrow('"b"');
    expect(() => executable.bind({ a, b: backend.allocate(f32(2, 5)) })).toThrow('f32 2×5');
    expect(() => executable.bind({ a, b: a })).toThrow('same buffer');
    expect(() => executable.bind({ a, b: { type } })).toThrow('another backend');
    expect(() => backend.allocate(f32(10), new Float32Array(9))).toThrow('10 elements');
    expect(() => backend.allocate(f32(10), new Int32Array(10))).toThrow('Float32Array');
  });

  test('refuses more memory than a buffer can hold before it asks for any', () => {
    const tooMuch = f32(2 ** 20, 2 ** 20);
    expect(() => backend.allocate(tooMuch)).toThrow(expect.objectContaining({ id: 'out-of-memory' }));
  });

  test('refuses a kernel that needs more buffers than there are', () => {
    const dims = [4];
    const count = 40;
    const loads = Array.from({ length: count }, (_, k) => broadcastAccess(k, dims, dims));
    const outputs = [loads.map((_, k) => load(k)).reduce(add)];
    const spec: MapSpec = { kind: 'map', dims, loads, outputs };
    const run = runSpec(
      backend,
      spec,
      loads.map(() => numbers(f32(4))),
      [f32(4)],
    );
    return expect(run).rejects.toMatchObject({ id: 'unsupported' });
  });
});

describe.skipIf(!gpu)(`WebGPU device${leftOut}`, () => {
  test('is undefined where there is no adapter', async () => {
    const none = { requestAdapter: async () => null } as unknown as GPU;
    expect(await createWebgpuBackend({ gpu: none })).toBeUndefined();
  });

  test('tells when it is lost, and does nothing afterwards', async () => {
    const device = (await (await gpu?.requestAdapter())?.requestDevice()) as GPUDevice;
    const backend = (await createWebgpuBackend({ device })) as WebgpuBackend;
    expect(backend.description).toMatch(/^WebGPU, ./);
    const buffer = backend.allocate(f32(4));
    device.destroy();
    expect(await backend.lost).toBeTypeOf('string');
    expect(() => backend.write(buffer, new Float32Array(4))).toThrow(EngineError);
    await expect(backend.read(buffer)).rejects.toMatchObject({ id: 'device-lost' });
    await expect(backend.finish()).rejects.toMatchObject({ id: 'device-lost' });
    backend.dispose();
  });

  test('does not hide an error of the device', async () => {
    const device = (await (await gpu?.requestAdapter())?.requestDevice()) as GPUDevice;
    const backend = (await createWebgpuBackend({ device })) as WebgpuBackend;
    device.createBuffer({ size: 16, usage: 0x0001 | 0x0002 });
    await expect(backend.finish()).rejects.toMatchObject({ id: 'unsupported' });
    backend.dispose();
    expect(() => backend.allocate(f32(1))).toThrow('disposed');
    device.destroy();
  });
});
