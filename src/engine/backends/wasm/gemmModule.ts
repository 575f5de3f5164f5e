import { type Bound, FunctionBuilder, I32, ModuleBuilder, V128 } from './assembler.ts';
import { buildPack } from './packFunction.ts';

/** Rows and columns of a tile that stays in registers. */
export const TILE_ROWS = 4;
export const TILE_COLUMNS = 8;
/** So many rows are gone through for each panel of columns: packed, they stay in the second-level cache. */
const ROWS_AT_A_TIME = 128;

/** Parameters of each exported function; all are int32. */
export const GEMM_PARAMETERS = {
  /**
   * (source, rowOffsets, kOffsets, rows, from, to, target): copies rows `source[rowOffsets[r] + kOffsets[k]]` for k in
   * [from, to) into panels of 4 rows, k by k. Addresses and offsets are in bytes. Rows past `rows` repeat the last one:
   * what becomes of them is never looked at.
   */
  packRows: new Array<typeof I32>(7).fill(I32),
  /** The same into panels of 8. */
  packColumns: new Array<typeof I32>(7).fill(I32),
  /**
   * (a, b, c, rows, columns, count, stride, first, step, panel): C (+)= A·B over panels; `stride` is the distance of C's
   * rows in bytes, `first` ≠ 0 overwrites C. B's panels are `panel` bytes apart, and `step` bytes from k to k, so that
   * they need not be packed. Where no whole panel of columns is left, 4 or 8 columns are read and written.
   */
  multiply: new Array<typeof I32>(10).fill(I32),
} as const;

/** The module of the matrix product, once a backend. `fused` uses fused multiply-add, a later extension. */
export function buildGemm(fused: boolean): ModuleBuilder {
  const module = new ModuleBuilder();
  module.add(buildPack(TILE_ROWS), 'packRows');
  module.add(buildPack(TILE_COLUMNS), 'packColumns');
  const panels = new Map<string, number>();
  for (let rows = 1; rows <= TILE_ROWS; rows++) {
    for (const columns of [4, 8]) panels.set(`${rows}×${columns}`, module.add(buildPanels(rows, columns, fused)));
  }
  module.add(
    buildMultiply((rows, columns) => panels.get(`${rows}×${columns}`) as number),
    'multiply',
  );
  return module;
}

/** Whole panels first, then what is left of the columns, then of the rows. `panels` finds the function for a tile. */
function buildMultiply(panels: (rows: number, columns: number) => number): FunctionBuilder {
  const f = new FunctionBuilder(GEMM_PARAMETERS.multiply);
  const [a, b, c, rows, columns, count, stride, first, step, panel] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const [row, left, half, whole, at] = [f.local(I32), f.local(I32), f.local(I32), f.local(I32), f.local(I32)];
  const [restB, restC, panelA, panelC] = [f.local(I32), f.local(I32), f.local(I32), f.local(I32)];
  const tiles = (height: number, rowPanels: Bound): void => {
    f.get(whole).when(() => {
      f.get(panelA).get(b).get(panelC).bound(rowPanels).get(whole).get(count).get(stride).get(first);
      f.get(step).get(panel).call(panels(height, 8));
    });
    f.get(half).when(() => {
      f.get(panelA).get(restB).get(panelC).get(restC).emit('i32.add').bound(rowPanels);
      f.i32(1).get(count).get(stride).get(first).get(step).get(panel).call(panels(height, 4));
    });
  };
  // More than half a panel of columns is as good as a whole one: C has room for it.
  f.get(columns).i32(7).emit('i32.and').tee(left).i32(0).emit('i32.ne');
  f.get(left).i32(5).emit('i32.lt_u', 'i32.and').set(half);
  f.get(columns).i32(7).emit('i32.add').i32(3).emit('i32.shr_u').get(half).emit('i32.sub').set(whole);
  f.get(panel).get(whole).emit('i32.mul').get(b).emit('i32.add').set(restB);
  f.get(whole)
    .i32(4 * TILE_COLUMNS)
    .emit('i32.mul')
    .set(restC);
  f.get(rows).i32(-TILE_ROWS).emit('i32.and').set(left);
  const place = (): void => {
    f.get(row).get(count).emit('i32.mul').i32(4).emit('i32.mul').get(a).emit('i32.add').set(panelA);
    f.get(row).get(stride).emit('i32.mul').get(c).emit('i32.add').set(panelC);
  };
  f.loop(row, 0, { local: left }, ROWS_AT_A_TIME, () => {
    place();
    f.get(left).get(row).emit('i32.sub').set(at);
    f.smaller({ local: at }, ROWS_AT_A_TIME).i32(2).emit('i32.shr_u').set(at);
    tiles(TILE_ROWS, { local: at });
  });
  f.get(left).set(row);
  place();
  for (let rest = 1; rest < TILE_ROWS; rest++) {
    f.get(rows)
      .get(left)
      .emit('i32.sub')
      .i32(rest)
      .emit('i32.eq')
      .when(() => tiles(rest, 1));
  }
  return f;
}

/** Panels of which only the first `rows` rows (1 to 4) and `columns` columns (4 or 8) are wanted. */
function buildPanels(rows: number, columns: number, fused: boolean): FunctionBuilder {
  const f = new FunctionBuilder(GEMM_PARAMETERS.multiply);
  const [a, b, c, rowPanels, columnPanels, count, stride, first, step, panel] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
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
        f.get(bAt).get(step).emit('i32.add').set(bAt);
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
    f.get(bPanel).get(panel).emit('i32.add').set(bPanel);
  });
  return f;
}
