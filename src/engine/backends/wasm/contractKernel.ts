import { sizeOf, stridesOf } from '../../ir/shape.ts';
import type { DType } from '../../ir/types.ts';
import { type Access, type AccessAxis, access, term } from '../../kernels/access.ts';
import { type Expression, load, mapLeaves } from '../../kernels/expression.ts';
import type { ContractRole, ContractSpec, MapSpec } from '../../kernels/spec.ts';
import { type GemmExports, K_BLOCK, TILE_COLUMNS, TILE_ROWS } from './gemmModule.ts';
import type { Kernel, KernelCompiler } from './kernelCache.ts';
import type { WasmMemory } from './memory.ts';

/** Products are kept in cache until the epilogue has seen them: so many bytes at a time. */
const CHUNK_BYTES = 1 << 20;

/** An operand whose index is plain strides over the dims, if need be of a padded copy. */
interface Operand {
  /** In elements, one a dim. */
  readonly strides: readonly number[];
  readonly offset: number;
  /** Copies the operand into zeros, spread out, so that no read leaves it. */
  readonly padding: { readonly bytes: number; readonly kernel: Kernel; readonly start: number } | undefined;
}

/**
 * A contract as packed matrix products (Goto and van de Geijn 2008): both operands are copied panel by panel in the
 * order in which the micro-kernel reads them. Offsets of rows, columns and products come from tables, so that a
 * convolution is packed as directly as a matrix (implicit GEMM).
 */
