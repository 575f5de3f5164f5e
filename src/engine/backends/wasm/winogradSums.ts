import { FunctionBuilder, I32, V128 } from './assembler.ts';
import type { TileGrid, TilePlanes } from './winogradTiles.ts';
import { type ImageStrides, overTileRows, overTiles } from './winogradTransforms.ts';

/**
 * A·y·Aᵀ of each 2×2 tile y of the outputs' gradient, 0 beyond an odd height or width. Parameters are the images' address,
 * the planes', images, and rows [from, to); zeros follow the last tile.
 */
export function buildGradientTransform(
  channels: number,
  strides: ImageStrides,
  grid: TileGrid,
  planes: TilePlanes,
): FunctionBuilder {
  const odd = { height: grid.height % 2 === 1, width: grid.width % 2 === 1 };
  const body: Parameters<typeof overTileRows>[4] = (f, { image, planes: target, row }) => {
    const pair = (): [number, number] => [f.local(V128), f.local(V128)];
    const [upper, lower, both, end] = [pair(), pair(), pair(), f.local(V128)];
    // The second row of a tile, or the first again where the image ends, all of it masked.
    const [next, mask] = [f.local(I32), f.local(V128)];
    f.get(image).i32(strides.row);
    if (odd.height) {
      f.i32(0)
        .get(row)
        .i32(grid.down - 1)
        .emit('i32.ne', 'select');
      f.i32(0)
        .get(row)
        .i32(grid.down - 1)
        .emit('i32.ne', 'i32.sub', 'i32x4.splat')
        .set(mask);
    }
    f.emit('i32.add').set(next);
    overTiles(
      f,
      grid,
      [
        { from: image, perTile: 8 },
        { from: next, perTile: 8 },
        { from: target, perTile: 4 },
      ],
      ([at, nextAt, into], last) => {
        const read = (address: number, [even, odds]: readonly [number, number]): void => {
          f.get(address).vectorLoadAt(0, 'v128.load').set(even);
          if (last && odd.width) f.get(address).vectorLoadAt(12, 'v128.load').splat(0).shuffle([1, 2, 3, 4]).set(end);
          else f.get(address).vectorLoadAt(16, 'v128.load').set(end);
          f.get(even).get(end).shuffle([1, 3, 5, 7]).set(odds);
          f.get(even).get(end).shuffle([0, 2, 4, 6]).set(even);
        };
        const write = (k: number, [even, odds]: readonly [number, number]): void => {
          const place = (l: number, value: () => void): void => {
            f.get(into as number);
            value();
            f.storeAt((4 * k + l) * planes.planeBytes, 'v128.store');
          };
          place(0, () => f.get(even));
          place(1, () => f.get(even).get(odds).emit('f32x4.add'));
          place(2, () => f.get(even).get(odds).emit('f32x4.sub'));
          place(3, () => f.get(odds).emit('f32x4.neg'));
        };
        const combined = (operation: 'f32x4.add' | 'f32x4.sub'): void => {
          for (const [i, to] of both.entries())
            f.get(upper[i] as number)
              .get(lower[i] as number)
              .emit(operation)
              .set(to);
        };
        read(at as number, upper);
        read(nextAt as number, lower);
        if (odd.height) for (const part of lower) f.get(part).get(mask).emit('v128.and').set(part);
        write(0, upper);
        combined('f32x4.add');
        write(1, both);
        combined('f32x4.sub');
        write(2, both);
        for (const part of lower) f.get(part).emit('f32x4.neg').set(part);
        write(3, lower);
      },
    );
  };
  return overTileRows(channels, strides, grid, planes, body, true);
}

/** Rows and columns of a block of sums that stays in registers. */
const [BLOCK_ROWS, BLOCK_COLUMNS] = [2, 4] as const;

/**
 * Adds the products of all pairs of rows of two planes, summed over tiles, to [rows, columns] sums. Parameters are the
 * address of the first plane, of the second, of the sums, bytes of tiles (whole vectors), and whether sums begin here.
 * Both operands are read along the tiles as they lie; the four parts of a sum are added at its end.
 */
export function buildPlaneProduct(
  rows: number,
  columns: number,
  planes: { readonly rows: TilePlanes; readonly columns: TilePlanes },
  fused: boolean,
): FunctionBuilder {
  const f = new FunctionBuilder([I32, I32, I32, I32, I32]);
  const [a, b, sums, bytes, first] = [0, 1, 2, 3, 4];
  const [row, column, aAt, bAt, end, into] = [0, 1, 2, 3, 4, 5].map(() => f.local(I32)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const vectors = (count: number): number[] => Array.from({ length: count }, () => f.local(V128));
  const [left, right, low, high] = [vectors(BLOCK_ROWS), vectors(BLOCK_COLUMNS), f.local(V128), f.local(V128)];
  const block = left.map(() => vectors(BLOCK_COLUMNS));
  f.loop(column, 0, columns, BLOCK_COLUMNS, () => {
    f.loop(row, 0, rows, BLOCK_ROWS, () => {
      f.get(a).get(row).i32(planes.rows.rowBytes).emit('i32.mul', 'i32.add').set(aAt);
      f.get(b).get(column).i32(planes.columns.rowBytes).emit('i32.mul', 'i32.add').tee(bAt);
      f.get(bytes).emit('i32.add').set(end);
      for (const sum of block.flat()) f.splat(0).set(sum);
      f.repeat({ local: bAt }, { local: end }, () => {
        for (const [i, part] of left.entries())
          f.get(aAt)
            .vectorLoadAt(i * planes.rows.rowBytes, 'v128.load')
            .set(part);
        for (const [j, part] of right.entries()) {
          f.get(bAt)
            .vectorLoadAt(j * planes.columns.rowBytes, 'v128.load')
            .set(part);
          for (const [i, line] of block.entries()) {
            const [factor, sum] = [left[i] as number, line[j] as number];
            if (fused) f.get(factor).get(part).get(sum).emit('f32x4.relaxed_madd').set(sum);
            else f.get(factor).get(part).emit('f32x4.mul').get(sum).emit('f32x4.add').set(sum);
          }
        }
        f.get(aAt).i32(16).emit('i32.add').set(aAt);
        f.get(bAt).i32(16).emit('i32.add').set(bAt);
      });
      f.get(row).i32(columns).emit('i32.mul').get(column).emit('i32.add').i32(4).emit('i32.mul');
      f.get(sums).emit('i32.add').set(into);
      for (const [i, [s0, s1, s2, s3]] of (block as [number, number, number, number][]).entries()) {
        pairs(f, s0, s1, low);
        pairs(f, s2, s3, high);
        f.get(low).get(high).shuffle([0, 1, 4, 5]).get(low).get(high).shuffle([2, 3, 6, 7]).emit('f32x4.add').set(low);
        f.get(first)
          .emit('i32.eqz')
          .when(() =>
            f
              .get(into)
              .vectorLoadAt(4 * i * columns, 'v128.load')
              .get(low)
              .emit('f32x4.add')
              .set(low),
          );
        f.get(into)
          .get(low)
          .storeAt(4 * i * columns, 'v128.store');
      }
    });
  });
  return f;
}

/** The four parts of two sums as two parts of each: of the first, of the second, of the first, of the second. */
function pairs(f: FunctionBuilder, x: number, y: number, to: number): void {
  f.get(x).get(y).shuffle([0, 4, 1, 5]).get(x).get(y).shuffle([2, 6, 3, 7]).emit('f32x4.add').set(to);
}
