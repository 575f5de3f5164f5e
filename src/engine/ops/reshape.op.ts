import { f32, formatShape, sizeOf } from '../ir/shape.ts';
import type { Shape as TensorShape } from '../ir/types.ts';
import { defineOp } from './defineOp.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    reshape: { readonly shape: TensorShape };
  }
}

/** The same elements in the same order as another shape; costs nothing. */
export default defineOp({
  name: 'reshape',
  infer: ([input], { shape }) => {
    if (sizeOf(shape) !== sizeOf(input!.shape)) {
      throw new RangeError(
        `${formatShape(input!.shape)} has ${sizeOf(input!.shape)} elements, ${formatShape(shape)} has ${sizeOf(shape)}`,
      );
    }
    return [{ shape, dtype: input!.dtype }];
  },
  reference: ([input]) => [input!.data.slice()],
  gradient: ({ emit, inputs, outputGradients }) => [
    emit.op('reshape', [outputGradients[0]!], { shape: inputs[0]!.type.shape }),
  ],
  lower: () => ({ kind: 'alias', offsets: [0] }),
  samples: [{ inputs: [f32(3, 4)], attributes: { shape: [2, 6] } }],
});