export function buildContract(
  spec: ContractSpec,
  operands: readonly DType[],
  result: DType,
  compiler: KernelCompiler,
  gemm: GemmExports,
  memory: WasmMemory,
): Kernel {
  const extents = spec.dims.map(({ extent }) => extent);
  const a = operandOf(spec.a, extents, operands, compiler);
  const b = operandOf(spec.b, extents, operands, compiler);
  const first = spec.output[0];
  const ofRole = (role: ContractRole): number[] => spec.dims.flatMap((dim, i) => (dim.role === role ? [i] : []));
  const [rowDims, columnDims, kDims] = [ofRole('m'), ofRole('n'), ofRole('k')];
  const batchDims = ofRole('batch').filter((dim) => dim !== first);

  const size = (dims: readonly number[]): number => sizeOf(dims.map((dim) => extents[dim] as number));
  const direct = writesDirectly(spec, rowDims, columnDims);
  const perUnit =
    (size(rowDims) * size(columnDims) * size(batchDims)) /
    (first !== undefined && !isBatch(spec, first) ? (extents[first] as number) : 1);
  const units = first === undefined ? 1 : (extents[first] as number);
  const chunk = direct ? units : divisorBelow(units, CHUNK_BYTES / 4 / Math.max(1, perUnit));
  const chunked = (dims: readonly number[]): number[] =>
    dims.map((dim) => (dim === first ? chunk : (extents[dim] as number)));

  const [rows, columns] = [sizeOf(chunked(rowDims)), sizeOf(chunked(columnDims))];
  const count = size(kDims);
  const [rowPanels, columnPanels] = [Math.ceil(rows / TILE_ROWS), Math.ceil(columns / TILE_COLUMNS)];
  const stride = columnPanels * TILE_COLUMNS;
  const block = Math.min(count, K_BLOCK);
  const table = (dims: readonly number[], { strides, offset }: Operand, withOffset: boolean): number =>
    writeTable(
      memory,
      dims.map((dim) => (dim === first ? chunk : (extents[dim] as number))),
      dims.map((dim) => strides[dim] as number),
      withOffset ? offset : 0,
    );
  const [rowTable, kTableA] = [table(rowDims, a, true), table(kDims, a, false)];
  const [columnTable, kTableB] = [table(columnDims, b, true), table(kDims, b, false)];

  // Scratch: packed panels, one product a batch place, padded copies.
  const packedA = 0;
  const packedB = align(packedA + 4 * rowPanels * TILE_ROWS * block);
  const products = align(packedB + 4 * stride * block);
  // A first dim of role batch is one more place of the product.
  const unitsInside = first !== undefined && isBatch(spec, first) ? chunk : 1;
  const place = 4 * rowPanels * TILE_ROWS * stride;
  const batches = batchOffsets(batchDims, extents, a, b);
  memory.reserveScratch(products + (direct ? 0 : place * batches.length * unitsInside));

  const epilogue = direct
    ? undefined
    : epilogueKernel(spec, operands, result, compiler, {
        rowDims,
        columnDims,
        batchDims,
        chunked,
        stride,
        place,
        rowPanels,
        unitsInside,
        batches: batches.length,
      });
  const firstA = first === undefined ? 0 : 4 * (a.strides[first] as number);
  const firstB = first === undefined ? 0 : 4 * (b.strides[first] as number);

  return (addresses) => {
    const target = addresses.at(-1) as number;
    const [sourceA, copyA] = prepare(a, addresses[spec.a.operand] as number, memory);
    const [sourceB, copyB] = prepare(b, addresses[spec.b.operand] as number, memory);
    const finish = epilogue?.(addresses);
    const product = (fromA: number, fromB: number, to: number): void => {
      const scratch = memory.scratch;
      let from = 0;
      do {
        const until = Math.min(count, from + block);
        gemm.pack4(fromA, rowTable, kTableA, rows, from, until, scratch + packedA);
        gemm.pack8(fromB, columnTable, kTableB, columns, from, until, scratch + packedB);
        gemm.multiply(
          scratch + packedA,
          scratch + packedB,
          to,
          rowPanels,
          columnPanels,
          until - from,
          4 * stride,
          from === 0 ? 1 : 0,
        );
        from = until;
      } while (from < count);
    };
    return () => {
      copyA?.();
      copyB?.();
      if (!finish) {
        product(sourceA, sourceB, target);
        return;
      }
      for (let unit = 0; unit < units; unit += chunk) {
        let to = memory.scratch + products;
        for (let inside = 0; inside < unitsInside; inside++) {
          const shiftA = sourceA + (unit + inside) * firstA;
          const shiftB = sourceB + (unit + inside) * firstB;
          for (let i = 0; i < batches.length; i++) {
            const batch = batches[i] as { a: number; b: number };
            product(shiftA + batch.a, shiftB + batch.b, to);
            to += place;
          }
        }
        finish(unit, chunk, memory.scratch + products);
      }
    };
  };
}

function isBatch(spec: ContractSpec, dim: number): boolean {
  return spec.dims[dim]?.role === 'batch';
}

/** Whether the product may go straight into the result: nothing is applied to it, and tiles fill it exactly. */
function writesDirectly(spec: ContractSpec, rowDims: readonly number[], columnDims: readonly number[]): boolean {
  const order = [...rowDims, ...columnDims];
  const extent = (dims: readonly number[]): number => sizeOf(dims.map((dim) => spec.dims[dim]?.extent as number));
  return (
    spec.epilogue.kind === 'stage' &&
    spec.output.length === order.length &&
    spec.output.every((dim, i) => dim === order[i]) &&
    extent(rowDims) % TILE_ROWS === 0 &&
    extent(columnDims) % TILE_COLUMNS === 0
  );
}

interface Tiling {
  readonly rowDims: readonly number[];
  readonly columnDims: readonly number[];
  readonly batchDims: readonly number[];
  readonly chunked: (dims: readonly number[]) => number[];
  /** Elements from one row of a product to the next. */
  readonly stride: number;
  /** Bytes from one product to the next. */
  readonly place: number;
  readonly rowPanels: number;
  readonly unitsInside: number;
  readonly batches: number;
}

