import { FunctionBuilder as Builder, type FunctionBuilder, I32, ModuleBuilder, V128 } from './assembler.ts';

/** Rows and columns of a tile that stays in registers. */
export const TILE_ROWS = 4;
export const TILE_COLUMNS = 8;
/** Products are summed over blocks of so many, so that the panels of a block stay in the first-level cache. */
export const K_BLOCK = 256;

/** What the matrix product module exports. Addresses are in bytes, counts in elements. */
export interface GemmExports {
  /**
   * Copies rows `source[rowOffsets[r] + kOffsets[k]]` for k in [from, to) into panels of `width` rows, k by k; rows past
   * `rows` are zeros. Offset tables hold byte offsets.
   */
  pack4(
    source: number,
    rowOffsets: number,
    kOffsets: number,
    rows: number,
    from: number,
    to: number,
    target: number,
  ): void;
  pack8(
    source: number,
    rowOffsets: number,
    kOffsets: number,
    rows: number,
    from: number,
    to: number,
    target: number,
  ): void;
  /** C (+)= A·B over packed panels; `stride` is the distance of C's rows in bytes, `first` ≠ 0 overwrites C. */
  multiply(
    a: number,
    b: number,
    c: number,
    rowPanels: number,
    columnPanels: number,
    count: number,
    stride: number,
    first: number,
  ): void;
}

/** The module of the matrix product: packing into panels and the 4×8 micro-kernel, once a backend. */
export function buildGemm(fused: boolean): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.add(buildPack(4), 'pack4');
  module.add(buildPack(8), 'pack8');
  module.add(buildMultiply(fused), 'multiply');
  return module.bytes();
}

function buildPack(width: 4 | 8): FunctionBuilder {
  const f = new Builder([I32, I32, I32, I32, I32, I32, I32]);
  const [source, rowOffsets, kOffsets, rows, from, to, target] = [0, 1, 2, 3, 4, 5, 6];
  const [row, k, out, kAddress, runs] = [f.local(I32), f.local(I32), f.local(I32), f.local(I32), f.local(I32)];
  const addresses = Array.from({ length: width }, () => f.local(I32));
  const first = addresses[0] as number;
  const zeros = f.local(I32);
  f.get(target).set(out);
  f.loop(row, 0, { local: rows }, width, () => {
    // Addresses of the panel's rows; those past the end repeat the last one and are blanked below.
    for (const [r, address] of addresses.entries()) {
      const at = f.local(I32);
      f.get(row).i32(r).emit('i32.add').set(at);
      f.get(at).get(rows).i32(1).emit('i32.sub').get(at).get(rows).emit('i32.lt_s', 'select').set(at);
      f.get(rowOffsets).get(at).i32(2).emit('i32.shl', 'i32.add', 'i32.load').get(source).emit('i32.add').set(address);
    }
    // Whether the rows lie side by side, so that a vector fetches four.
    f.i32(1).set(runs);
    for (const [r, address] of addresses.entries()) {
      if (r > 0)
        f.get(runs)
          .get(address)
          .get(first)
          .i32(4 * r)
          .emit('i32.add', 'i32.eq', 'i32.and')
          .set(runs);
    }
    f.get(kOffsets).get(from).i32(2).emit('i32.shl', 'i32.add').set(kAddress);
    const eachK = (body: (offset: number) => void) => {
      const offset = f.local(I32);
      f.loop(k, { local: from }, { local: to }, 1, () => {
        f.get(kAddress).emit('i32.load').set(offset);
        body(offset);
        f.get(kAddress).i32(4).emit('i32.add').set(kAddress);
        f.get(out)
          .i32(4 * width)
          .emit('i32.add')
          .set(out);
      });
    };
    f.get(runs).when(
      () =>
        eachK((offset) => {
          for (let part = 0; part < width; part += 4) {
            f.get(out)
              .get(first)
              .get(offset)
              .emit('i32.add')
              .vectorLoadAt(4 * part, 'v128.load')
              .storeAt(4 * part, 'v128.store');
          }
        }),
      () =>
        eachK((offset) => {
          for (let part = 0; part < width; part += 4) {
            f.get(out)
              .get(addresses[part] as number)
              .get(offset)
              .emit('i32.add')
              .vectorLoadAt(0, 'v128.load32_splat');
            for (let lane = 1; lane < 4; lane++) {
              f.get(addresses[part + lane] as number)
                .get(offset)
                .emit('i32.add')
                .loadAt(0, 'f32.load')
                .replaceLane(lane);
            }
            f.storeAt(4 * part, 'v128.store');
          }
        }),
    );
    // Rows that do not exist are zeros in the panel.
    f.get(row).i32(width).emit('i32.add').get(rows).emit('i32.sub').set(zeros);
    const missing = f.local(I32);
    f.loop(missing, 0, { local: zeros }, 1, () => {
      const at = f.local(I32);
      f.get(out)
        .get(to)
        .get(from)
        .emit('i32.sub')
        .i32(4 * width)
        .emit('i32.mul', 'i32.sub')
        .set(at);
      f.get(at)
        .i32(4 * (width - 1))
        .get(missing)
        .i32(4)
        .emit('i32.mul', 'i32.sub', 'i32.add')
        .set(at);
      f.loop(k, { local: from }, { local: to }, 1, () => {
        f.get(at).f32(0).storeAt(0, 'f32.store');
        f.get(at)
          .i32(4 * width)
          .emit('i32.add')
          .set(at);
      });
    });
  });
  return f;
}

