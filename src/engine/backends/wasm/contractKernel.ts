import { sizeOf } from '../../ir/shape.ts';
import type { DType } from '../../ir/types.ts';
import type { ContractRole, ContractSpec } from '../../kernels/spec.ts';
import { type Kernel, operand as operandAddress, own, result as resultAddress, shared } from './code.ts';
import { epilogueMap } from './contractEpilogue.ts';
import { buildParts, buildSlices, buildUnits, type ModuleWithImports } from './contractModule.ts';
import { type ContractOperand, contractOperand } from './contractOperand.ts';
import { copyPhases, placeOperand, Region } from './contractScratch.ts';
import { type MatrixLayout, packedBytes } from './emitProduct.ts';
import { TILE_COLUMNS, TILE_ROWS } from './gemmModule.ts';
import type { KernelCompiler } from './kernelCache.ts';
import type { WasmMemory } from './memory.ts';
import { buildWinograd } from './winogradKernel.ts';
import { buildWinogradWeights } from './winogradWeights.ts';

/** Products wait in cache until the epilogue has seen them: about so many bytes at a time. */
const CHUNK_BYTES = 1 << 19;
/** A chunk has at least so many rows or columns, if there are, since the other operand is packed again for each chunk. */
const LEAST_IN_CHUNK = 256;
/** Work in fewer chunks is divided otherwise, so that there is some for every thread. */
const LEAST_CHUNKS = 4;
/** Rows or columns that a thread takes at a time, at the least, since it packs the other operand again: whole tiles. */
const PART = 128;
/** Sums of at least so many products, for at most so many elements, are taken in slices. */
const LEAST_SLICED = 512;
const MOST_SLICED = 1 << 16;

/**
 * A contract as packed matrix products: both operands are copied panel by panel in the order in which the micro-kernel
 * reads them. Offsets of rows, columns and products come from tables, so that a convolution is packed as directly as a
 * matrix (implicit GEMM). Threads divide
 * - long sums with few results by slices of the sum, which the epilogue adds up,
 * - products that need no epilogue, or whose first output dim is short, by rows or columns,
 * - all else by units of the first output dim, some at a time, with the epilogue while the product is in cache.
 * Which of these depends on shapes alone.
 */
