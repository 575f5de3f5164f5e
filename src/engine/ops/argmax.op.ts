import { f32, sizeOf } from '../ir/shape.ts';
import { defineOp } from './defineOp.ts';
import { forEachGroup, reduceAxes, reducedShape } from './reduction.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    argmax: { readonly axis: number };
  }
}

/** Index of the first largest element along an axis, int32: https://docs.pytorch.org/docs/stable/generated/torch.argmax.html */
export default defineOp({
  name: 'argmax',
  infer: ([input], { axis }) => [
    { shape: reducedShape(input!.shape, { axes: [axis], keepDims: false }), dtype: 'i32' },
  ],
  reference: ([input], { axis }) => {
    const result = new Int32Array(sizeOf(reducedShape(input!.type.shape, { axes: [axis], keepDims: false })));
    forEachGroup(input!, [axis], (group, elements) => {
      let best = 0;
      for (const [i, element] of elements.entries()) {
        const first = elements[best] as number;
        if (element > first || (Number.isNaN(element) && !Number.isNaN(first))) best = i;
      }
      result[group] = best;
    });
    return [result];
  },
  gradient: 'none',
  lower: ([input], { axis }) => reduceAxes(input!, [axis], 'argmax'),
  samples: [
    { inputs: [f32(3, 5)], attributes: { axis: 1 }, draw: ['spread'] },
    { inputs: [f32(4, 3, 5)], attributes: { axis: 0 }, draw: ['spread'] },
  ],
});