function buildMultiply(fused: boolean): FunctionBuilder {
  const f = new Builder([I32, I32, I32, I32, I32, I32, I32, I32]);
  const [a, b, c, rowPanels, columnPanels, count, stride, first] = [0, 1, 2, 3, 4, 5, 6, 7];
  const [row, column, k, aAt, bAt, cAt, bPanel] = [0, 1, 2, 3, 4, 5, 6].map(() => f.local(I32)) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const sums = Array.from({ length: TILE_ROWS }, () => [f.local(V128), f.local(V128)] as const);
  const [left, right, splat] = [f.local(V128), f.local(V128), f.local(V128)];
  f.loop(column, 0, { local: columnPanels }, 1, () => {
    f.get(column)
      .get(count)
      .emit('i32.mul')
      .i32(4 * TILE_COLUMNS)
      .emit('i32.mul')
      .get(b)
      .emit('i32.add')
      .set(bPanel);
    f.get(a).set(aAt);
    f.loop(row, 0, { local: rowPanels }, 1, () => {
      f.get(c).get(row).i32(TILE_ROWS).emit('i32.mul').get(stride).emit('i32.mul', 'i32.add');
      f.get(column)
        .i32(4 * TILE_COLUMNS)
        .emit('i32.mul', 'i32.add')
        .set(cAt);
      for (const pair of sums) for (const sum of pair) f.splat(0).set(sum);
      f.get(bPanel).set(bAt);
      f.loop(k, 0, { local: count }, 1, () => {
        f.get(bAt).vectorLoadAt(0, 'v128.load').set(left);
        f.get(bAt).vectorLoadAt(16, 'v128.load').set(right);
        for (const [r, pair] of sums.entries()) {
          f.get(aAt)
            .vectorLoadAt(4 * r, 'v128.load32_splat')
            .set(splat);
          for (const [half, sum] of pair.entries()) {
            const factor = half === 0 ? left : right;
            if (fused) f.get(splat).get(factor).get(sum).emit('f32x4.relaxed_madd').set(sum);
            else f.get(splat).get(factor).emit('f32x4.mul').get(sum).emit('f32x4.add').set(sum);
          }
        }
        f.get(aAt)
          .i32(4 * TILE_ROWS)
          .emit('i32.add')
          .set(aAt);
        f.get(bAt)
          .i32(4 * TILE_COLUMNS)
          .emit('i32.add')
          .set(bAt);
      });
      f.get(first).when(
        () => undefined,
        () => {
          for (const [r, pair] of sums.entries()) {
            for (const [half, sum] of pair.entries()) {
              f.get(cAt)
                .get(stride)
                .i32(r)
                .emit('i32.mul', 'i32.add')
                .vectorLoadAt(16 * half, 'v128.load')
                .get(sum)
                .emit('f32x4.add')
                .set(sum);
            }
          }
        },
      );
      for (const [r, pair] of sums.entries()) {
        for (const [half, sum] of pair.entries()) {
          f.get(cAt)
            .get(stride)
            .i32(r)
            .emit('i32.mul', 'i32.add')
            .get(sum)
            .storeAt(16 * half, 'v128.store');
        }
      }
    });
  });
  return f;
}
