import type { Backend, DeviceBuffer } from '../backends/backend.ts';
import type { TypedArray } from '../ir/types.ts';

/** All that the next steps of a run go on from, off the device: weights, moments and averages, and where it is. */
export interface RunState {
  /** Steps taken. */
  readonly step: number;
  /** Test loss after each epoch. */
  readonly losses: readonly number[];
  readonly buffers: Readonly<Record<string, TypedArray>>;
}

type Memory = Readonly<Record<string, DeviceBuffer>>;

/** Buffers that are written anew for each step, or only read by the host. */
const PASSING = new Set(['seed', 'step', 'scalars', 'ring', 'totals']);

export async function readBuffers(backend: Backend, memory: Memory): Promise<Record<string, TypedArray>> {
  const buffers: Record<string, TypedArray> = {};
  for (const [name, buffer] of Object.entries(memory)) {
    if (!PASSING.has(name)) buffers[name] = await backend.read(buffer);
  }
  return buffers;
}

export function writeBuffers(backend: Backend, memory: Memory, buffers: Readonly<Record<string, TypedArray>>): void {
  for (const [name, data] of Object.entries(buffers)) backend.write(memory[name] as DeviceBuffer, data);
}
