import type { Access } from '../../../kernels/access.ts';
import type { ReduceSpec } from '../../../kernels/spec.ts';

/** How the work of a reduction is laid out over threads. */
export interface ReduceShape {
  /** Outer elements side by side in a workgroup. */
  readonly rows: number;
  /** Threads that share the inner elements of one outer element; a power of two. */
  readonly lanes: number;
  /** Workgroups that share the inner elements of one outer element. */
  readonly chunks: number;
}

/** Up to this many inner elements are cheaper for one thread than for several that must meet. */
const ONE_THREAD = 64;
/** Workgroups that keep a large GPU busy. */
const FILL = 256;
/** A workgroup gets at least this many inner elements before they are split further. */
const CHUNK = 4096;
/** Threads of a workgroup, as many as small products have: kernels with barriers share a dispatch if they are of one size. */
const THREADS = 64;

/** On a CPU: threads that keep its cores busy, side by side in a workgroup, and what makes a split worth its while. */
const CPU = { threads: 64, rows: 16, chunk: 512 } as const;

export function reduceShape(spec: ReduceSpec, outer: number, inner: number, software: boolean): ReduceShape {
  const places = spec.stages.some(({ combine }) => combine === 'argmax' || combine === 'argmin');
  if (software) {
    // Threads that meet are dear there: each outer element is one thread's.
    const wanted = Math.min(Math.ceil(CPU.threads / outer), Math.floor(inner / CPU.chunk));
    return { rows: powerOfTwo(outer, CPU.rows), lanes: 1, chunks: places ? 1 : Math.max(1, wanted) };
  }
  if (inner <= ONE_THREAD || (inner <= 4 * ONE_THREAD && outer >= 64 * FILL)) return { rows: 64, lanes: 1, chunks: 1 };
  const rows = readsAlongOuter(spec) ? powerOfTwo(outer, 16) : 1;
  const lanes = THREADS / rows;
  const groups = Math.ceil(outer / rows);
  const chunks = places ? 1 : Math.min(Math.ceil(FILL / groups), Math.floor(inner / CHUNK), 64);
  return { rows, lanes, chunks: groups * 4 > FILL ? 1 : Math.max(1, chunks) };
}

/** How many outer elements a thread of a CPU takes one after another: starting threads has its price there. */
export function stripOf(threads: number): number {
  return Math.max(1, Math.min(32, Math.floor(threads / (4 * CPU.threads))));
}

/** Whether neighbours in memory are neighbours along the last outer dim, so that threads should be too. */
function readsAlongOuter(spec: ReduceSpec): boolean {
  const rank = spec.dims.length - spec.inner;
  const lastOuter = lastLarge(spec.dims, 0, rank);
  const lastInner = lastLarge(spec.dims, rank, spec.dims.length);
  if (lastOuter < 0 || lastInner < 0) return false;
  return spec.loads.some((read) => {
    const along = Math.abs(strideAlong(read, lastOuter));
    const across = Math.abs(strideAlong(read, lastInner));
    return along !== 0 && across !== 0 && along < across;
  });
}

/** Distance in memory between neighbours along a loop dim, as far as it is constant. */
export function strideAlong(read: Access, dim: number): number {
  let stride = 0;
  for (const axis of read.axes) {
    for (const term of axis.terms) if (term.dim === dim) stride += (term.scale * axis.stride) / axis.divisor;
  }
  return stride;
}

function lastLarge(dims: readonly number[], from: number, to: number): number {
  for (let dim = to - 1; dim >= from; dim--) if ((dims[dim] as number) > 1) return dim;
  return -1;
}

/** The smallest power of two that is at least `count`, but at most `most`. */
function powerOfTwo(count: number, most: number): number {
  let power = 1;
  while (power < count && power < most) power *= 2;
  return power;
}
