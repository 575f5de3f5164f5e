import { sizeOf, stridesOf } from '../../ir/shape.ts';
import type { DType } from '../../ir/types.ts';
import { type Access, type AccessAxis, access, term } from '../../kernels/access.ts';
import { constant, load } from '../../kernels/expression.ts';
import type { ContractSpec } from '../../kernels/spec.ts';
import type { Compiled } from './code.ts';
import type { KernelCompiler } from './kernelCache.ts';

/** An operand of a contract whose index is plain strides over the dims, if need be of a copy. */
export interface ContractOperand {
  /** In elements, one a dim. */
  readonly strides: readonly number[];
  readonly offset: number;
  readonly copy: OperandCopy | undefined;
}

/** How an operand is spread out into scratch memory, so that no read leaves it or divides. */
export interface OperandCopy {
  /** Of the copy; of a part of one unit if `byUnit`. */
  readonly bytes: number;
  /** Whether units of the first output dim lie one after another, so that a few can be copied at a time. */
  readonly byUnit: boolean;
  /** Takes the copy's address and a range of elements: puts there what a read outside gives. */
  readonly clear: Compiled | undefined;
  /** Takes the kernel's operands, the place of the first element and a range of units. */
  readonly fill: Compiled;
  /** Byte distance of the first element from the start of the copy. */
  readonly start: number;
}

/** Finds the strides of `read`, and the copy that it takes to have some. `first` is the dim whose units make a chunk. */
export function contractOperand(
  read: Access,
  spec: ContractSpec,
  operands: readonly DType[],
  first: number | undefined,
  compiler: KernelCompiler,
): ContractOperand {
  const extents = spec.dims.map(({ extent }) => extent);
  if (read.axes.some(({ gather }) => gather !== undefined)) return spreadOut(read, spec, operands, compiler);
  const strides = extents.map(() => 0);
  let offset = 0;
  const checked = read.axes.some((axis) => axis.checked);
  const copied = checked || operands[read.operand] !== 'f32';
  const ranges = read.axes.map((axis) => (axis.checked ? reach(axis, extents) : { low: 0, high: axis.extent - 1 }));
  const shape = copied ? ranges.map(({ low, high }) => high - low + 1) : read.axes.map(({ extent }) => extent);
  const copyStrides = stridesOf(shape);
  for (const [i, axis] of read.axes.entries()) {
    const step = copied ? (copyStrides[i] as number) : axis.stride;
    offset += (axis.offset - (axis.checked ? (ranges[i]?.low as number) : 0)) * step;
    for (const { dim, scale } of axis.terms) strides[dim] = (strides[dim] as number) + scale * step;
  }
  if (!copied) return { strides, offset, copy: undefined };

  // The elements that the reads can reach, and where they go in the copy.
  const inside = read.axes.map((axis, i) => {
    const { low, high } = ranges[i] as { low: number; high: number };
    const from = Math.max(0, Math.ceil(low / axis.divisor));
    const to = Math.min(axis.extent - 1, Math.floor(high / axis.divisor));
    return { from, count: Math.max(0, to - from + 1), at: from * axis.divisor - low };
  });
  const dims = inside.map(({ count }) => count);
  const from = access(
    read.operand,
    read.axes.map(({ extent }) => extent),
    dims,
    inside.map((each, i) => ({ terms: [term(i)], offset: each.from })),
  );
  const places = read.axes.map((axis, i) => (copyStrides[i] as number) * (axis.checked ? axis.divisor : 1));
  const byUnit = isUnitAxis(read, first);
  return {
    strides,
    offset,
    copy: {
      bytes: 4 * (byUnit ? (copyStrides[0] as number) : sizeOf(shape)),
      byUnit,
      clear: checked ? clearing(read.outside, compiler) : undefined,
      fill: compiler.placedMap({ kind: 'map', dims, loads: [from], outputs: [load(0)] }, operands, 'f32', places),
      start: 4 * inside.reduce((sum, { at }, i) => sum + at * (copyStrides[i] as number), 0),
    },
  };
}

/** Any read, by a copy that has an element for each place of the dims it depends on. */
function spreadOut(
  read: Access,
  spec: ContractSpec,
  operands: readonly DType[],
  compiler: KernelCompiler,
): ContractOperand {
  const needed = new Set<number>();
  const collect = ({ axes }: Access): void => {
    for (const { terms, gather } of axes) {
      for (const { dim } of terms) needed.add(dim);
      if (gather !== undefined) collect(spec.loads[gather] as Access);
    }
  };
  collect(read);
  const own = [...needed].sort((a, b) => a - b);
  const dims = own.map((dim) => spec.dims[dim]?.extent as number);
  const moved = (each: Access): Access => ({
    ...each,
    axes: each.axes.map((axis) => ({
      ...axis,
      terms: axis.terms.flatMap(({ dim, scale }) => (needed.has(dim) ? [term(own.indexOf(dim), scale)] : [])),
    })),
  });
  const places = stridesOf(dims);
  const strides = spec.dims.map((_, dim) => (needed.has(dim) ? (places[own.indexOf(dim)] as number) : 0));
  const loads = [...spec.loads, read].map(moved);
  const map = { kind: 'map', dims, loads, outputs: [load(spec.loads.length)] } as const;
  const fill = compiler.placedMap(map, operands, 'f32', places);
  return {
    strides,
    offset: 0,
    copy: { bytes: 4 * sizeOf(dims), byUnit: false, clear: undefined, fill, start: 0 },
  };
}

/** Whether the outermost axis is just the index of `first`, and nothing else depends on that dim. */
function isUnitAxis(read: Access, first: number | undefined): boolean {
  const [outermost, ...others] = read.axes;
  return (
    outermost !== undefined &&
    !outermost.checked &&
    outermost.offset === 0 &&
    outermost.terms.length === 1 &&
    outermost.terms[0]?.dim === first &&
    outermost.terms[0]?.scale === 1 &&
    others.every(({ terms }) => terms.every(({ dim }) => dim !== first))
  );
}

/** Fills memory with one number; its range is in elements. */
function clearing(value: number, compiler: KernelCompiler): Compiled {
  // The range is given with each call: the extent stands for any.
  return compiler.placedMap({ kind: 'map', dims: [2 ** 30], loads: [], outputs: [constant(value)] }, [], 'f32', [1]);
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
