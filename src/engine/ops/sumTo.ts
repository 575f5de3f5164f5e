import type { Emitter } from '../ir/emitter.ts';
import { sameShape } from '../ir/shape.ts';
import type { Shape, Value } from '../ir/types.ts';

/** Undoes broadcasting: sums `value` over the axes along which a tensor of `shape` was repeated. */
export function sumTo(emit: Emitter, value: Value, shape: Shape): Value {
  if (sameShape(value.type.shape, shape)) return value;
  const lead = value.type.shape.length - shape.length;
  const axes = value.type.shape.flatMap((extent, axis) =>
    axis < lead || (shape[axis - lead] === 1 && extent !== 1) ? [axis] : [],
  );
  const summed = axes.length === 0 ? value : emit.op('sum', [value], { axes, keepDims: false });
  return sameShape(summed.type.shape, shape) ? summed : emit.op('reshape', [summed], { shape });
}
