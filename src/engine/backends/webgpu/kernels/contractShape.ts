import { sizeOf } from '../../../ir/shape.ts';
import type { Access } from '../../../kernels/access.ts';
import type { ContractRole, ContractSpec } from '../../../kernels/spec.ts';

/**
 * A contract turned so that the innermost dim of the output has role n (products commute, so `a` and `b` may change
 * places): then neighbouring threads write neighbouring elements.
 */
export interface Product {
  readonly extents: readonly number[];
  readonly a: Access;
  readonly b: Access;
  /** Dims by role, in the order of the output (k: in the order of the spec). */
  readonly batch: readonly number[];
  readonly m: readonly number[];
  readonly n: readonly number[];
  readonly k: readonly number[];
  readonly size: { readonly batch: number; readonly m: number; readonly n: number; readonly k: number };
}

/** How a product is laid out: a workgroup of `ty × tx` threads makes a tile of 4·ty rows and 4·tx columns. */
export interface Tiling {
  readonly ty: number;
  readonly tx: number;
  /** How much of k lies in workgroup memory at a time. */
  readonly kTile: number;
  /** Workgroups that share the k of one tile. */
  readonly splits: number;
  /** Length of k of one split, a multiple of `kTile`. */
  readonly kSplit: number;
}

export function productOf(spec: ContractSpec): Product {
  const extents = spec.dims.map(({ extent }) => extent);
  const innermost = [...spec.output].reverse().find((dim) => extents[dim] !== 1);
  const turned = innermost !== undefined && spec.dims[innermost]?.role === 'm';
  const ofRole = (role: ContractRole): number[] => spec.output.filter((dim) => spec.dims[dim]?.role === role);
  const k = [...spec.dims.keys()].filter((dim) => spec.dims[dim]?.role === 'k');
  const batch = ofRole('batch');
  const m = ofRole(turned ? 'n' : 'm');
  const n = ofRole(turned ? 'm' : 'n');
  const size = (dims: readonly number[]): number => sizeOf(dims.map((dim) => extents[dim] as number));
  return {
    extents,
    a: turned ? spec.b : spec.a,
    b: turned ? spec.a : spec.b,
    batch,
    m,
    n,
    k,
    size: { batch: size(batch), m: size(m), n: size(n), k: size(k) },
  };
}

/** Operands that say which rows of a factor are read. */
export function rowOperands({ a, b, loads }: ContractSpec): number[] {
  return gatheringLoads(a, b).map((load) => loads[load]?.operand as number);
}

/** Whether the rows that are looked up depend on the row or column of the product alone, not on where in a sum it is. */
export function gathersByLine({ loads }: ContractSpec, { a, b, m, n, batch }: Product): boolean {
  const only = (read: Access, dims: readonly number[]): boolean =>
    read.axes.every(({ gather }) => {
      const axes = gather === undefined ? [] : (loads[gather]?.axes ?? []);
      return axes.every(
        (axis) => axis.gather === undefined && axis.terms.every(({ dim }) => dims.includes(dim) || batch.includes(dim)),
      );
    });
  return only(a, m) && only(b, n);
}

function gatheringLoads(a: Access, b: Access): number[] {
  return [...a.axes, ...b.axes].flatMap(({ gather }) => (gather === undefined ? [] : [gather]));
}

/**
 * Threads' layouts with the share of a large GPU's speed that each can reach where it fits well. The largest comes last:
 * of equals, small workgroups spread over more of the GPU and share dispatches with other small kernels.
 */
const LAYOUTS = [
  { ty: 8, tx: 8, kTile: 8, speed: 0.7 },
  { ty: 4, tx: 16, kTile: 8, speed: 0.6 },
  { ty: 16, tx: 4, kTile: 8, speed: 0.6 },
  { ty: 16, tx: 16, kTile: 16, speed: 1 },
] as const;
/** Threads that keep a large GPU busy. */
const FILL = 16384;
/** A split gets at least this many steps of k. */
const SHORTEST_SPLIT = 128;

/**
 * The layouts, least work first, counting threads that lie idle at the edges and a GPU that is not filled.
 * `mayUseScratch` says whether sums may be split.
 */
export function tilingsOf({ size }: Product, mayUseScratch: boolean): readonly Tiling[] {
  return LAYOUTS.map(({ ty, tx, kTile, speed }) => {
    const tiles = Math.ceil(size.m / (4 * ty)) * Math.ceil(size.n / (4 * tx)) * size.batch;
    const threads = tiles * ty * tx;
    const most = mayUseScratch ? Math.floor(size.k / SHORTEST_SPLIT) : 1;
    const wanted = Math.max(1, Math.min(Math.floor(FILL / threads), most));
    const kSplit = Math.max(kTile, Math.ceil(size.k / wanted / kTile) * kTile);
    const splits = Math.max(1, Math.ceil(size.k / kSplit));
    // A filled GPU is as slow as its work, another as its longest thread; of equals the fewest threads.
    const time = Math.max(threads / speed, FILL / splits) + threads * 0.01;
    return { time, tiling: { ty, tx, kTile, splits, kSplit } };
  })
    .sort((one, other) => one.time - other.time)
    .map(({ tiling }) => tiling);
}
