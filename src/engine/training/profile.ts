import type { Backend, DeviceBuffer, Executable, KernelTiming } from '../backends/backend.ts';
import { type UpdateOptions, updateState } from '../compiler/emitUpdate.ts';
import type { ParameterLayout } from '../compiler/parameterLayout.ts';
import type { TrainingGroup } from '../compiler/trainingGroups.ts';
import { sizeOf } from '../ir/shape.ts';
import type { TypedArray } from '../ir/types.ts';

/** Where the time of a training step goes. */
export interface StepProfile {
  /** In order; milliseconds are medians over the measured steps. */
  readonly kernels: readonly KernelTiming[];
  readonly batchSize: number;
  /** Planned intermediate memory. */
  readonly arenaBytes: number;
  /** By canvas node: its weights, and what the optimizer keeps for each of them. */
  readonly weightBytes: Readonly<Record<string, number>>;
}

/** One canvas node's share of a step, or the share of what belongs to none (gathering, update, metrics). */
export interface LayerProfile {
  readonly node: string | undefined;
  readonly milliseconds: number;
  /** Of the whole step, 0 to 1. */
  readonly share: number;
  readonly flops: number;
  readonly bytes: number;
  /** Its weights, and what the optimizer keeps for each of them. */
  readonly weightBytes: number;
  /** Results of its kernels: activations, gradients. Memory of such as are not needed at the same time is shared. */
  readonly resultBytes: number;
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

/** By node: the bytes of its weights, and of what the optimizer keeps for each of them. */
export function bytesOfWeights(
  layout: ParameterLayout,
  groups: readonly TrainingGroup[],
  options: UpdateOptions,
): Record<string, number> {
  const bytes: Record<string, number> = {};
  for (const { node, shape, trainable } of layout.entries) {
    const group = groups.find(({ nodes }) => nodes.includes(node));
    const kept = trainable && group ? updateState(group.optimizer, options).length : 0;
    bytes[node] = (bytes[node] ?? 0) + (1 + kept) * sizeOf(shape) * Float32Array.BYTES_PER_ELEMENT;
  }
  return bytes;
}

/** Rolls kernels up by node, slowest first. A fused kernel counts for the node that has most of its work. */
export function profileLayers({
  kernels,
  weightBytes,
}: Pick<StepProfile, 'kernels' | 'weightBytes'>): readonly LayerProfile[] {
  const total = kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const layers = new Map<
    string | undefined,
    { milliseconds: number; flops: number; bytes: number; weightBytes: number; resultBytes: number; kernels: number[] }
  >();
  const layerOf = (node: string | undefined) => {
    const known = layers.get(node);
    if (known) return known;
    const own = node === undefined ? 0 : (weightBytes[node] ?? 0);
    const made = { milliseconds: 0, flops: 0, bytes: 0, weightBytes: own, resultBytes: 0, kernels: [] };
    layers.set(node, made);
    return made;
  };
  // A layer may have weights and no kernel that is for the most part its.
  for (const node of Object.keys(weightBytes)) layerOf(node);
  for (const [number, { origins, milliseconds, flops, bytes, resultBytes }] of kernels.entries()) {
    const layer = layerOf(origins[0]);
    layer.milliseconds += milliseconds;
    layer.flops += flops;
    layer.bytes += bytes;
    layer.resultBytes += resultBytes;
    layer.kernels.push(number);
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
