import { sameShape } from '../ir/shape.ts';
import type { Shape, Value } from '../ir/types.ts';
import { term } from '../kernels/access.ts';
import { read } from './compose.ts';
import type { FoldingEmitter } from './foldingEmitter.ts';

export interface Convolution {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly groups: number;
}

/** The transpose of a convolution for x [N, C, …] and w [C, M/groups, …]: sizes (in − 1)·stride + dilation·(kernel − 1) + 1. */
export function convolveTransposed(emit: FoldingEmitter, x: Value, w: Value, given: Convolution): Value {
  const { strides, dilations, groups } = given;
  const inputSize = x.type.shape
    .slice(2)
    .map((size, i) => (size - 1) * strides[i]! + dilations[i]! * (w.type.shape[2 + i]! - 1) + 1);
  const padding = inputSize.map(() => 0);
  return emit.op('convolutionInputGradient', [x, w], {
    inputSize,
    stride: strides,
    padding,
    dilation: dilations,
    groups,
  });
}

/** `value` around the spatial axes; negative sizes cut. `dims` are the spatial sizes after it. */
export function padSpatial(emit: FoldingEmitter, x: Value, before: readonly number[], dims: Shape, value = 0): Value {
  const shape = [...x.type.shape.slice(0, 2), ...dims];
  if (before.every((size) => size === 0) && sameShape(shape, x.type.shape)) return x;
  const axes = shape.map((_, axis) => ({ terms: [term(axis)], offset: axis < 2 ? 0 : -(before[axis - 2] as number) }));
  return read(emit, x, shape, axes, value);
}
