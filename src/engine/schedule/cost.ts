import { byteLengthOf, bytesPerElement, sizeOf } from '../ir/shape.ts';
import type { Access } from '../kernels/access.ts';
import { type KernelSpec, scanSizes } from '../kernels/spec.ts';
import { costOf, costOfAll } from './inline.ts';
import type { KernelCall, Slot } from './schedule.ts';

/** What a call costs, for reports: simple operations, and bytes that must be read and written at the least. */
export interface KernelCost {
  readonly label: string;
  readonly origins: readonly string[];
  readonly flops: number;
  readonly bytes: number;
  /** What its results take of intermediate memory, those that overwrite an operand not counted. */
  readonly resultBytes: number;
}

export function kernelInfo(call: KernelCall, slots: readonly Slot[]): KernelCost {
  const { spec, operands, results, label, origins } = call;
  const read = operands.reduce((sum, { type }, number) => {
    // Of a table only the rows that are taken count, so a data set of megabytes does not.
    const touched = sizeOfReads(spec, number) * bytesPerElement(type.dtype);
    return sum + Math.min(byteLengthOf(type), touched);
  }, 0);
  const written = results.reduce((sum, { type }) => sum + byteLengthOf(type), 0);
  const made = results.filter(
    ({ slot, byteOffset }) =>
      slots[slot]?.kind === 'arena' && !operands.some((each) => each.slot === slot && each.byteOffset === byteOffset),
  );
  const resultBytes = made.reduce((sum, { type }) => sum + byteLengthOf(type), 0);
  return { label, origins, flops: flopsOf(spec), bytes: read + written, resultBytes };
}

/** At most so many elements of an operand are read: one for each combination of the loop indices that a read depends on. */
function sizeOfReads(spec: KernelSpec, operand: number): number {
  const extents = spec.kind === 'contract' ? spec.dims.map(({ extent }) => extent) : spec.dims;
  const reads = spec.kind === 'contract' ? [...spec.loads, spec.a, spec.b] : spec.loads;
  if (spec.kind === 'scan' && spec.weight.operand === operand) return Number.POSITIVE_INFINITY;
  const dimsOf = (read: Access): number[] =>
    read.axes.flatMap(({ terms, gather }) => [
      ...terms.map(({ dim }) => dim),
      ...(gather === undefined ? [] : dimsOf(spec.loads[gather] as Access)),
    ]);
  return reads
    .filter((read) => read.operand === operand)
    .reduce((sum, read) => sum + sizeOf([...new Set(dimsOf(read))].map((dim) => extents[dim] as number)), 0);
}

/** Simple operations; functions that take long count as eight. */
export function flopsOf(spec: KernelSpec): number {
  switch (spec.kind) {
    case 'map':
      return sizeOf(spec.dims) * spec.outputs.reduce((sum, value) => sum + costOf(value), 0);
    case 'reduce': {
      const all = sizeOf(spec.dims);
      const outer = sizeOf(spec.dims.slice(0, spec.dims.length - spec.inner));
      const stages = spec.stages.reduce((sum, { value }) => sum + all * (1 + costOf(value)), 0);
      return spec.outputs.reduce(
        (sum, { over, value }) => sum + (over === 'all' ? all : outer) * costOf(value),
        stages,
      );
    }
    case 'contract': {
      const results = sizeOf(spec.output.map((dim) => spec.dims[dim]?.extent as number));
      return 2 * sizeOf(spec.dims.map(({ extent }) => extent)) + results * costOf(spec.epilogue);
    }
    case 'scan': {
      const [steps, rows, units] = spec.dims;
      const { fed, columns } = scanSizes(spec);
      const values = [...spec.carried, ...spec.results.flatMap((result) => result.values)];
      return 2 * Math.max(0, steps - 1) * rows * fed * columns + steps * rows * units * costOfAll(values);
    }
  }
}
