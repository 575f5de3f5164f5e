import type { Emitter } from '../../ir/emitter.ts';
import type { Value } from '../../ir/types.ts';

/** The mean over all elements: a scalar. */
export function meanOf(emit: Emitter, value: Value): Value {
  return emit.op('mean', [value], { axes: value.type.shape.map((_, axis) => axis), keepDims: false });
}
