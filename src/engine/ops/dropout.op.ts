import { f32, i32, sizeOf } from '../ir/shape.ts';
import { access, broadcastAccess } from '../kernels/access.ts';
import { binary, constant, load, multiply, random, select } from '../kernels/expression.ts';
import { philoxUniforms } from '../kernels/philox.ts';
import { defineOp } from './defineOp.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    /** `stream` tells the dropouts of one program apart. */
    dropout: { readonly p: number; readonly stream: number };
  }
}

/**
 * Each element is 0 with probability p, else x / (1 − p). Inputs: x, and the int32 scalars seed and step; the same three
 * give the same mask, so that the gradient is the same op: https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html
 */
export default defineOp({
  name: 'dropout',
  infer: ([x], { p }) => {
    if (!(p >= 0 && p < 1)) throw new RangeError(`p must be at least 0 and below 1, got ${p}`);
    return [f32(...x!.shape)];
  },
  reference: ([x, seed, step], { p, stream }) => {
    const uniforms = philoxUniforms(sizeOf(x!.type.shape), seed!.data[0]!, step!.data[0]!, stream);
    return [uniforms.map((u, i) => (u < Math.fround(p) ? 0 : x!.data[i]! / (1 - p)))];
  },
  gradient: ({ emit, inputs: [, seed, step], outputGradients, attributes }) => [
    emit.op('dropout', [outputGradients[0]!, seed!, step!], attributes),
    undefined,
    undefined,
  ],
  lower: ([x], { p, stream }) => {
    const dims = x!.shape;
    return {
      kind: 'map',
      dims,
      loads: [broadcastAccess(0, dims, dims), access(1, [], dims, []), access(2, [], dims, [])],
      outputs: [
        select(
          binary('less', random(1, 2, stream), constant(p)),
          constant(0),
          multiply(load(0), constant(1 / (1 - p))),
        ),
      ],
    };
  },
  samples: [
    {
      inputs: [f32(7, 9), i32(), i32()],
      attributes: { p: 0.3, stream: 2 },
      draw: ['normal', { ids: 1000 }, { ids: 1000 }],
    },
  ],
});
