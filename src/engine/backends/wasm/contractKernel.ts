import { sizeOf } from '../../ir/shape.ts';
import type { DType } from '../../ir/types.ts';
import type { ContractRole, ContractSpec } from '../../kernels/spec.ts';
import { epilogueMap } from './contractEpilogue.ts';
import { type ContractOperand, contractOperand } from './contractOperand.ts';
import { type Gemm, TILE_COLUMNS, TILE_ROWS } from './gemmModule.ts';
import type { Kernel, KernelCompiler } from './kernelCache.ts';
import type { WasmMemory } from './memory.ts';
import { K_BLOCK, multiplyMatrices, packedBytes } from './multiplyMatrices.ts';

/** Products wait in cache until the epilogue has seen them: about so many bytes at a time. */
const CHUNK_BYTES = 1 << 19;
/** A chunk has at least so many rows or columns, if there are, since the other operand is packed again for each chunk. */
const LEAST_IN_CHUNK = 256;

/**
 * A contract as packed matrix products (Goto and van de Geijn 2008): both operands are copied panel by panel in the
 * order in which the micro-kernel reads them. Offsets of rows, columns and products come from tables, so that a
 * convolution is packed as directly as a matrix (implicit GEMM). Work goes in chunks of the first output dim: product,
 * then epilogue, while the product is in cache.
 */
