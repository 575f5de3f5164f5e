import { type Gemm, TILE_COLUMNS, TILE_ROWS } from './gemmModule.ts';
import type { WasmMemory } from './memory.ts';

/** Products are summed over blocks of so many, so that the panels of a block stay in the first-level cache. */
export const K_BLOCK = 256;
/** So many row panels are gone through for each column panel: they stay in the second-level cache. */
const ROW_PANELS = 32;
/** So many columns are packed at a time, for the same cache. */
const COLUMN_BLOCK = 256;

/** Bytes at the beginning of the scratch memory that packed panels take. */
export function packedBytes(rows: number, columns: number, block: number): number {
  return packedRowBytes(rows, block) + 4 * panels(Math.min(columns, COLUMN_BLOCK), TILE_COLUMNS) * TILE_COLUMNS * block;
}

/** A matrix product over tables of byte offsets. `rows` is the most there are; `stride` the elements from row to row of C. */
export interface MatrixLayout {
  readonly rowTable: number;
  readonly columnTable: number;
  readonly kTableA: number;
  readonly kTableB: number;
  readonly count: number;
  readonly rows: number;
  readonly stride: number;
}

/** A function that multiplies what lies at `a` and `b` into the matrix at `c`. */
export function multiplyMatrices(
  gemm: Gemm,
  memory: WasmMemory,
  { rowTable, columnTable, kTableA, kTableB, count, rows: mostRows, stride }: MatrixLayout,
): (a: number, b: number, c: number, rows: number, columns: number) => void {
  const block = Math.min(count, K_BLOCK);
  const tile = (
    packedA: number,
    packedB: number,
    c: number,
    rows: number,
    columns: number,
    depth: number,
    first: number,
  ): void => {
    const wholeRows = Math.floor(rows / TILE_ROWS);
    const restRows = rows % TILE_ROWS;
    // More than half a panel of columns is as good as a whole one: C has room for it.
    const half = columns % TILE_COLUMNS > 0 && columns % TILE_COLUMNS <= 4 ? 1 : 0;
    const wholeColumns = panels(columns, TILE_COLUMNS) - half;
    const restA = packedA + 4 * TILE_ROWS * depth * wholeRows;
    const restB = packedB + 4 * TILE_COLUMNS * depth * wholeColumns;
    const restC = 4 * TILE_COLUMNS * wholeColumns;
    const bytes = 4 * stride;
    for (let panel = 0; panel < wholeRows; panel += ROW_PANELS) {
      const now = Math.min(ROW_PANELS, wholeRows - panel);
      const a = packedA + 4 * TILE_ROWS * depth * panel;
      const to = c + TILE_ROWS * bytes * panel;
      if (wholeColumns > 0) gemm.multiply(TILE_ROWS, 8)(a, packedB, to, now, wholeColumns, depth, bytes, first);
      if (half) gemm.multiply(TILE_ROWS, 4)(a, restB, to + restC, now, 1, depth, bytes, first);
    }
    if (restRows > 0) {
      const to = c + TILE_ROWS * bytes * wholeRows;
      if (wholeColumns > 0) gemm.multiply(restRows, 8)(restA, packedB, to, 1, wholeColumns, depth, bytes, first);
      if (half) gemm.multiply(restRows, 4)(restA, restB, to + restC, 1, 1, depth, bytes, first);
    }
  };
  return (a, b, c, rows, columns) => {
    const packedA = memory.scratch;
    const packedB = packedA + packedRowBytes(mostRows, block);
    let from = 0;
    do {
      const until = Math.min(count, from + block);
      gemm.packRows(a, rowTable, kTableA, rows, from, until, packedA);
      for (let column = 0; column < columns; column += COLUMN_BLOCK) {
        const now = Math.min(COLUMN_BLOCK, columns - column);
        gemm.packColumns(b, columnTable + 4 * column, kTableB, now, from, until, packedB);
        tile(packedA, packedB, c + 4 * column, rows, now, until - from, from === 0 ? 1 : 0);
      }
      from = until;
    } while (from < count);
  };
}

function packedRowBytes(rows: number, block: number): number {
  return 4 * panels(rows, TILE_ROWS) * TILE_ROWS * block;
}

function panels(extent: number, width: number): number {
  return Math.ceil(extent / width);
}
