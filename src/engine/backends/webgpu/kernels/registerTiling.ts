import type { Access } from '../../../kernels/access.ts';
import type { Location } from '../../../schedule/schedule.ts';
import type { Product } from './contractShape.ts';

/**
 * A product in registers, without workgroup memory: `share` threads together make `share·rows × share·columns` elements,
 * each of them `rows` rows of every column of the others' too, whose factors they hand each other.
 */
export interface RegisterTiling {
  readonly rows: number;
  readonly columns: number;
  /** 4 where threads of a quad can hand each other what they have read, else 1. */
  readonly share: 1 | 4;
  /** Terms of a sum in a turn of the loop. */
  readonly unroll: number;
  /** Quads that share the sums of one tile, and how many terms each of them takes: a multiple of `unroll`. */
  readonly splits: number;
  readonly kSplit: number;
}

/** Nanoseconds on SwiftShader, a thread of four: what loads, sums and turns cost there. Only their ratios count. */
const COST = {
  load: 8,
  bytes: 3,
  test: 2,
  multiplyAdd: 0.35,
  swap: 0.5,
  turn: 3,
  keep: 0.1,
  enter: 20,
  store: 9,
  line: 20,
  tile: 150,
} as const;
/** What compiling costs, a fiftieth of it, as more steps will follow: the time for sums grows faster than their number. */
const COMPILE = { load: 30000, multiplyAdd: 2000, sum: 8000, sums: 220 } as const;
/** Tiles that keep all cores of a CPU busy. */
const FILL = 16;
/** A split takes at least this many terms of a sum. */
const SHORTEST_SPLIT = 256;
/** Multiply-adds written out in a turn, at the most: drivers take long to compile more. */
const MOST_WRITTEN = 320;
/** Rows and columns; more than 64 sums are no faster, and take drivers much longer to compile. */
const SHAPES = [
  [4, 3],
  [4, 4],
  [8, 2],
  [2, 8],
  [4, 2],
  [2, 4],
  [2, 2],
  [4, 1],
  [1, 4],
  [2, 1],
  [1, 2],
  [1, 1],
] as const;

/** Tilings that fit a product, the one that should take least time first. `places` are its operands. */
export function registerTilings(
  product: Product,
  places: readonly Location[],
  share: 1 | 4,
  mayUseScratch: boolean,
): readonly RegisterTiling[] {
  const { a, b } = product;
  const costs = { a: loadCost(a, places), b: loadCost(b, places) };
  return SHAPES.map(([rows, columns]) => {
    // Without quads a thread has all of a tile to itself, so it takes more.
    const shape = share === 4 ? { rows, columns, share } : { rows: 2 * rows, columns: 2 * columns, share };
    return bestUnroll(product, shape, costs, mayUseScratch);
  })
    .sort((one, other) => one.time - other.time)
    .map(({ tiling }) => tiling);
}

type Shape = Pick<RegisterTiling, 'rows' | 'columns' | 'share'>;

function bestUnroll(
  product: Product,
  shape: Shape,
  costs: { readonly a: number; readonly b: number },
  mayUseScratch: boolean,
): { readonly tiling: RegisterTiling; readonly time: number } {
  const { size, extents, k } = product;
  const { rows, columns, share } = shape;
  const sums = share * rows * columns;
  const tiles = Math.ceil(size.m / (share * rows)) * Math.ceil(size.n / (share * columns)) * size.batch;
  const most = mayUseScratch ? Math.floor(size.k / SHORTEST_SPLIT) : 1;
  const wanted = Math.max(1, Math.min(Math.ceil(FILL / tiles), most));
  const inner = extents[[...k].reverse().find((dim) => (extents[dim] as number) > 1) ?? -1] ?? 1;
  let best: { tiling: RegisterTiling; time: number } | undefined;
  for (let unroll = 1; unroll <= Math.min(9, size.k); unroll++) {
    if (unroll > 1 && unroll * sums > MOST_WRITTEN) continue;
    const kSplit = Math.ceil(size.k / wanted / unroll) * unroll;
    const splits = Math.ceil(size.k / kSplit);
    const turns = kSplit / unroll;
    // Indices are taken apart once a turn where its terms lie side by side, else for each of them.
    const indices = k.length > 1 && inner % unroll !== 0 ? unroll : 1;
    const ragged = size.k % kSplit !== 0 ? COST.test : 0;
    const turn =
      unroll *
        (rows * (costs.a + ragged) +
          columns * (costs.b + ragged) +
          sums * COST.multiplyAdd +
          (share - 1) * columns * COST.swap) +
      (turns > 1 ? COST.turn + sums * COST.keep : 0) +
      indices * k.length * 3;
    const stored = sums * COST.store + (splits > 1 ? sums * COST.load : 0);
    const entered = turns > 1 ? sums * COST.enter : 0;
    const tile = COST.tile + (rows + columns) * COST.line + entered + turns * turn + stored;
    const code =
      unroll * (rows + columns) * COMPILE.load +
      unroll * sums * COMPILE.multiplyAdd +
      sums * (COMPILE.sum + COMPILE.sums * sums);
    const time = Math.max(tiles * splits, FILL) * tile + code;
    if (!best || time < best.time) best = { tiling: { ...shape, unroll, splits, kSplit }, time };
  }
  return best as { tiling: RegisterTiling; time: number };
}

function loadCost(read: Access, places: readonly Location[]): number {
  const bytes = (places[read.operand] as Location).type.dtype === 'u8' ? COST.bytes : 0;
  return COST.load + bytes + COST.test * read.axes.filter(({ checked }) => checked).length;
}