export function buildContract(
  spec: ContractSpec,
  operands: readonly DType[],
  result: DType,
  compiler: KernelCompiler,
): Kernel {
  const extents = spec.dims.map(({ extent }) => extent);
  const size = (dims: readonly number[]): number => sizeOf(dims.map((dim) => extents[dim] as number));
  if (size(spec.output) === 0) return { phases: [], sharedBytes: 0, ownBytes: 0 };
  const faster =
    buildWinograd(spec, operands, result, compiler) ?? buildWinogradWeights(spec, operands, result, compiler);
  if (faster) return faster;
  const { memory } = compiler;
  const first = spec.output[0];
  const a = contractOperand(spec.a, spec, operands, first, compiler);
  const b = contractOperand(spec.b, spec, operands, first, compiler);
  // The first output dim comes first in its group, so that some of its units are the beginning of all.
  const ofRole = (role: ContractRole): number[] =>
    spec.dims
      .flatMap((dim, i) => (dim.role === role ? [i] : []))
      .sort((x, y) => Number(y === first) - Number(x === first));
  const [rowDims, columnDims, kDims] = [ofRole('m'), ofRole('n'), ofRole('k')];
  const batchDims = ofRole('batch').filter((dim) => dim !== first);
  const role = first === undefined ? 'batch' : (spec.dims[first]?.role as ContractRole);
  const units = first === undefined ? 1 : (extents[first] as number);
  const [allRows, allColumns, count] = [size(rowDims), size(columnDims), size(kDims)];
  const [rowsPerUnit, columnsPerUnit] = [
    role === 'm' ? allRows / units : allRows,
    role === 'n' ? allColumns / units : allColumns,
  ];
  const batchCount = size(batchDims);
  const single = role !== 'batch' && batchCount === 1;
  const chunk = Math.max(
    Math.floor(CHUNK_BYTES / 4 / (rowsPerUnit * columnsPerUnit * batchCount)),
    role === 'batch' ? 1 : Math.ceil(LEAST_IN_CHUNK / (role === 'm' ? rowsPerUnit : columnsPerUnit)),
    1,
  );
  const slices = single && count >= LEAST_SLICED && allRows * allColumns <= MOST_SLICED ? sliceCount(count) : 1;
  const direct = slices === 1 && writesDirectly(spec, result, rowDims, columnDims);
  const byUnits = slices === 1 && !direct && (!single || units >= LEAST_CHUNKS * chunk);
  const most = byUnits ? Math.min(chunk, units) : units;
  const rows = role === 'm' ? most * rowsPerUnit : rowsPerUnit;
  const columns = role === 'n' ? most * columnsPerUnit : columnsPerUnit;

  const table = (dims: readonly number[], { strides, offset }: ContractOperand, withOffset: boolean): number =>
    writeTable(
      memory,
      dims.map((dim) => (dim === first ? most : (extents[dim] as number))),
      dims.map((dim) => strides[dim] as number),
      withOffset ? offset : 0,
    );
  const layout: MatrixLayout = {
    rowTable: table(rowDims, a, true),
    kTableA: table(kDims, a, false),
    columnTable: table(columnDims, b, true),
    kTableB: table(kDims, b, false),
    rows,
    columns,
    count: Math.ceil(count / slices),
    stride: direct ? columns : Math.ceil(columns / TILE_COLUMNS) * TILE_COLUMNS,
  };
  const place = 4 * Math.ceil(rows / TILE_ROWS) * TILE_ROWS * layout.stride;

  // Scratch memory of each thread: packed panels, then products and copies of some units. Shared: copies and products of all.
  const [ownMemory, sharedMemory] = [new Region(), new Region()];
  ownMemory.take(packedBytes(layout));
  const along = { dim: first, units, most: byUnits ? most : undefined };
  const sideA = placeOperand(a, spec.a.operand, along, ownMemory, sharedMemory);
  const sideB = placeOperand(b, spec.b.operand, along, ownMemory, sharedMemory);
  const all = operands.map((_, i) => operandAddress(i));
  const phases = copyPhases(
    [
      { operand: a, side: sideA },
      { operand: b, side: sideB },
    ],
    units,
    operands.length,
  );

  const given = {
    operands: operands.length,
    a: sideA,
    b: sideB,
    layout,
    rows: allRows,
    columns: allColumns,
    gemm: compiler.gemm,
  };
  const product = ({ module, imports }: ModuleWithImports, range: number, grain: number): void => {
    const { code } = { code: compiler.codes.add(module, imports) };
    phases.push({
      code,
      arguments: [...all, resultAddress(0), shared(0), own(0)],
      range,
      grain,
      independent: false,
    });
  };
  const epilogueOf = (inOwn: boolean) =>
    epilogueMap(spec, operands, result, compiler, {
      groups: [
        { dims: rowDims, unit: layout.stride },
        { dims: columnDims, unit: 1 },
        { dims: batchDims, unit: place / 4 },
      ],
      inChunk: (dim) => (dim === first ? most : (extents[dim] as number)),
      firstStride: inOwn && role === 'batch' ? (place / 4) * batchCount : undefined,
      slices,
      sliceStride: place / 4,
    });

  if (byUnits) {
    // Chunks of a batch dim hold a product a unit.
    const products = ownMemory.take(place * batchCount * (role === 'batch' ? most : 1));
    const { map, firstBytes } = epilogueOf(true);
    const batchTable = (operand: ContractOperand) => table(batchDims, operand, false);
    const module = buildUnits(given, {
      most,
      rowsPerUnit: role === 'm' ? rowsPerUnit : undefined,
      columnsPerUnit: role === 'n' ? columnsPerUnit : undefined,
      unitIsProduct: role === 'batch',
      batches: { count: batchCount, tableA: batchTable(a), tableB: batchTable(b), place },
      products,
      epilogue: { code: map.code, firstBytes },
    });
    product(module, units, most);
  } else {
    const products = direct ? undefined : sharedMemory.take(place * slices);
    if (slices > 1 && products !== undefined) {
      product(buildSlices(given, { count, place, products }), slices, 1);
    } else {
      const longer = allColumns >= allRows ? 'columns' : 'rows';
      product(buildParts(given, longer, products), longer === 'columns' ? allColumns : allRows, PART);
    }
    if (products !== undefined) {
      const { map } = epilogueOf(false);
      phases.push({
        code: map.code,
        arguments: [...all, shared(products), resultAddress(0)],
        range: map.range,
        grain: 1,
        independent: false,
      });
    }
  }
  return { phases, sharedBytes: sharedMemory.bytes, ownBytes: ownMemory.bytes };
}

/** A power of two, so that threads have the same number of slices each. */
function sliceCount(count: number): number {
  if (count >= 8 * LEAST_SLICED) return 8;
  return count >= 2 * LEAST_SLICED ? 4 : 2;
}

/** Whether the product may go straight into the result: nothing is applied to it, and tiles do not reach beyond a row. */
function writesDirectly(
  spec: ContractSpec,
  result: DType,
  rowDims: readonly number[],
  columnDims: readonly number[],
): boolean {
  const order = [...rowDims, ...columnDims];
  return (
    spec.epilogue.kind === 'stage' &&
    result === 'f32' &&
    spec.output.length === order.length &&
    spec.output.every((dim, i) => dim === order[i]) &&
    sizeOf(columnDims.map((dim) => spec.dims[dim]?.extent as number)) % 4 === 0
  );
}

/** Byte offsets of all places along some dims, as a table in memory. */
function writeTable(
  memory: WasmMemory,
  extents: readonly number[],
  strides: readonly number[],
  offset: number,
): number {
  const offsets = new Int32Array(sizeOf(extents));
  let filled = 1;
  offsets[0] = 4 * offset;
  for (let dim = extents.length - 1; dim >= 0; dim--) {
    const step = 4 * (strides[dim] as number);
    for (let i = filled; i < filled * (extents[dim] as number); i++) {
      offsets[i] = (offsets[i % filled] as number) + Math.floor(i / filled) * step;
    }
    filled *= extents[dim] as number;
  }
  const address = memory.allocate(offsets.byteLength);
  new Int32Array(memory.memory.buffer, address, offsets.length).set(offsets);
  return address;
}
