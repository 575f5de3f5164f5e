import { FunctionBuilder, I32, ModuleBuilder, V128 } from './assembler.ts';
import { buildPack } from './packFunction.ts';

/** Rows and columns of a tile that stays in registers. */
export const TILE_ROWS = 4;
export const TILE_COLUMNS = 8;

/**
 * Copies rows `source[rowOffsets[r] + kOffsets[k]]` for k in [from, to) into panels of 4 or 8 rows, k by k. Addresses and
 * offsets are in bytes. Rows past `rows` repeat the last one: what becomes of them is never looked at.
 */
export type Pack = (
  source: number,
  rowOffsets: number,
  kOffsets: number,
  rows: number,
  from: number,
  to: number,
  target: number,
) => void;

/** C (+)= A·B over packed panels; `stride` is the distance of C's rows in bytes, `first` ≠ 0 overwrites C. */
export type Multiply = (
  a: number,
  b: number,
  c: number,
  rowPanels: number,
  columnPanels: number,
  count: number,
  stride: number,
  first: number,
) => void;

/** What the matrix product module exports. */
export interface Gemm {
  readonly packRows: Pack;
  readonly packColumns: Pack;
  /** Panels of which only the first `rows` rows (1 to 4) and `columns` columns (4 or 8) are wanted. */
  multiply(rows: number, columns: number): Multiply;
}

/** The module of the matrix product, once a backend. `fused` uses fused multiply-add, a later extension. */
export function buildGemm(fused: boolean): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.add(buildPack(TILE_ROWS), 'packRows');
  module.add(buildPack(TILE_COLUMNS), 'packColumns');
  for (let rows = 1; rows <= TILE_ROWS; rows++) {
    for (const columns of [4, 8]) module.add(buildMultiply(rows, columns, fused), `multiply${rows}x${columns}`);
  }
  return module.bytes();
}

/** The exports of an instance of the module in the shape that kernels use. */
export function gemmOf(exports: WebAssembly.Exports): Gemm {
  const table = Array.from({ length: TILE_ROWS + 1 }, (_, rows) =>
    [4, 8].map((columns) => exports[`multiply${rows}x${columns}`] as Multiply),
  );
  return {
    packRows: exports.packRows as Pack,
    packColumns: exports.packColumns as Pack,
    multiply: (rows, columns) => table[rows]?.[columns === 4 ? 0 : 1] as Multiply,
  };
}

function buildMultiply(rows: number, columns: number, fused: boolean): FunctionBuilder {
  const f = new FunctionBuilder([I32, I32, I32, I32, I32, I32, I32, I32]);
  const [a, b, c, rowPanels, columnPanels, count, stride, first] = [0, 1, 2, 3, 4, 5, 6, 7];
  const [row, column, bPanel] = [f.local(I32), f.local(I32), f.local(I32)];
  const [aAt, bAt, cAt, end] = [f.local(I32), f.local(I32), f.local(I32), f.local(I32)];
  const halves = Array.from({ length: columns / 4 }, () => f.local(V128));
  const sums = Array.from({ length: rows }, () => halves.map(() => f.local(V128)));
  const splat = f.local(V128);
  const eachSum = (body: (sum: number, half: number) => void) => {
    for (const [r, list] of sums.entries()) {
      for (const [half, sum] of list.entries()) body(sum, half);
      if (r + 1 < rows) f.get(cAt).get(stride).emit('i32.add').set(cAt);
    }
  };
  const tileAddress = () => {
    f.get(c).get(row).i32(TILE_ROWS).emit('i32.mul').get(stride).emit('i32.mul', 'i32.add');
    f.get(column)
      .i32(4 * TILE_COLUMNS)
      .emit('i32.mul', 'i32.add')
      .set(cAt);
  };
  f.get(b).set(bPanel);
  f.loop(column, 0, { local: columnPanels }, 1, () => {
    f.get(a).set(aAt);
    f.loop(row, 0, { local: rowPanels }, 1, () => {
      for (const list of sums) for (const sum of list) f.splat(0).set(sum);
      f.get(bPanel).set(bAt);
      f.get(aAt)
        .get(count)
        .i32(4 * TILE_ROWS)
        .emit('i32.mul', 'i32.add')
        .set(end);
      // Not unrolled: a longer body has been seen to run out of vector registers, at a third of the speed.
      f.repeat({ local: aAt }, { local: end }, () => {
        for (const [half, factor] of halves.entries())
          f.get(bAt)
            .vectorLoadAt(16 * half, 'v128.load')
            .set(factor);
        for (const [r, list] of sums.entries()) {
          f.get(aAt)
            .vectorLoadAt(4 * r, 'v128.load32_splat')
            .set(splat);
          for (const [half, sum] of list.entries()) {
            const factor = halves[half] as number;
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
      f.get(first)
        .emit('i32.eqz')
        .when(() => {
          tileAddress();
          eachSum((sum, half) => {
            f.get(cAt)
              .vectorLoadAt(16 * half, 'v128.load')
              .get(sum)
              .emit('f32x4.add')
              .set(sum);
          });
        });
      tileAddress();
      eachSum((sum, half) => {
        f.get(cAt)
          .get(sum)
          .storeAt(16 * half, 'v128.store');
      });
    });
    f.get(count)
      .i32(4 * TILE_COLUMNS)
      .emit('i32.mul')
      .get(bPanel)
      .emit('i32.add')
      .set(bPanel);
  });
  return f;
}
