import { expect } from 'vitest';
import { emptyArray, sizeOf } from '../../ir/shape.ts';
import type { DType, TensorType, TypedArray } from '../../ir/types.ts';
import { interpretKernel } from '../../kernels/interpret.ts';
import type { KernelSpec } from '../../kernels/spec.ts';
import type { Schedule } from '../../schedule/schedule.ts';
import type { DeviceBuffer } from '../backend.ts';
import type { WasmBackend } from './wasmBackend.ts';

/** Runs one kernel on operands that are given flat; results are of `dtypes`, float32 where none is named. */
export async function runKernel(
  backend: WasmBackend,
  spec: KernelSpec,
  operands: readonly TypedArray[],
  dtypes: readonly DType[] = [],
): Promise<TypedArray[]> {
  const types = [...operands.map(typeOf), ...resultSizes(spec).map((size, k) => flat(size, dtypes[k] ?? 'f32'))];
  const schedule: Schedule = {
    slots: types.map((type, i) => ({ kind: 'bound', name: String(i), type })),
    calls: [
      {
        spec,
        operands: operands.map((data, i) => ({ slot: i, byteOffset: 0, type: typeOf(data) })),
        results: types.slice(operands.length).map((type, k) => ({ slot: operands.length + k, byteOffset: 0, type })),
        label: spec.kind,
        origins: [],
      },
    ],
  };
  const buffers: Record<string, DeviceBuffer> = {};
  // Results start as rubbish, so that an element that is not written shows.
  types.forEach((type, i) => {
    buffers[String(i)] = backend.allocate(type, operands[i] ?? emptyArray(type).fill(-77));
  });
  const plan = backend.compileSchedule(schedule).bind(buffers);
  plan.run();
  const results = types
    .slice(operands.length)
    .map((_, k) => backend.read(buffers[String(operands.length + k)] as DeviceBuffer));
  plan.dispose();
  const given = await Promise.all(results);
  for (const buffer of Object.values(buffers)) backend.release(buffer);
  return given;
}

/** Expects a kernel to give exactly what its spec means. Meant for small whole numbers, which float32 sums without error. */
export async function agrees(backend: WasmBackend, spec: KernelSpec, operands: readonly TypedArray[]): Promise<void> {
  const expected = interpretKernel(spec, operands);
  // Beyond 2²⁴ float32 leaves whole numbers out: nothing to compare exactly.
  if (expected.some((values) => values.some((x) => Math.abs(x) >= 2 ** 24))) return;
  const given = await runKernel(backend, spec, operands);
  for (const [k, values] of expected.entries()) {
    expect(
      Array.from(given[k] as TypedArray, (x) => x + 0),
      JSON.stringify(spec),
    ).toEqual(values.map((x) => x + 0));
  }
}

/** Elements of each result of a kernel. */
function resultSizes(spec: KernelSpec): number[] {
  switch (spec.kind) {
    case 'map':
      return spec.outputs.map(() => sizeOf(spec.dims));
    case 'reduce':
      return spec.outputs.map(({ order }) => sizeOf(order.map((dim) => spec.dims[dim] as number)));
    case 'contract':
      return [sizeOf(spec.output.map((dim) => spec.dims[dim]?.extent as number))];
    case 'scan': {
      const [steps, rows, units] = spec.dims;
      return spec.results.map(({ over, values }) => (over === 'steps' ? steps : 1) * rows * units * values.length);
    }
  }
}

function typeOf(data: TypedArray): TensorType {
  return flat(data.length, data instanceof Float32Array ? 'f32' : data instanceof Int32Array ? 'i32' : 'u8');
}

function flat(size: number, dtype: DType): TensorType {
  return { shape: [size], dtype };
}