export function buildContract(
  spec: ContractSpec,
  operands: readonly DType[],
  result: DType,
  compiler: KernelCompiler,
  gemm: Gemm,
  memory: WasmMemory,
): Kernel {
  const extents = spec.dims.map(({ extent }) => extent);
  const size = (dims: readonly number[]): number => sizeOf(dims.map((dim) => extents[dim] as number));
  if (size(spec.output) === 0) return () => () => undefined;
  const first = spec.output[0];
  const a = contractOperand(spec.a, spec, operands, first, compiler);
  const b = contractOperand(spec.b, spec, operands, first, compiler);
  // The chunked dim comes first in its group, so that a short last chunk is the beginning of a whole one.
  const ofRole = (role: ContractRole): number[] =>
    spec.dims
      .flatMap((dim, i) => (dim.role === role ? [i] : []))
      .sort((x, y) => Number(y === first) - Number(x === first));
  const [rowDims, columnDims, kDims] = [ofRole('m'), ofRole('n'), ofRole('k')];
  const batchDims = ofRole('batch').filter((dim) => dim !== first);
  const role = first === undefined ? 'batch' : (spec.dims[first]?.role as ContractRole);
  const units = first === undefined ? 1 : (extents[first] as number);
  const [rowsPerUnit, columnsPerUnit] = [
    role === 'm' ? size(rowDims) / units : size(rowDims),
    role === 'n' ? size(columnDims) / units : size(columnDims),
  ];
  const batches = batchOffsets(batchDims, extents, a, b);
  const direct = writesDirectly(spec, result, rowDims, columnDims);
  const chunk = direct
    ? units
    : Math.max(
        Math.floor(CHUNK_BYTES / 4 / (rowsPerUnit * columnsPerUnit * batches.length)),
        role === 'batch' ? 1 : Math.ceil(LEAST_IN_CHUNK / (role === 'm' ? rowsPerUnit : columnsPerUnit)),
        1,
      );
  const most = Math.min(chunk, units);
  const rows = role === 'm' ? most * rowsPerUnit : rowsPerUnit;
  const columns = role === 'n' ? most * columnsPerUnit : columnsPerUnit;
  const count = size(kDims);

  const table = (dims: readonly number[], { strides, offset }: ContractOperand, withOffset: boolean): number =>
    writeTable(
      memory,
      dims.map((dim) => (dim === first ? most : (extents[dim] as number))),
      dims.map((dim) => strides[dim] as number),
      withOffset ? offset : 0,
    );
  const [rowTable, kTableA] = [table(rowDims, a, true), table(kDims, a, false)];
  const [columnTable, kTableB] = [table(columnDims, b, true), table(kDims, b, false)];

  // Scratch: packed panels, then products, then copies of the operands.
  const stride = direct ? columns : Math.ceil(columns / TILE_COLUMNS) * TILE_COLUMNS;
  const place = 4 * Math.ceil(rows / TILE_ROWS) * TILE_ROWS * stride;
  // Chunks of a batch dim hold a product a unit.
  const inside = role === 'batch' ? most : 1;
  const products = align(packedBytes(rows, columns, Math.min(count, K_BLOCK)));
  const copyA = align(products + (direct ? 0 : place * batches.length * inside));
  const copyB = align(copyA + copiedBytes(a, most));
  memory.reserveScratch(copyB + copiedBytes(b, most));

  const epilogue = direct
    ? undefined
    : epilogueMap(spec, operands, result, compiler, {
        groups: [
          { dims: rowDims, unit: stride },
          { dims: columnDims, unit: 1 },
          { dims: batchDims, unit: place / 4 },
        ],
        inChunk: (dim) => (dim === first ? most : (extents[dim] as number)),
        firstStride: role === 'batch' ? (place / 4) * batches.length : undefined,
      });
  const unitBytes = ({ strides }: ContractOperand): number =>
    first === undefined ? 0 : 4 * (strides[first] as number);
  const [unitA, unitB] = [unitBytes(a), unitBytes(b)];

  return (addresses) => {
    const target = addresses.at(-1) as number;
    const own = addresses.slice(0, operands.length);
    const readA = reader(a, own, addresses[spec.a.operand] as number, unitA, copyA, most, memory);
    const readB = reader(b, own, addresses[spec.b.operand] as number, unitB, copyB, most, memory);
    const product = multiplyMatrices(gemm, memory, { rowTable, columnTable, kTableA, kTableB, count, rows, stride });
    const finish = epilogue?.run.bind(undefined, ...own);
    return () => {
      readA.begin();
      readB.begin();
      for (let unit = 0; unit < units; unit += most) {
        const now = Math.min(most, units - unit);
        const fromA = readA.chunk(unit, now);
        const fromB = readB.chunk(unit, now);
        const into = finish ? memory.scratch + products : target;
        for (let each = 0, to = into; each < (role === 'batch' ? now : 1); each++) {
          for (let i = 0; i < batches.length; i++, to += place) {
            const batch = batches[i] as { a: number; b: number };
            product(
              fromA + each * unitA + batch.a,
              fromB + each * unitB + batch.b,
              to,
              role === 'm' ? now * rowsPerUnit : rows,
              role === 'n' ? now * columnsPerUnit : columns,
            );
          }
        }
        finish?.(into - unit * (epilogue?.firstBytes as number), target, unit, unit + now);
      }
    };
  };
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

/** Where to read an operand: in place, or in a copy that is made at once or chunk by chunk. */
function reader(
  operand: ContractOperand,
  addresses: readonly number[],
  address: number,
  unitBytes: number,
  place: number,
  most: number,
  memory: WasmMemory,
): { begin(): void; chunk(unit: number, count: number): number } {
  const { copy } = operand;
  if (!copy) {
    return { begin: () => undefined, chunk: (unit) => address + unit * unitBytes };
  }
  const { clear, byUnit, start, bytes } = copy;
  const fill = copy.fill.run.bind(undefined, ...addresses);
  const elements = (byUnit ? bytes * most : bytes) / 4;
  return {
    begin: () => {
      const at = memory.scratch + place;
      clear?.run(at, 0, elements);
      if (!byUnit) fill(at + start, 0, copy.fill.range);
    },
    chunk: (unit, count) => {
      const at = memory.scratch + place;
      if (!byUnit) return at + unit * unitBytes;
      fill(at + start - unit * bytes, unit, unit + count);
      return at;
    },
  };
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

/** Byte offsets of the operands for each place of the batch dims. */
function batchOffsets(
  dims: readonly number[],
  extents: readonly number[],
  a: ContractOperand,
  b: ContractOperand,
): { a: number; b: number }[] {
  let offsets = [{ a: 0, b: 0 }];
  for (const dim of dims) {
    offsets = offsets.flatMap((base) =>
      Array.from({ length: extents[dim] as number }, (_, i) => ({
        a: base.a + 4 * i * (a.strides[dim] as number),
        b: base.b + 4 * i * (b.strides[dim] as number),
      })),
    );
  }
  return offsets;
}

function copiedBytes({ copy }: ContractOperand, most: number): number {
  return copy ? copy.bytes * (copy.byUnit ? most : 1) : 0;
}

function align(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
