import { f32, formatShape, sizeOf } from '../ir/shape.ts';
import type { Shape as TensorShape } from '../ir/types.ts';
import { defineOp } from './defineOp.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    /** `offset` in elements; reading in place wants a multiple of 64. */
    view: { readonly offset: number; readonly shape: TensorShape };
  }
}

/** Part of a tensor's elements, counted in row-major order, as a tensor of its own. */
export default defineOp({
  name: 'view',
  infer: ([input], { offset, shape }) => {
    const size = sizeOf(input!.shape);
    if (!Number.isInteger(offset) || offset < 0 || offset + sizeOf(shape) > size) {
      throw new RangeError(`${formatShape(shape)} at ${offset} does not lie in ${size} elements`);
    }
    return [{ shape, dtype: input!.dtype }];
  },
  reference: ([input], { offset, shape }) => [input!.data.slice(offset, offset + sizeOf(shape))],
  gradient: ({ emit, inputs: [x], outputGradients, attributes: { offset } }) => {
    const size = sizeOf(x!.type.shape);
    const part = sizeOf(outputGradients[0]!.type.shape);
    const flat = emit.op('reshape', [outputGradients[0]!], { shape: [part] });
    const padded = emit.op('pad', [flat], { before: [offset], after: [size - offset - part], value: 0 });
    return [emit.op('reshape', [padded], { shape: x!.type.shape })];
  },
  lower: (_inputs, { offset }) => ({ kind: 'alias', offsets: [offset] }),
  samples: [
    { inputs: [f32(200)], attributes: { offset: 64, shape: [4, 5] } },
    { inputs: [f32(3, 5)], attributes: { offset: 2, shape: [3] } },
  ],
});
