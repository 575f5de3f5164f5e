import { type Bound, type FunctionBuilder, I32 } from './assembler.ts';
import { TILE_COLUMNS, TILE_ROWS } from './gemmModule.ts';

/** Products are summed over blocks of at most so many, so that the panels of a block stay in the first-level cache. */
const K_BLOCK = 256;
/** So many columns are packed at a time, for the second-level cache. */
const COLUMN_BLOCK = 256;
/** So many rows are packed at a time: the columns are packed again for each. */
const ROW_BLOCK = 1024;

/** A matrix product over tables of byte offsets. */
export interface MatrixLayout {
  readonly rowTable: number;
  readonly columnTable: number;
  readonly kTableA: number;
  readonly kTableB: number;
  /** Most rows and columns that are multiplied at once. */
  readonly rows: number;
  readonly columns: number;
  /** How many products are summed at once, whole or a slice of them. */
  readonly count: number;
  /** Elements from row to row of C. */
  readonly stride: number;
}

/** What of a product is computed; numbers of locals, and bounds. */
interface ProductPart {
  /** Locals with the addresses of both operands, of C, and of memory for packed panels. */
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly packed: number;
  readonly rows: readonly [Bound, Bound];
  readonly columns: readonly [Bound, Bound];
  readonly k: readonly [Bound, Bound];
}

/** The functions of the matrix product's module, by number. */
export interface GemmCalls {
  readonly packRows: number;
  readonly packColumns: number;
  readonly multiply: number;
}

/** Bytes that packed panels take. */
export function packedBytes({ rows, columns, count }: MatrixLayout): number {
  const block = depthOf(count);
  return packedRowBytes(rows, block) + 4 * up(Math.min(columns, COLUMN_BLOCK), TILE_COLUMNS) * block;
}

/**
 * Encodes C = A·B for a range of rows, of columns and of products, block by block: rows are packed, then columns, and the
 * tiles of both are multiplied (Goto and van de Geijn 2008). The order of summation depends on the layout alone.
 */
export function emitProduct(f: FunctionBuilder, calls: GemmCalls, layout: MatrixLayout, part: ProductPart): void {
  const { rowTable, columnTable, kTableA, kTableB, stride } = layout;
  const block = depthOf(layout.count);
  const [row, rowCount, k, kEnd] = [f.local(I32), f.local(I32), f.local(I32), f.local(I32)];
  const [column, columnCount, packedB, last] = [f.local(I32), f.local(I32), f.local(I32), f.local(I32)];
  const left = (counter: number, end: Bound, most: number, into: number): void => {
    f.bound(end).get(counter).emit('i32.sub').set(into);
    f.smaller({ local: into }, most).set(into);
  };
  f.get(part.packed).i32(packedRowBytes(layout.rows, block)).emit('i32.add').set(packedB);
  // A sum of nothing is one turn that stores zeros.
  const [kFrom, kTo] = part.k;
  if (typeof kTo === 'number') f.i32(Math.max(1, kTo)).set(last);
  else f.get(kTo.local).set(last);
  f.loop(row, part.rows[0], part.rows[1], ROW_BLOCK, () => {
    left(row, part.rows[1], ROW_BLOCK, rowCount);
    f.loop(k, kFrom, { local: last }, block, () => {
      f.get(k).i32(block).emit('i32.add').set(kEnd);
      f.smaller({ local: kEnd }, kTo).set(kEnd);
      f.get(part.a).get(row).i32(4).emit('i32.mul').i32(rowTable).emit('i32.add').i32(kTableA);
      f.get(rowCount).get(k).get(kEnd).get(part.packed).call(calls.packRows);
      f.loop(column, part.columns[0], part.columns[1], COLUMN_BLOCK, () => {
        left(column, part.columns[1], COLUMN_BLOCK, columnCount);
        f.get(part.b).get(column).i32(4).emit('i32.mul').i32(columnTable).emit('i32.add').i32(kTableB);
        f.get(columnCount).get(k).get(kEnd).get(packedB).call(calls.packColumns);
        f.get(part.packed).get(packedB);
        f.get(row).i32(stride).emit('i32.mul').get(column).emit('i32.add').i32(4).emit('i32.mul');
        f.get(part.c).emit('i32.add').get(rowCount).get(columnCount);
        f.get(kEnd)
          .get(k)
          .emit('i32.sub')
          .i32(4 * stride);
        f.get(k)
          .bound(kFrom)
          .emit('i32.eq')
          .i32(4 * TILE_COLUMNS);
        f.get(kEnd)
          .get(k)
          .emit('i32.sub')
          .i32(4 * TILE_COLUMNS)
          .emit('i32.mul')
          .call(calls.multiply);
      });
    });
  });
}

/** Products a block, so that all blocks are about as long. */
function depthOf(count: number): number {
  return Math.max(1, Math.ceil(count / Math.ceil(Math.max(1, count) / K_BLOCK)));
}

function packedRowBytes(rows: number, block: number): number {
  return 4 * up(Math.min(rows, ROW_BLOCK), TILE_ROWS) * block;
}

function up(extent: number, multiple: number): number {
  return Math.ceil(extent / multiple) * multiple;
}
