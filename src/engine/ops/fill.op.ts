import { sizeOf } from '../ir/shape.ts';
import { constant } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    fill: { readonly shape: Shape; readonly value: number };
  }
}

/** A float32 tensor of one repeated number, as torch.full. */
export default defineOp({
  name: 'fill',
  infer: (_inputs, { shape }) => [{ shape, dtype: 'f32' }],
  reference: (_inputs, { shape, value }) => [new Float32Array(sizeOf(shape)).fill(value)],
  gradient: () => [],
  lower: (_inputs, { shape, value }) => ({ kind: 'map', dims: shape, loads: [], outputs: [constant(value)] }),
  samples: [
    { inputs: [], attributes: { shape: [2, 3], value: 1.5 } },
    { inputs: [], attributes: { shape: [], value: -0 } },
  ],
});