/** The epilogue as a map over the output's dims that reads the products from scratch; gives a run over part of the first dim. */
function epilogueKernel(
  spec: ContractSpec,
  operands: readonly DType[],
  result: DType,
  compiler: KernelCompiler,
  tiling: Tiling,
): (addresses: readonly number[]) => (unit: number, chunk: number, products: number) => void {
  const { rowDims, columnDims, batchDims, chunked, stride, place, batches } = tiling;
  const { output } = spec;
  // A product without output dims is one number: a dim of size 1 stands in.
  const dims = output.length === 0 ? [1] : output.map((dim) => spec.dims[dim]?.extent as number);
  const positions = new Map(output.map((dim, i) => [dim, i]));
  const productStrides = new Map<number, number>();
  const put = (group: readonly number[], extents: readonly number[], unit: number) => {
    const own = stridesOf(extents);
    for (const [i, dim] of group.entries()) productStrides.set(dim, (own[i] as number) * unit);
  };
  put(rowDims, chunked(rowDims), stride);
  put(columnDims, chunked(columnDims), 1);
  put(batchDims, chunked(batchDims), place / 4);
  const first = output[0];
  if (first !== undefined && isBatch(spec, first)) productStrides.set(first, (place / 4) * batches);
  const read: Access = {
    operand: operands.length,
    outside: 0,
    axes: [
      plainAxis(
        output.map((dim, i) => term(i, productStrides.get(dim) as number)),
        0,
      ),
    ],
  };
  const loads = spec.loads.map((own) => ({
    ...own,
    axes: own.axes.map((axis) => ({
      ...axis,
      terms: axis.terms.map(({ dim, scale }) => term(positions.get(dim) as number, scale)),
    })),
  }));
  const value = mapLeaves(spec.epilogue, (leaf): Expression => {
    if (leaf.kind === 'stage') return load(loads.length);
    if (leaf.kind === 'index') return { kind: 'index', dim: positions.get(leaf.dim) as number };
    return leaf;
  });
  const map: MapSpec = { kind: 'map', dims, loads: [...loads, read], outputs: [value] };
  const kernel = compiler.placedMap(map, [...operands, 'f32'], result, stridesOf(dims));
  const firstStride = first === undefined ? 0 : 4 * (productStrides.get(first) as number);
  return (addresses) => {
    const own = addresses.slice(0, operands.length);
    const target = addresses.at(-1) as number;
    const [p0, p1, p2, p3, p4, p5, p6, p7] = own;
    const { run } = kernel;
    // Written out by the number of operands: spreading a list in the hot loop would allocate.
    return (unit, chunk, products) => {
      const from = products - unit * firstStride;
      const end = unit + chunk;
      if (own.length === 2) run(p0 as number, p1 as number, from, target, unit, end);
      else if (own.length === 3) run(p0 as number, p1 as number, p2 as number, from, target, unit, end);
      else if (own.length === 4) run(p0 as number, p1 as number, p2 as number, p3 as number, from, target, unit, end);
      else if (own.length === 1) run(p0 as number, from, target, unit, end);
      else if (own.length === 5)
        run(p0 as number, p1 as number, p2 as number, p3 as number, p4 as number, from, target, unit, end);
      else if (own.length === 6)
        run(
          p0 as number,
          p1 as number,
          p2 as number,
          p3 as number,
          p4 as number,
          p5 as number,
          from,
          target,
          unit,
          end,
        );
      else
        run(
          p0 as number,
          p1 as number,
          p2 as number,
          p3 as number,
          p4 as number,
          p5 as number,
          p6 as number,
          ...(p7 === undefined ? [] : [p7]),
          from,
          target,
          unit,
          end,
        );
    };
  };
}

function plainAxis(terms: AccessAxis['terms'], offset: number): AccessAxis {
  return { extent: 1, stride: 1, terms, offset, divisor: 1, gather: undefined, checked: false };
}

