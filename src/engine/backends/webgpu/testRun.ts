import { emptyArray } from '../../ir/shape.ts';
import type { TensorType, TypedArray } from '../../ir/types.ts';
import type { KernelSpec } from '../../kernels/spec.ts';
import type { Schedule } from '../../schedule/schedule.ts';
import type { DeviceBuffer } from '../backend.ts';
import type { WebgpuBackend } from './webgpuBackend.ts';

export interface TestTensor {
  readonly type: TensorType;
  readonly data: TypedArray;
}

/** Runs one kernel with each operand and each result in a buffer of its own. */
export async function runSpec(
  backend: WebgpuBackend,
  spec: KernelSpec,
  operands: readonly TestTensor[],
  results: readonly TensorType[],
): Promise<{ outputs: TypedArray[]; dispatches: number }> {
  const types = [...operands.map(({ type }) => type), ...results];
  const places = types.map((type, slot) => ({ slot, byteOffset: 0, type }));
  const schedule: Schedule = {
    slots: types.map((type, slot) => ({ kind: 'bound', name: `t${slot}`, type })),
    calls: [
      {
        spec,
        operands: places.slice(0, operands.length),
        results: places.slice(operands.length),
        label: spec.kind,
        origins: [],
      },
    ],
  };
  const { outputs, dispatches } = await runSchedule(
    backend,
    schedule,
    Object.fromEntries(operands.map(({ data }, slot) => [`t${slot}`, data])),
  );
  return { outputs: results.map((_, k) => outputs[`t${operands.length + k}`] as TypedArray), dispatches };
}

/** Runs a schedule once; buffers without data start as zeros. Gives the content of every bound buffer afterwards. */
export async function runSchedule(
  backend: WebgpuBackend,
  schedule: Schedule,
  data: Readonly<Record<string, TypedArray>>,
): Promise<{ outputs: Record<string, TypedArray>; dispatches: number }> {
  const buffers: Record<string, DeviceBuffer> = {};
  for (const slot of schedule.slots) {
    if (slot.kind === 'bound') buffers[slot.name] = backend.allocate(slot.type, data[slot.name]);
  }
  const executable = backend.compileSchedule(schedule);
  await executable.ready;
  const plan = executable.bind(buffers);
  plan.run();
  const outputs: Record<string, TypedArray> = {};
  for (const [name, buffer] of Object.entries(buffers)) outputs[name] = await backend.read(buffer);
  plan.dispose();
  for (const buffer of Object.values(buffers)) backend.release(buffer);
  return { outputs, dispatches: executable.kernels.length };
}

/** Numbers in [−1, 1) that are the same on each call. */
export function numbers(type: TensorType, seed = 1): TestTensor {
  const data = emptyArray(type);
  let state = seed >>> 0;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const uniform = state / 2 ** 32;
    data[i] = type.dtype === 'f32' ? uniform * 2 - 1 : Math.floor(uniform * 256);
  }
  return { type, data };
}
