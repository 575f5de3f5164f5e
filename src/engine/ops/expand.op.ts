import { broadcastShapes, f32, formatShape, sameShape } from '../ir/shape.ts';
import type { Shape as TensorShape } from '../ir/types.ts';
import { broadcastAccess } from '../kernels/access.ts';
import { load } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { fillPlaces, reader } from './movement.ts';
import { sumTo } from './sumTo.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    expand: { readonly shape: TensorShape };
  }
}

/** Repeats axes of size 1, and adds leading ones: https://docs.pytorch.org/docs/stable/generated/torch.Tensor.expand.html */
export default defineOp({
  name: 'expand',
  infer: ([input], { shape }) => {
    if (!sameShape(broadcastShapes(input!.shape, shape), shape)) {
      throw new RangeError(`${formatShape(input!.shape)} does not expand to ${formatShape(shape)}`);
    }
    return [f32(...shape)];
  },
  reference: ([input], { shape }) => {
    const own = input!.type.shape;
    const read = reader(input!);
    const lead = shape.length - own.length;
    return [fillPlaces(shape, (place) => read(own.map((extent, axis) => (extent === 1 ? 0 : place[lead + axis]!))))];
  },
  gradient: ({ emit, inputs, outputGradients }) => [sumTo(emit, outputGradients[0]!, inputs[0]!.type.shape)],
  lower: ([input], { shape }) => ({
    kind: 'map',
    dims: shape,
    loads: [broadcastAccess(0, input!.shape, shape)],
    outputs: [load(0)],
  }),
  samples: [
    { inputs: [f32(3, 1)], attributes: { shape: [2, 3, 4] } },
    { inputs: [f32()], attributes: { shape: [5] } },
  ],
});
