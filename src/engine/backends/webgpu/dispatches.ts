import { type KernelBinding, SCRATCH } from './bindings.ts';
import type { DeviceKernel, DeviceLimits } from './kernels/kernel.ts';
import { ELEMENT_BYTES, groupsOf, lanesOf, type ModulePart, printModule, sharedOf } from './wgsl/module.ts';
import { foldGrid } from './wgsl/shader.ts';

/** One launch: the WGSL of the kernels in it, and what they bind. */
export interface Dispatch {
  readonly code: string;
  readonly bindings: readonly KernelBinding[];
  readonly grid: readonly [number, number];
  readonly label: string;
}

/** A kernel with its place in scratch memory settled. */
export interface PlacedKernel {
  readonly kernel: DeviceKernel;
  readonly label: string;
}

interface Group {
  kernels: PlacedKernel[];
  bindings: readonly KernelBinding[];
}

/** Kernels in one dispatch at the most: drivers take long over very large shaders. */
const MOST_KERNELS = 12;

/**
 * Puts kernels that do not depend on each other into one dispatch, each with workgroups of its own: fewer launches, and
 * small kernels fill a GPU together. A kernel goes into the first dispatch after all that it must wait for which has room.
 */
export function dispatchesOf(kernels: readonly PlacedKernel[], limits: DeviceLimits): Dispatch[] {
  const groups: Group[] = [];
  for (const placed of kernels) {
    let at = groups.length;
    while (at > 0 && !mustWait(placed, groups[at - 1] as Group)) at--;
    let done = false;
    for (; at < groups.length && !done; at++) done = join(groups[at] as Group, placed, limits);
    if (!done) groups.push({ kernels: [placed], bindings: placed.kernel.bindings });
  }
  return groups.map(dispatchOf);
}

/** One kernel as a dispatch by itself. */
export function singleDispatch(placed: PlacedKernel): Dispatch {
  return dispatchOf({ kernels: [placed], bindings: placed.kernel.bindings });
}

/** Gives each kernel's scratch memory a place: calls take turns, so that neighbours do not wait for each other. */
export function placeScratch(calls: readonly (readonly PlacedKernel[])[]): { kernels: PlacedKernel[]; bytes: number } {
  const needs = calls.map((parts) =>
    Math.max(
      0,
      ...parts.flatMap(({ kernel }) =>
        kernel.bindings.map(({ slot, byteOffset, bytes }) => (slot === SCRATCH ? align(byteOffset + bytes) : 0)),
      ),
    ),
  );
  const largest = [...needs].sort((a, b) => b - a).slice(0, TURNS);
  const bytes = largest.reduce((sum, need) => sum + need, 0);
  let next = 0;
  const kernels = calls.flatMap((parts, i) => {
    const need = needs[i] as number;
    if (next + need > bytes) next = 0;
    const base = next;
    next += need;
    return parts.map(({ kernel, label }) => ({
      label,
      kernel: {
        ...kernel,
        bindings: kernel.bindings.map((binding) =>
          binding.slot === SCRATCH ? { ...binding, byteOffset: binding.byteOffset + base } : binding,
        ),
      },
    }));
  });
  return { kernels, bytes };
}

/** So many calls may have partial results in scratch memory at a time. */
const TURNS = 3;

function align(bytes: number): number {
  return Math.ceil(bytes / 256) * 256;
}

/** Whether one of the group's kernels writes what this one touches, or the other way round. */
function mustWait({ kernel }: PlacedKernel, { kernels }: Group): boolean {
  return kernels.some((earlier) =>
    earlier.kernel.bindings.some((one) =>
      kernel.bindings.some((other) => (one.write || other.write) && overlap(one, other)),
    ),
  );
}

function overlap(a: KernelBinding, b: KernelBinding): boolean {
  return a.slot === b.slot && a.byteOffset < b.byteOffset + b.bytes && b.byteOffset < a.byteOffset + a.bytes;
}

/** Adds a kernel to a dispatch if the device can run them as one. */
function join(group: Group, placed: PlacedKernel, limits: DeviceLimits): boolean {
  const sources = [...group.kernels, placed].map(({ kernel }) => kernel.source);
  if (sources.length > MOST_KERNELS || lanesOf(sources) === undefined) return false;
  const shared = [...sharedOf(sources).values()].reduce(
    (sum, { element, length }) => sum + ELEMENT_BYTES[element] * length,
    0,
  );
  if (shared > limits.workgroupBytes) return false;
  const bindings = united(group.bindings, placed.kernel.bindings);
  if (bindings.length > limits.storageBuffers || !mayBind(bindings)) return false;
  group.kernels.push(placed);
  group.bindings = bindings;
  return true;
}

function united(a: readonly KernelBinding[], b: readonly KernelBinding[]): KernelBinding[] {
  const all = [...a];
  for (const binding of b) if (!all.some((other) => isSame(other, binding))) all.push(binding);
  // WebGPU refuses a buffer that is bound for reading and for writing in one dispatch, even where ranges are apart.
  const written = new Set(all.flatMap(({ slot, write }) => (write ? [slot] : [])));
  return all.map((binding) => (written.has(binding.slot) ? { ...binding, write: true } : binding));
}

function isSame(a: KernelBinding, b: KernelBinding): boolean {
  return a.slot === b.slot && a.byteOffset === b.byteOffset && a.bytes === b.bytes && a.element === b.element;
}

/** Whether no two bindings overlap where one is for writing. */
function mayBind(bindings: readonly KernelBinding[]): boolean {
  return bindings.every((one, i) => bindings.slice(i + 1).every((other) => !one.write || !overlap(one, other)));
}

function dispatchOf({ kernels, bindings }: Group): Dispatch {
  const parts: ModulePart[] = kernels.map(({ kernel }) => ({
    source: kernel.source,
    bindings: kernel.bindings.map((binding) => bindings.findIndex((other) => isSame(other, binding))),
    groups: kernel.grid[0] * kernel.grid[1],
  }));
  const lanes = lanesOf(parts.map(({ source }) => source)) as number;
  const [only] = kernels;
  const grid =
    kernels.length === 1 && only
      ? only.kernel.grid
      : foldGrid(parts.reduce((sum, part) => sum + groupsOf(part, lanes), 0));
  const label = kernels.map((placed) => placed.label).join(' | ');
  return { code: printModule(bindings, parts), bindings, grid, label };
}
