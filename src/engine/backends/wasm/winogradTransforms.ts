import { FunctionBuilder, I32, V128 } from './assembler.ts';
import { LANES, PLACES, type TileGrid, type TilePlanes } from './winogradTiles.ts';

/** Distances in bytes of a tensor of images. */
export interface ImageStrides {
  readonly image: number;
  readonly channel: number;
  readonly row: number;
}

/** What the function of a tile row is given: locals with addresses of the image's row and of the planes' column. */
interface TileRow {
  readonly image: number;
  readonly planes: number;
  /** Local with the number of the row of tiles. */
  readonly row: number;
}

/**
 * A function (images' address, planes' address, images, from, to) that runs `body` for each channel, each image and each
 * row of tiles in [from, to): the tiles of all rows lie one behind the other. With `zeros` the last of them is followed by
 * zeros, up to a whole vector.
 */
export function overTileRows(
  channels: number,
  strides: ImageStrides,
  { across }: TileGrid,
  { rowBytes, planeBytes }: TilePlanes,
  body: (f: FunctionBuilder, at: TileRow) => void,
  zeros = false,
): FunctionBuilder {
  const f = new FunctionBuilder([I32, I32, I32, I32, I32]);
  const [source, target, images, from, to] = [0, 1, 2, 3, 4];
  const [channel, image, row] = [f.local(I32), f.local(I32), f.local(I32)];
  const [first, at, planes] = [f.local(I32), f.local(I32), f.local(I32)];
  f.loop(channel, 0, channels, 1, () => {
    f.get(target).get(channel).i32(rowBytes).emit('i32.mul', 'i32.add').set(planes);
    f.get(source).get(channel).i32(strides.channel).emit('i32.mul', 'i32.add');
    f.get(from)
      .i32(2 * strides.row)
      .emit('i32.mul', 'i32.add')
      .set(first);
    f.loop(image, 0, { local: images }, 1, () => {
      f.get(first).set(at);
      f.loop(row, { local: from }, { local: to }, 1, () => {
        body(f, { image: at, planes, row });
        f.get(at)
          .i32(2 * strides.row)
          .emit('i32.add')
          .set(at);
        f.get(planes)
          .i32(4 * across)
          .emit('i32.add')
          .set(planes);
      });
      f.get(first).i32(strides.image).emit('i32.add').set(first);
    });
    if (!zeros || across % LANES === 0) return;
    for (let place = 0; place < PLACES; place++)
      f.get(planes)
        .splat(0)
        .storeAt(place * planeBytes, 'v128.store');
  });
  return f;
}

/**
 * Runs `body` for the tiles of a row, four at a time, with locals that hold addresses of their first one, each so many
 * bytes a tile further: the last four may be some of those before again. `last` says whether the row ends with them.
 */
export function overTiles(
  f: FunctionBuilder,
  { across }: TileGrid,
  addresses: readonly { readonly from: number; readonly perTile: number }[],
  body: (at: readonly number[], last: boolean) => void,
): void {
  const before = Math.ceil(across / LANES) - 1;
  const [group, at] = [f.local(I32), addresses.map(() => f.local(I32))];
  if (before > 0) {
    for (const [i, { from }] of addresses.entries()) f.get(from).set(at[i] as number);
    f.loop(group, 0, before, 1, () => {
      body(at, false);
      for (const [i, { perTile }] of addresses.entries())
        f.get(at[i] as number)
          .i32(LANES * perTile)
          .emit('i32.add')
          .set(at[i] as number);
    });
  }
  for (const [i, { from, perTile }] of addresses.entries())
    f.get(from)
      .i32((across - LANES) * perTile)
      .emit('i32.add')
      .set(at[i] as number);
  body(at, true);
}

/** Reads column `l` of the tiles at `address` from the planes of its four places. */
export function readColumn(
  f: FunctionBuilder,
  address: number,
  { planeBytes }: TilePlanes,
  l: number,
  column: readonly number[],
): void {
  for (const [k, part] of column.entries())
    f.get(address)
      .vectorLoadAt((4 * k + l) * planeBytes, 'v128.load')
      .set(part);
}

/**
 * Bᵀ·d·B of each 4×4 tile d of inputs: parameters are the images' address, the planes', images, and rows [from, to).
 * `zeros` as for all rows of tiles.
 */
