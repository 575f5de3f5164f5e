import { f32, sizeOf } from '../ir/shape.ts';
import { defineOp } from './defineOp.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    /** Offsets and size in elements. */
    pack: { readonly offsets: readonly number[]; readonly size: number };
  }
}

/** Tensors side by side in one flat tensor, each at its offset, zeros between; the inverse of views. */
export default defineOp({
  name: 'pack',
  infer: (inputs, { offsets, size }) => {
    if (offsets.length !== inputs.length)
      throw new RangeError(`${inputs.length} tensors but ${offsets.length} offsets`);
    let end = 0;
    for (const [i, { shape }] of inputs.entries()) {
      const offset = offsets[i] as number;
      if (offset < end) throw new RangeError(`offset ${offset} overlaps the tensor before it, which ends at ${end}`);
      end = offset + sizeOf(shape);
    }
    if (end > size) throw new RangeError(`the tensors need ${end} elements, the flat tensor has ${size}`);
    return [f32(size)];
  },
  reference: (inputs, { offsets, size }) => {
    const result = new Float32Array(size);
    inputs.forEach((input, i) => {
      result.set(input.data, offsets[i]);
    });
    return [result];
  },
  gradient: ({ emit, inputs, outputGradients, attributes: { offsets } }) =>
    inputs.map(({ type }, i) => emit.op('view', [outputGradients[0]!], { offset: offsets[i]!, shape: type.shape })),
  lower: (_inputs, { offsets }) => ({ kind: 'pack', offsets }),
  samples: [
    { inputs: [f32(3, 5), f32(4)], attributes: { offsets: [0, 64], size: 128 } },
    { inputs: [f32(3), f32(2)], attributes: { offsets: [1, 4], size: 7 } },
  ],
});
