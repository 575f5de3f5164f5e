import { f32, formatShape } from '../ir/shape.ts';
import { access, term } from '../kernels/access.ts';
import { load } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { fillPlaces, reader } from './movement.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    /** Axis k of the result is axis `permutation[k]` of the input. */
    transpose: { readonly permutation: readonly number[] };
  }
}

/** Axes in another order: https://docs.pytorch.org/docs/stable/generated/torch.permute.html */
export default defineOp({
  name: 'transpose',
  infer: ([input], { permutation }) => {
    const { shape } = input!;
    if (permutation.length !== shape.length || [...permutation].sort((a, b) => a - b).some((axis, i) => axis !== i)) {
      throw new RangeError(`[${permutation.join(', ')}] is no order of the axes of ${formatShape(shape)}`);
    }
    return [f32(...permutation.map((axis) => shape[axis]!))];
  },
  reference: ([input], { permutation }) => {
    const read = reader(input!);
    const shape = permutation.map((axis) => input!.type.shape[axis]!);
    return [fillPlaces(shape, (place) => read(permutation.map((_, axis) => place[permutation.indexOf(axis)]!)))];
  },
  gradient: ({ emit, outputGradients, attributes: { permutation } }) => [
    emit.op('transpose', [outputGradients[0]!], {
      permutation: permutation.map((_, axis) => permutation.indexOf(axis)),
    }),
  ],
  lower: ([input], { permutation }) => {
    const dims = permutation.map((axis) => input!.shape[axis]!);
    const axes = permutation.map((_, axis) => ({ terms: [term(permutation.indexOf(axis))] }));
    return { kind: 'map', dims, loads: [access(0, input!.shape, dims, axes)], outputs: [load(0)] };
  },
  samples: [
    { inputs: [f32(3, 5)], attributes: { permutation: [1, 0] } },
    { inputs: [f32(2, 3, 4)], attributes: { permutation: [2, 0, 1] } },
  ],
});
