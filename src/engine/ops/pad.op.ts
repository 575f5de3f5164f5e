import { f32, formatShape } from '../ir/shape.ts';
import { access, term } from '../kernels/access.ts';
import { load } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { fillPlaces, reader } from './movement.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    /** How many elements of `value` go before and after each axis. */
    pad: { readonly before: readonly number[]; readonly after: readonly number[]; readonly value: number };
  }
}

/** A tensor with a constant border: https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pad.html */
export default defineOp({
  name: 'pad',
  infer: ([input], { before, after }) => {
    const { shape } = input!;
    if ([before, after].some((sizes) => sizes.length !== shape.length || sizes.some((size) => size < 0))) {
      throw new RangeError(
        `a border of [${before.join(', ')}] and [${after.join(', ')}] does not fit ${formatShape(shape)}`,
      );
    }
    return [f32(...shape.map((extent, axis) => extent + before[axis]! + after[axis]!))];
  },
  reference: ([input], { before, after, value }) => {
    const read = reader(input!, value);
    const shape = input!.type.shape.map((extent, axis) => extent + before[axis]! + after[axis]!);
    return [fillPlaces(shape, (place) => read(place.map((index, axis) => index - before[axis]!)))];
  },
  gradient: ({ emit, inputs, outputGradients, attributes: { before } }) => [
    emit.op('slice', [outputGradients[0]!], { starts: before, sizes: inputs[0]!.type.shape }),
  ],
  lower: ([input], { before, after, value }) => {
    const dims = input!.shape.map((extent, axis) => extent + before[axis]! + after[axis]!);
    const axes = dims.map((_, axis) => ({ terms: [term(axis)], offset: -before[axis]! }));
    return { kind: 'map', dims, loads: [access(0, input!.shape, dims, axes, value)], outputs: [load(0)] };
  },
  samples: [
    { inputs: [f32(2, 3)], attributes: { before: [1, 0], after: [0, 2], value: 0 } },
    { inputs: [f32(4)], attributes: { before: [2], after: [1], value: -1.5 } },
  ],
});
