import type { Backend, DeviceBuffer, Executable, KernelTiming } from '../backends/backend.ts';
import type { TypedArray } from '../ir/types.ts';

/** Where the time of a training step goes. */
export interface StepProfile {
  /** In order; milliseconds are medians over the measured steps. */
  readonly kernels: readonly KernelTiming[];
  readonly batchSize: number;
  /** Planned intermediate memory. */
  readonly arenaBytes: number;
}

/** One canvas node's share of a step, or the share of what belongs to none (gathering, update, metrics). */
export interface LayerProfile {
  readonly node: string | undefined;
  readonly milliseconds: number;
  /** Of the whole step, 0 to 1. */
  readonly share: number;
  readonly flops: number;
  readonly bytes: number;
  /** Numbers of its kernels. */
  readonly kernels: readonly number[];
}

/**
 * Times `repeats` runs of a step on copies of the buffers that it writes and with the `given` content in others, so that a
 * training under way does not notice. One run before them warms up and is not counted.
 */
export async function profileStep(
  backend: Backend,
  executable: Executable,
  buffers: Readonly<Record<string, DeviceBuffer>>,
  written: readonly string[],
  given: Readonly<Record<string, TypedArray>>,
  repeats: number,
): Promise<readonly KernelTiming[]> {
  const copies: Record<string, DeviceBuffer> = {};
  try {
    for (const [name, data] of Object.entries(given)) {
      copies[name] = backend.allocate((buffers[name] as DeviceBuffer).type, data);
    }
    for (const name of written) {
      const buffer = buffers[name] as DeviceBuffer;
      copies[name] = backend.allocate(buffer.type, await backend.read(buffer));
    }
    const plan = executable.bind({ ...buffers, ...copies });
    try {
      const runs: (readonly KernelTiming[])[] = [];
      for (let i = 0; i <= repeats; i++) runs.push(await plan.profile());
      const counted = runs.slice(1);
      return executable.kernels.map((kernel, i) => ({
        ...kernel,
        milliseconds: median(counted.map((run) => (run[i] as KernelTiming).milliseconds)),
      }));
    } finally {
      plan.dispose();
    }
  } finally {
    for (const copy of Object.values(copies)) backend.release(copy);
  }
}

/** Rolls kernels up by node, slowest first. A fused kernel counts for the node that has most of its work. */
export function profileLayers(kernels: readonly KernelTiming[]): readonly LayerProfile[] {
  const total = kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const layers = new Map<
    string | undefined,
    { milliseconds: number; flops: number; bytes: number; kernels: number[] }
  >();
  for (const [number, { origins, milliseconds, flops, bytes }] of kernels.entries()) {
    const layer = layers.get(origins[0]) ?? { milliseconds: 0, flops: 0, bytes: 0, kernels: [] };
    layer.milliseconds += milliseconds;
    layer.flops += flops;
    layer.bytes += bytes;
    layer.kernels.push(number);
    layers.set(origins[0], layer);
  }
  return [...layers]
    .map(([node, layer]) => ({ node, ...layer, share: total > 0 ? layer.milliseconds / total : 0 }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
}
