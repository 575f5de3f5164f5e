import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { f32, i32 } from '../../ir/shape.ts';
import type { Shape, TensorType } from '../../ir/types.ts';
import { type Access, access, broadcastAccess, term } from '../../kernels/access.ts';
import {
  accumulator,
  add,
  binary,
  constant,
  divide,
  exp,
  index,
  load,
  multiply,
  select,
  stage,
  subtract,
  unary,
} from '../../kernels/expression.ts';
import { interpretKernel } from '../../kernels/interpret.ts';
import type { ContractRole, ContractSpec, KernelSpec, ReduceSpec } from '../../kernels/spec.ts';
import { deviceKernels } from './kernels/deviceKernels.ts';
import { testGpu } from './testDevice.ts';
import { numbers, runSpec, type TestTensor } from './testRun.ts';
import { createWebgpuBackend, type WebgpuBackend } from './webgpuBackend.ts';

const { gpu, reason } = await testGpu();

const title = `kernels on WebGPU${reason ? ` (left out: ${reason})` : ''}, tiles in %s`;
describe.skipIf(!gpu).each([
  ['workgroup memory', false, true],
  ['registers', true, false],
  ['registers of quads', true, true],
] as const)(title, (_, software, quads) => {
  let backend: WebgpuBackend;
  beforeAll(async () => {
    // A device that was not asked for subgroups has none.
    const adapter = quads ? undefined : await gpu?.requestAdapter();
    const device = await adapter?.requestDevice();
    backend = (await createWebgpuBackend({
      gpu: gpu as GPU,
      software,
      ...(device ? { device } : {}),
    })) as WebgpuBackend;
  });
  afterAll(() => backend?.dispose());

  async function check(spec: KernelSpec, operands: TestTensor[], results: TensorType[], dispatches = 1): Promise<void> {
    const run = await runSpec(backend, spec, operands, results);
    const wanted = interpretKernel(
      spec,
      operands.map(({ data }) => data),
    );
    results.forEach((_, k) => {
      const got = run.outputs[k] as Float32Array;
      const want = wanted[k] as number[];
      expect(got.length).toBe(want.length);
      let worst = 0;
      let at = -1;
      for (let i = 0; i < got.length; i++) {
        const g = got[i] as number;
        const w = want[i] as number;
        if (Object.is(g, w) || g === w || (Number.isNaN(g) && Number.isNaN(w))) continue;
        const error = Math.abs(g - w) / (1 + Math.abs(w));
        if (!(error <= worst)) {
          worst = error;
          at = i;
        }
      }
      // One float32 sum of thousands of terms rounds more than a sum of partial sums does.
      const tolerance = spec.kind === 'contract' ? 3e-5 : 1e-5;
      expect(worst, `output ${k} at ${at}: ${got[at]} instead of ${want[at]}`).toBeLessThan(tolerance);
    });
    // Tiles in registers are split for the cores of a CPU, not for a GPU's.
    if (!software) expect(run.dispatches).toBe(dispatches);
  }

  test('map: broadcasting, comparison and select', async () => {
    const dims = [3, 5, 7];
    const loads = [broadcastAccess(0, [3, 5, 7], dims), broadcastAccess(1, [5, 1], dims)];
    const outputs = [
      add(load(0), multiply(load(1), index(2))),
      select(binary('greater', load(0), constant(0)), load(0), constant(-7)),
    ];
    await check(
      { kind: 'map', dims, loads, outputs },
      [numbers(f32(3, 5, 7)), numbers(f32(5, 1), 2)],
      [f32(...dims), f32(...dims)],
    );
  });

  test('map: bounds, divisors, gathers, bytes', async () => {
    const dims = [4, 6];
    const ids: TestTensor = { type: i32(4), data: Int32Array.of(2, 0, 9, -1) };
    const loads: Access[] = [
      access(0, [4], dims, [{ terms: [term(0)] }]),
      access(1, [3, 6], dims, [{ terms: [], gather: 0 }, { terms: [term(1)] }], -5),
      access(2, [4, 3], dims, [{ terms: [term(0)] }, { terms: [term(1)], offset: -1, divisor: 2 }], 9),
    ];
    await check(
      { kind: 'map', dims, loads, outputs: [load(1), add(load(2), load(0))] },
      [ids, numbers({ dtype: 'u8', shape: [3, 6] }), numbers(f32(4, 3))],
      [f32(4, 6), f32(4, 6)],
    );
    await check(
      { kind: 'map', dims, loads: loads.slice(0, 2), outputs: [load(0), load(1)] },
      [ids, numbers({ dtype: 'u8', shape: [3, 6] })],
      [
        { dtype: 'i32', shape: dims },
        { dtype: 'u8', shape: dims },
      ]
        .map((t) => t as TensorType)
        .slice(0, 1)
        .concat([f32(4, 6)]),
    );
  });

  test('map: more workgroups than one dimension of the grid holds', async () => {
    const size = 65535 * 64 + 77;
    const x = numbers(f32(size));
    const spec: KernelSpec = {
      kind: 'map',
      dims: [size],
      loads: [broadcastAccess(0, [size], [size])],
      outputs: [add(load(0), constant(1))],
    };
    const { outputs } = await runSpec(backend, spec, [x], [f32(size)]);
    const y = outputs[0] as Float32Array;
    for (const i of [0, 65535 * 64 - 1, 65535 * 64, size - 1])
      expect(y[i]).toBe(Math.fround((x.data[i] as number) + 1));
  });

  function softmax(outer: number, inner: number): ReduceSpec {
    return {
      kind: 'reduce',
      dims: [outer, inner],
      inner: 1,
      loads: [broadcastAccess(0, [outer, inner], [outer, inner])],
      stages: [
        { combine: 'maximum', value: load(0) },
        { combine: 'sum', value: exp(subtract(load(0), stage(0))) },
      ],
      outputs: [
        { over: 'all', order: [0, 1], value: divide(exp(subtract(load(0), stage(0))), stage(1)) },
        { over: 'outer', order: [0], value: add(unary('log', stage(1)), stage(0)) },
      ],
    };
  }

  test.each([
    [5, 10, 1],
    [70, 300, 1],
    [3, 1000, 1],
    [2, 9000, 3],
    [1, 1, 1],
  ])('reduce: softmax of %i × %i', async (outer, inner, dispatches) => {
    await check(softmax(outer, inner), [numbers(f32(outer, inner))], [f32(outer, inner), f32(outer)], dispatches);
  });

  test.each(['sum', 'product', 'maximum', 'minimum', 'argmax', 'argmin'] as const)(
    'reduce: %s over the first axis',
    async (combine) => {
      const dims = [13, 90];
      const read = access(0, [90, 13], dims, [{ terms: [term(1)] }, { terms: [term(0)] }]);
      const x = numbers(f32(90, 13));
      x.data[200] = Number.NaN;
      await check(
        {
          kind: 'reduce',
          dims,
          inner: 1,
          loads: [read],
          stages: [{ combine, value: load(0) }],
          outputs: [{ over: 'outer', order: [0], value: stage(0) }],
        },
        [x],
        [f32(13)],
      );
    },
  );

  test('reduce: pooling windows with permuted output', async () => {
    const dims = [2, 3, 4, 5, 3, 3];
    const read = access(
      0,
      [2, 3, 8, 10],
      dims,
      [
        { terms: [term(0)] },
        { terms: [term(1)] },
        { terms: [term(2, 2), term(4)], offset: -1 },
        { terms: [term(3, 2), term(5)], offset: -1 },
      ],
      Number.NEGATIVE_INFINITY,
    );
    await check(
      {
        kind: 'reduce',
        dims,
        inner: 2,
        loads: [read],
        stages: [
          { combine: 'maximum', value: load(0) },
          { combine: 'argmax', value: load(0) },
        ],
        outputs: [
          { over: 'outer', order: [0, 1, 2, 3], value: stage(0) },
          { over: 'outer', order: [3, 1, 0, 2], value: stage(1) },
        ],
      },
      [numbers(f32(2, 3, 8, 10))],
      [f32(2, 3, 4, 5), i32(5, 3, 2, 4)],
    );
  });

  function matmul(
    batch: number,
    m: number,
    n: number,
    k: number,
    at = false,
    bt = false,
  ): [ContractSpec, TensorType[], TensorType] {
    const dims = [batch, m, n, k];
    const roles: ContractRole[] = ['batch', 'm', 'n', 'k'];
    const pick = (t: boolean, x: number, y: number) => (t ? [y, x] : [x, y]);
    const operand = (number: number, [x, y]: number[]) =>
      access(
        number,
        [batch, dims[x as number] as number, dims[y as number] as number],
        dims,
        [0, x, y].map((d) => ({ terms: [term(d as number)] })),
      );
    const a = pick(at, 1, 3);
    const b = pick(bt, 3, 2);
    const shape = (d: number[]): Shape => [batch, ...d.map((i) => dims[i] as number)];
    return [
      {
        kind: 'contract',
        dims: dims.map((extent, i) => ({ extent, role: roles[i] as ContractRole })),
        a: operand(0, a),
        b: operand(1, b),
        output: [0, 1, 2],
        loads: [access(2, [n], dims, [{ terms: [term(2)] }])],
        epilogue: binary('maximum', add(accumulator, load(0)), constant(0)),
      },
      [f32(...shape(a)), f32(...shape(b)), f32(n)],
      f32(batch, m, n),
    ];
  }

  test.each([
    [1, 1, 1, 1, false, false, 1],
    [1, 5, 7, 3, false, true, 1],
    [1, 5, 5, 1, false, false, 1],
    [3, 33, 65, 17, true, false, 1],
    [2, 130, 70, 40, false, false, 1],
    [1, 8, 200, 9, true, true, 1],
    [1, 20, 30, 3000, true, false, 2],
    [2, 1, 40, 300, false, false, 1],
    [1, 600, 9, 5, false, false, 1],
    [1, 9, 8, 0, false, false, 1],
    [1, 1024, 1024, 20, false, false, 1],
  ] as const)('contract: batch %i, %i × %i × %i, transposed %s %s', async (batch, m, n, k, at, bt, dispatches) => {
    const [spec, operands, result] = matmul(batch, m, n, k, at, bt);
    await check(
      spec,
      operands.map((type, i) => numbers(type, i + 1)),
      [result],
      dispatches,
    );
  });

  test('contract: convolution with stride, padding, groups; and its gradients', async () => {
    const [N, G, C, O, H, W, K] = [2, 2, 3, 4, 9, 8, 3] as const;
    const [OH, OW] = [5, 4];
    const roles = (...r: [number, ContractRole][]) => r.map(([extent, role]) => ({ extent, role }));
    // dims: n g o oh ow c kh kw
    const dims = roles([N, 'n'], [G, 'batch'], [O, 'm'], [OH, 'n'], [OW, 'n'], [C, 'k'], [K, 'k'], [K, 'k']);
    const e = dims.map((d) => d.extent);
    const image = access(0, [N, G * C, H, W], e, [
      { terms: [term(0)] },
      { terms: [term(1, C), term(5)] },
      { terms: [term(3, 2), term(6)], offset: -1 },
      { terms: [term(4, 2), term(7)], offset: -1 },
    ]);
    const kernel = access(1, [G * O, C, K, K], e, [
      { terms: [term(1, O), term(2)] },
      { terms: [term(5)] },
      { terms: [term(6)] },
      { terms: [term(7)] },
    ]);
    const x = numbers(f32(N, G * C, H, W)),
      w = numbers(f32(G * O, C, K, K), 3);
    await check(
      { kind: 'contract', dims, a: kernel, b: image, output: [0, 1, 2, 3, 4], loads: [], epilogue: accumulator },
      [x, w],
      [f32(N, G * O, OH, OW)],
    );
    // Weight gradient: sum over n, oh, ow.
    const dw = roles([N, 'k'], [G, 'batch'], [O, 'm'], [OH, 'k'], [OW, 'k'], [C, 'n'], [K, 'n'], [K, 'n']);
    const dy = access(1, [N, G * O, OH, OW], e, [
      { terms: [term(0)] },
      { terms: [term(1, O), term(2)] },
      { terms: [term(3)] },
      { terms: [term(4)] },
    ]);
    await check(
      { kind: 'contract', dims: dw, a: dy, b: image, output: [1, 2, 5, 6, 7], loads: [], epilogue: accumulator },
      [x, numbers(f32(N, G * O, OH, OW), 5)],
      [f32(G * O, C, K, K)],
    );
    // Input gradient: division by the stride.
    const dx = roles([N, 'n'], [G, 'batch'], [C, 'm'], [H, 'n'], [W, 'n'], [O, 'k'], [K, 'k'], [K, 'k']);
    const ex = dx.map((d) => d.extent);
    const dyx = access(0, [N, G * O, OH, OW], ex, [
      { terms: [term(0)] },
      { terms: [term(1, O), term(5)] },
      { terms: [term(3), term(6, -1)], offset: 1, divisor: 2 },
      { terms: [term(4), term(7, -1)], offset: 1, divisor: 2 },
    ]);
    const wx = access(1, [G * O, C, K, K], ex, [
      { terms: [term(1, O), term(5)] },
      { terms: [term(2)] },
      { terms: [term(6)] },
      { terms: [term(7)] },
    ]);
    await check(
      { kind: 'contract', dims: dx, a: wx, b: dyx, output: [0, 1, 2, 3, 4], loads: [], epilogue: accumulator },
      [numbers(f32(N, G * O, OH, OW)), w],
      [f32(N, G * C, H, W)],
    );
  });

  test('sums stay whole where no buffer is left for partial ones', () => {
    const at = (slot: number, type: TensorType) => ({ slot, byteOffset: 0, type });
    const dispatches = (spec: KernelSpec, types: TensorType[], results: TensorType[], storageBuffers: number) => {
      const operands = types.map((type, slot) => at(slot, type));
      const made = results.map((type, k) => at(types.length + k, type));
      return deviceKernels(
        { spec, operands, results: made, label: spec.kind, origins: [] },
        { storageBuffers, workgroupBytes: 16384, software, quads, choices: new Map() },
      ).length;
    };
    expect(dispatches(softmax(2, 9000), [f32(2, 9000)], [f32(2, 9000), f32(2)], 4)).toBe(3);
    expect(dispatches(softmax(2, 9000), [f32(2, 9000)], [f32(2, 9000), f32(2)], 3)).toBe(1);
    const [spec, operands, result] = matmul(1, 20, 30, 3000);
    expect(dispatches(spec, operands, [result], 5)).toBe(2);
    expect(dispatches(spec, operands, [result], 4)).toBe(1);
  });
});