/** An operand as plain strides; where its read can leave it or divides, of a copy with zeros around and between. */
function operandOf(
  read: Access,
  extents: readonly number[],
  operands: readonly DType[],
  compiler: KernelCompiler,
): Operand {
  const strides = extents.map(() => 0);
  let offset = 0;
  const copied = read.axes.some(({ checked }) => checked);
  const ranges = read.axes.map((axis) => (axis.checked ? reach(axis, extents) : { low: 0, high: axis.extent - 1 }));
  const shape = copied ? ranges.map(({ low, high }) => high - low + 1) : read.axes.map(({ extent }) => extent);
  const copyStrides = stridesOf(shape);
  for (const [i, axis] of read.axes.entries()) {
    const step = copied ? (copyStrides[i] as number) : axis.stride;
    offset += (axis.offset - (axis.checked ? (ranges[i]?.low as number) : 0)) * step;
    for (const { dim, scale } of axis.terms) strides[dim] = (strides[dim] as number) + scale * step;
  }
  if (!copied) return { strides, offset, padding: undefined };
  // The elements that the reads can reach, and where they go in the copy.
  const inside = read.axes.map((axis, i) => {
    const { low, high } = ranges[i] as { low: number; high: number };
    const from = Math.max(0, Math.ceil(low / axis.divisor));
    const to = Math.min(axis.extent - 1, Math.floor(high / axis.divisor));
    return { from, count: Math.max(0, to - from + 1), at: from * axis.divisor - low };
  });
  const dims = inside.map(({ count }) => count);
  const map: MapSpec = {
    kind: 'map',
    dims,
    loads: [
      access(
        0,
        read.axes.map(({ extent }) => extent),
        dims,
        inside.map(({ from }, i) => ({ terms: [term(i)], offset: from })),
      ),
    ],
    outputs: [load(0)],
  };
  const places = read.axes.map(({ divisor, checked }, i) => (copyStrides[i] as number) * (checked ? divisor : 1));
  const dtype = operands[read.operand] as DType;
  const compiled = compiler.placedMap(map, [dtype], 'f32', places);
  const start = 4 * inside.reduce((sum, { at }, i) => sum + at * (copyStrides[i] as number), 0);
  const kernel: Kernel = ([source, target]) => {
    return () => compiled.run(source as number, target as number, 0, compiled.range);
  };
  const empty = dims.some((extent) => extent === 0);
  return {
    strides,
    offset,
    padding: { bytes: 4 * sizeOf(shape), kernel: empty ? () => () => undefined : kernel, start },
  };
}

/** Smallest and largest sum that an axis divides. */
function reach(axis: AccessAxis, extents: readonly number[]): { low: number; high: number } {
  let [low, high] = [axis.offset, axis.offset];
  for (const { dim, scale } of axis.terms) {
    const far = scale * ((extents[dim] as number) - 1);
    if (far < 0) low += far;
    else high += far;
  }
  return { low, high };
}

/** The address to read an operand from, and the work that puts it there. */
function prepare({ padding }: Operand, address: number, memory: WasmMemory): [number, (() => void) | undefined] {
  if (!padding) return [address, undefined];
  // Zeros once; each run overwrites the same elements in between.
  const copy = memory.allocate(padding.bytes);
  return [copy, padding.kernel([address, copy + padding.start])];
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
    const extent = extents[dim] as number;
    for (let i = 1; i < extent; i++) {
      for (let j = 0; j < filled; j++)
        offsets[i * filled + j] = (offsets[j] as number) + 4 * i * (strides[dim] as number);
    }
    filled *= extent;
  }
  const address = memory.allocate(offsets.byteLength);
  new Int32Array(memory.memory.buffer, address, offsets.length).set(offsets);
  return address;
}

function batchOffsets(
  dims: readonly number[],
  extents: readonly number[],
  a: Operand,
  b: Operand,
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

/** The largest divisor of `whole` that is not above `most`, at least 1. */
function divisorBelow(whole: number, most: number): number {
  for (let divisor = Math.min(whole, Math.floor(most)); divisor > 1; divisor--)
    if (whole % divisor === 0) return divisor;
  return 1;
}

function align(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
