import { f32, formatShape } from '../ir/shape.ts';
import { access, term } from '../kernels/access.ts';
import { load } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { fillPlaces, reader } from './movement.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    /** One start and one size an axis. */
    slice: { readonly starts: readonly number[]; readonly sizes: readonly number[] };
  }
}

/** A block of a tensor. */
export default defineOp({
  name: 'slice',
  infer: ([input], { starts, sizes }) => {
    const { shape } = input!;
    const fits = shape.every(
      (extent, axis) => starts[axis]! >= 0 && sizes[axis]! >= 0 && starts[axis]! + sizes[axis]! <= extent,
    );
    if (starts.length !== shape.length || sizes.length !== shape.length || !fits) {
      throw new RangeError(
        `a block of ${formatShape(sizes)} at [${starts.join(', ')}] does not lie in ${formatShape(shape)}`,
      );
    }
    return [f32(...sizes)];
  },
  reference: ([input], { starts, sizes }) => {
    const read = reader(input!);
    return [fillPlaces(sizes, (place) => read(place.map((index, axis) => index + starts[axis]!)))];
  },
  gradient: ({ emit, inputs, outputGradients, attributes: { starts, sizes } }) => [
    emit.op('pad', [outputGradients[0]!], {
      before: starts,
      after: inputs[0]!.type.shape.map((extent, axis) => extent - starts[axis]! - sizes[axis]!),
      value: 0,
    }),
  ],
  lower: ([input], { starts, sizes }) => {
    const axes = sizes.map((_, axis) => ({ terms: [term(axis)], offset: starts[axis]! }));
    return { kind: 'map', dims: sizes, loads: [access(0, input!.shape, sizes, axes)], outputs: [load(0)] };
  },
  samples: [
    { inputs: [f32(4, 5)], attributes: { starts: [1, 0], sizes: [2, 3] } },
    { inputs: [f32(6)], attributes: { starts: [0], sizes: [6] } },
  ],
});
