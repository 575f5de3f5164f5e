import { type FunctionBuilder, V128 } from './assembler.ts';
import { LANES, type TileGrid, type TilePlanes } from './winogradTiles.ts';
import { type ImageStrides, overTileRows, overTiles, readColumn } from './winogradTransforms.ts';

/** Rows and columns of the images that overlapping 4×4 tiles make, two apart. */
export function overlapSize({ down, across }: TileGrid): { readonly height: number; readonly width: number } {
  return { height: 2 * down + 2, width: 2 * across + 2 };
}

/**
 * B·m·Bᵀ of each 4×4 tile m of products: 4×4 shares of inputs' gradients, added up where tiles of a row overlap. Rows of
 * tiles overlap too: the first two rows of each go into one image, the other two into another, `apart` bytes behind it;
 * their sum is the gradient. Parameters as for inputs; the images are written.
 */
export function buildOverlapTransform(
  channels: number,
  strides: ImageStrides,
  grid: TileGrid,
  planes: TilePlanes,
  apart: number,
): FunctionBuilder {
  return overTileRows(channels, strides, grid, planes, (f, { image, planes: source }) => {
    const vectors = (count: number): number[] => Array.from({ length: count }, () => f.local(V128));
    const [column, shares] = [vectors(4), [vectors(4), vectors(4), vectors(4), vectors(4)]];
    const [even, odds, next, afterNext, sum] = vectors(5) as [number, number, number, number, number];
    // What the tiles before add to the columns of these, for each of the four rows.
    const carried = shares.map(() => [f.local(V128), f.local(V128)] as const);
    for (const part of carried.flat()) f.splat(0).set(part);
    overTiles(
      f,
      grid,
      [
        { from: source, perTile: 4 },
        { from: image, perTile: 8 },
      ],
      ([at, into], last) => {
        for (let l = 0; l < 4; l++) {
          readColumn(f, at as number, planes, l, column);
          spread(f, column, (k) => f.set(shares[k]?.[l] as number));
        }
        // The lane of the tile before the first one here, among those that came before.
        const lane = last ? (grid.across - 1) % LANES : LANES - 1;
        for (const [k, row] of shares.entries()) {
          const offset = k * strides.row + (k < 2 ? 0 : apart);
          const carry = carried[k] as readonly [number, number];
          spread(f, row, (l) => f.set([even, odds, next, afterNext][l] as number));
          for (const [to, from, share] of [
            [even, carry[0], next],
            [odds, carry[1], afterNext],
          ] as const) {
            f.get(to).get(from).get(share).shuffle([lane, 4, 5, 6]).emit('f32x4.add').set(to);
            f.get(share).set(from);
          }
          const store = (from: readonly [number, number], picks: readonly [number, number, number, number]) =>
            f.get(from[0]).get(from[1]).shuffle(picks);
          f.get(into as number);
          store([even, odds], [0, 4, 1, 5]).storeAt(offset, 'v128.store');
          f.get(into as number);
          store([even, odds], [2, 6, 3, 7]).storeAt(offset + 16, 'v128.store');
          if (!last) continue;
          store([next, afterNext], [3, 7, 3, 7]).set(sum);
          for (let i = 0; i < 2; i++)
            f.get(into as number)
              .get(sum)
              .storeLane(i, offset + 32 + 4 * i);
        }
      },
    );
  });
}

/** m₀, m₁ − m₂ + m₃, m₁ + m₂ − m₀, −m₃ of four vectors, each left on the stack for `store`. */
function spread(f: FunctionBuilder, m: readonly number[], store: (i: number) => void): void {
  const [m0, m1, m2, m3] = m as [number, number, number, number];
  f.get(m0);
  store(0);
  f.get(m1).get(m2).emit('f32x4.sub').get(m3).emit('f32x4.add');
  store(1);
  f.get(m1).get(m2).emit('f32x4.add').get(m0).emit('f32x4.sub');
  store(2);
  f.get(m3).emit('f32x4.neg');
  store(3);
}
