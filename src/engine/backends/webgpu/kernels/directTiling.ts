import { type Access, asStrided } from '../../../kernels/access.ts';
import type { Location } from '../../../schedule/schedule.ts';
import type { Product } from './contractShape.ts';

/** How a factor is read: element by element, or four at once along its tiled dim or along the innermost k dim. */
export type Reading = 'single' | 'alongTile' | 'alongK';

/** A product without workgroup memory: each thread makes `rows × columns` elements in registers. */
export interface DirectTiling {
  readonly rows: number;
  readonly columns: number;
  /** The dims that a thread takes several indices of: one of m, one of n; undefined where all have extent 1. */
  readonly rowDim: number | undefined;
  readonly columnDim: number | undefined;
  readonly a: Reading;
  readonly b: Reading;
  /** Threads that share the sums of one tile, and how many indices of the outermost k dim each of them takes. */
  readonly splits: number;
  readonly kSplit: number;
}

/** Threads that keep all cores of a software adapter busy. */
const FILL = 128;
/** A split takes at least this many terms of a sum. */
const SHORTEST_SPLIT = 256;
/** What reading an element costs next to a multiply-add, one by one and four at once: measured on SwiftShader. */
const COST = { single: 3, alongTile: 1, alongK: 1 } as const;

/**
 * The tile sizes with the least work, counting what falls over the edges and the reads per multiply-add. `places` are
 * the operands and then the results.
 */
export function directTilingOf(product: Product, places: readonly Location[], mayUseScratch: boolean): DirectTiling {
  const { extents, size } = product;
  const rowDim = lastLarge(product.m, extents);
  const columnDim = lastLarge(product.n, extents);
  const kDim = product.k.at(-1);
  const readingOf = (read: Access, tileDim: number | undefined, tile: number): Reading => {
    if (!mayReadFours(places, read.operand)) return 'single';
    if (tileDim !== undefined && tile % 4 === 0 && readsFour(read, tileDim, extents)) return 'alongTile';
    return kDim !== undefined && readsFour(read, kDim, extents) ? 'alongK' : 'single';
  };
  const extentOf = (dim: number | undefined): number => (dim === undefined ? 1 : (extents[dim] as number));
  let best: Omit<DirectTiling, 'splits' | 'kSplit'> | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const rows of [8, 4, 2, 1]) {
    for (const columns of [8, 4]) {
      const a = readingOf(product.a, rowDim, rows);
      const b = readingOf(product.b, columnDim, columns);
      const tiles = Math.ceil(extentOf(rowDim) / rows) * Math.ceil(extentOf(columnDim) / columns);
      const time = tiles * (rows * columns + rows * COST[a] + columns * COST[b]);
      if (time >= least) continue;
      least = time;
      best = { rows, columns, rowDim, columnDim, a, b };
    }
  }
  const tiling = best as Omit<DirectTiling, 'splits' | 'kSplit'>;
  const threads = threadDims(product, tiling).reduce((count, { count: each }) => count * each, 1);
  const outermost = extentOf(product.k.find((dim) => extentOf(dim) > 1));
  // Steps of four along k must not be cut.
  const unit = product.k.find((dim) => extentOf(dim) > 1) === kDim && outermost % 4 === 0 ? 4 : 1;
  const most = mayUseScratch ? Math.min(outermost / unit, Math.floor(size.k / SHORTEST_SPLIT)) : 1;
  const wanted = Math.max(1, Math.min(Math.ceil(FILL / threads), most));
  const kSplit = Math.ceil(outermost / wanted / unit) * unit;
  return { ...tiling, splits: Math.max(1, Math.ceil(outermost / kSplit)), kSplit };
}

/** The dims that threads are spread over, and how many threads stand along each. */
export function threadDims(
  { extents, batch, m, n }: Product,
  { rows, columns, rowDim, columnDim }: Pick<DirectTiling, 'rows' | 'columns' | 'rowDim' | 'columnDim'>,
): { readonly dim: number; readonly count: number }[] {
  return [...batch, ...m, ...n].map((dim) => {
    const tile = dim === rowDim ? rows : dim === columnDim ? columns : 1;
    return { dim, count: Math.ceil((extents[dim] as number) / tile) };
  });
}

function lastLarge(dims: readonly number[], extents: readonly number[]): number | undefined {
  return [...dims].reverse().find((dim) => (extents[dim] as number) > 1);
}

/** Whether an operand can be bound as an array of vec4f: nothing else of its buffer is bound, and it starts at a vector. */
function mayReadFours(places: readonly Location[], operand: number): boolean {
  const { slot, byteOffset, type } = places[operand] as Location;
  return (
    type.dtype === 'f32' && byteOffset % 16 === 0 && places.every((place, k) => k === operand || place.slot !== slot)
  );
}

/** Whether elements lie side by side along `dim`, in groups of four that start at multiples of four. */
function readsFour(read: Access, dim: number, extents: readonly number[]): boolean {
  const strided = asStrided(read, extents.length);
  if (!strided || strided.offset % 4 !== 0 || strided.strides[dim] !== 1 || (extents[dim] as number) % 4 !== 0)
    return false;
  return strided.strides.every((stride, other) => other === dim || extents[other] === 1 || stride % 4 === 0);
}
