import { f32, i32 } from '../ir/shape.ts';
import { broadcastAccess } from '../kernels/access.ts';
import { load } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    castF32: Record<string, never>;
  }
}

/** Any element type as float32; whole numbers are exact below 2²⁴. */
export default defineOp({
  name: 'castF32',
  infer: ([input]) => [f32(...input!.shape)],
  reference: ([input]) => [Float32Array.from(input!.data)],
  gradient: ({ inputs, outputGradients }) => [inputs[0]!.type.dtype === 'f32' ? outputGradients[0] : undefined],
  lower: ([input]) => ({
    kind: 'map',
    dims: input!.shape,
    loads: [broadcastAccess(0, input!.shape, input!.shape)],
    outputs: [load(0)],
  }),
  samples: [{ inputs: [i32(7)], attributes: {}, draw: [{ ids: 100 }] }],
});
