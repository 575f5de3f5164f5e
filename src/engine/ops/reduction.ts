import type { Emitter } from '../ir/emitter.ts';
import { formatShape, sizeOf, stridesOf } from '../ir/shape.ts';
import type { Shape, TensorType, Value } from '../ir/types.ts';
import { access, term } from '../kernels/access.ts';
import { type Expression, load, stage } from '../kernels/expression.ts';
import type { Combine, ReduceSpec } from '../kernels/spec.ts';
import type { HostTensor } from './defineOp.ts';

export interface ReductionAttributes {
  /** Each between 0 and rank − 1, no two alike. */
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** Shape without the reduced axes, or with 1 in their place. @throws RangeError for an axis that the tensor has not. */
export function reducedShape(shape: Shape, { axes, keepDims }: ReductionAttributes): number[] {
  for (const [i, axis] of axes.entries()) {
    if (!Number.isInteger(axis) || axis < 0 || axis >= shape.length || axes.indexOf(axis) !== i) {
      throw new RangeError(`axes [${axes.join(', ')}] do not fit shape ${formatShape(shape)}`);
    }
  }
  return shape.flatMap((extent, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [extent]));
}

/** A reduction of the first input over `axes`, the kept axes being the outer dims in their order. */
export function reduceAxes(
  input: TensorType,
  axes: readonly number[],
  combine: Combine,
  output: Expression = stage(0),
): ReduceSpec {
  const kept = input.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
  const order = [...kept, ...[...axes].sort((a, b) => a - b)];
  const dims = order.map((axis) => input.shape[axis] as number);
  const read = access(
    0,
    input.shape,
    dims,
    input.shape.map((_, axis) => ({ terms: [term(order.indexOf(axis))] })),
  );
  return {
    kind: 'reduce',
    dims,
    inner: axes.length,
    loads: [read],
    stages: [{ combine, value: load(0) }],
    outputs: [{ over: 'outer', order: kept.map((_, i) => i), value: output }],
  };
}

/** Visits each group of elements that are reduced together: the result's index and the elements in row-major order. */
export function forEachGroup(
  input: HostTensor,
  axes: readonly number[],
  visit: (group: number, elements: readonly number[]) => void,
): void {
  const { shape } = input.type;
  const kept = shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
  const inner = [...axes].sort((a, b) => a - b);
  const groups = sizeOf(kept.map((axis) => shape[axis] as number));
  const offsets = offsetsOf(shape, inner);
  for (const [group, base] of offsetsOf(shape, kept).entries()) {
    if (group < groups)
      visit(
        group,
        offsets.map((offset) => input.data[base + offset] as number),
      );
  }
}

/** Offsets of all places along some axes of a contiguous tensor, row-major in those axes. */
export function offsetsOf(shape: Shape, axes: readonly number[]): number[] {
  const strides = stridesOf(shape);
  let offsets = [0];
  for (const axis of axes) {
    const extent = shape[axis] as number;
    offsets = offsets.flatMap((offset) =>
      Array.from({ length: extent }, (_, i) => offset + i * (strides[axis] as number)),
    );
  }
  return offsets;
}

/** Repeats a reduced tensor along the axes it was reduced over, to `shape`. */
export function spread(emit: Emitter, value: Value, shape: Shape, axes: readonly number[]): Value {
  const kept = shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  return emit.op('expand', [emit.op('reshape', [value], { shape: kept })], { shape });
}