export function buildInputTransform(
  channels: number,
  strides: ImageStrides,
  grid: TileGrid,
  planes: TilePlanes,
  zeros: boolean,
): FunctionBuilder {
  const odd = { height: grid.height % 2 === 1, width: grid.width % 2 === 1 };
  const body = (f: FunctionBuilder, { image, planes: target, row }: TileRow): void => {
    const line = (): [number, number, number] => [f.local(V128), f.local(V128), f.local(V128)];
    const [middle, next, other, sum] = [line(), line(), line(), line()];
    const [even, odds, evenNext, oddNext] = [f.local(V128), f.local(V128), f.local(V128), f.local(V128)];
    // The fourth row of a tile, or the third again where the image ends: no output takes it then.
    const far = f.local(I32);
    f.get(image).i32(3 * strides.row);
    if (odd.height)
      f.i32(2 * strides.row)
        .get(row)
        .i32(grid.down - 1)
        .emit('i32.ne', 'select');
    f.emit('i32.add').set(far);
    overTiles(
      f,
      grid,
      [
        { from: image, perTile: 8 },
        { from: far, perTile: 8 },
        { from: target, perTile: 4 },
      ],
      ([at, farAt, into], last) => {
        const read = (k: number, to: readonly number[]): void => {
          const [address, offset] = k < 3 ? [at as number, k * strides.row] : [farAt as number, 0];
          for (const [i, part] of to.entries())
            f.get(address)
              .vectorLoadAt(
                offset + 16 * i,
                i < 2 ? 'v128.load' : last && odd.width ? 'v128.load32_zero' : 'v128.load64_zero',
              )
              .set(part);
        };
        const across = (
          k: number,
          a: readonly number[],
          operation: 'f32x4.add' | 'f32x4.sub',
          b: readonly number[],
        ) => {
          for (const [i, to] of sum.entries())
            f.get(a[i] as number)
              .get(b[i] as number)
              .emit(operation)
              .set(to);
          f.get(sum[0]).get(sum[1]).shuffle([0, 2, 4, 6]).set(even);
          f.get(sum[0]).get(sum[1]).shuffle([1, 3, 5, 7]).set(odds);
          f.get(even).get(sum[2]).shuffle([1, 2, 3, 4]).set(evenNext);
          f.get(odds).get(sum[2]).shuffle([1, 2, 3, 5]).set(oddNext);
          const place = (l: number, x: number, how: 'f32x4.add' | 'f32x4.sub', y: number) =>
            f
              .get(into as number)
              .get(x)
              .get(y)
              .emit(how)
              .storeAt((4 * k + l) * planes.planeBytes, 'v128.store');
          place(0, even, 'f32x4.sub', evenNext);
          place(1, odds, 'f32x4.add', evenNext);
          place(2, evenNext, 'f32x4.sub', odds);
          place(3, odds, 'f32x4.sub', oddNext);
        };
        read(1, middle);
        read(2, next);
        read(0, other);
        across(0, other, 'f32x4.sub', next);
        across(1, middle, 'f32x4.add', next);
        across(2, next, 'f32x4.sub', middle);
        read(3, other);
        across(3, middle, 'f32x4.sub', other);
      },
    );
  };
  return overTileRows(channels, strides, grid, planes, body, zeros);
}

/** Aᵀ·m·A of each 4×4 tile m of products: 2×2 outputs. Parameters as for inputs; the images are written. */
export function buildOutputTransform(
  channels: number,
  strides: ImageStrides,
  grid: TileGrid,
  planes: TilePlanes,
): FunctionBuilder {
  const odd = { height: grid.height % 2 === 1, width: grid.width % 2 === 1 };
  return overTileRows(channels, strides, grid, planes, (f, { image, planes: source, row }) => {
    const four = (): number[] => [0, 1, 2, 3].map(() => f.local(V128));
    const [column, upper, lower] = [four(), four(), four()];
    const [first, second] = [f.local(V128), f.local(V128)];
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
          const [m0, m1, m2, m3] = column as [number, number, number, number];
          f.get(m0)
            .get(m1)
            .emit('f32x4.add')
            .get(m2)
            .emit('f32x4.add')
            .set(upper[l] as number);
          f.get(m1)
            .get(m2)
            .emit('f32x4.sub')
            .get(m3)
            .emit('f32x4.sub')
            .set(lower[l] as number);
        }
        const write = (sums: readonly number[], offset: number): void => {
          const [s0, s1, s2, s3] = sums as [number, number, number, number];
          f.get(s0).get(s1).emit('f32x4.add').get(s2).emit('f32x4.add').set(first);
          f.get(s1).get(s2).emit('f32x4.sub').get(s3).emit('f32x4.sub').set(second);
          f.get(into as number)
            .get(first)
            .get(second)
            .shuffle([0, 4, 1, 5])
            .storeAt(offset, 'v128.store');
          if (!(last && odd.width)) {
            f.get(into as number)
              .get(first)
              .get(second)
              .shuffle([2, 6, 3, 7])
              .storeAt(offset + 16, 'v128.store');
            return;
          }
          f.get(first).get(second).shuffle([2, 6, 3, 7]).set(first);
          for (let lane = 0; lane < 3; lane++)
            f.get(into as number)
              .get(first)
              .storeLane(lane, offset + 16 + 4 * lane);
        };
        write(upper, 0);
        if (!odd.height) write(lower, strides.row);
        else
          f.get(row)
            .i32(grid.down - 1)
            .emit('i32.ne')
            .when(() => write(lower, strides.row));
      },
    );
  });
}
