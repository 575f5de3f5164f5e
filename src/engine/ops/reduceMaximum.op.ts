import { f32, sizeOf } from '../ir/shape.ts';
import { defineOp } from './defineOp.ts';
import { forEachGroup, type ReductionAttributes, reduceAxes, reducedShape, spread } from './reduction.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    reduceMaximum: ReductionAttributes;
  }
}

/** Largest element over axes, NaN if there is one; equal largest share the gradient: https://docs.pytorch.org/docs/stable/generated/torch.amax.html */
export default defineOp({
  name: 'reduceMaximum',
  infer: ([input], attributes) => [f32(...reducedShape(input!.shape, attributes))],
  reference: ([input], attributes) => {
    const result = new Float32Array(sizeOf(reducedShape(input!.type.shape, attributes)));
    forEachGroup(input!, attributes.axes, (group, elements) => {
      result[group] = elements.reduce((best, element) => Math.max(best, element), Number.NEGATIVE_INFINITY);
    });
    return [result];
  },
  gradient: ({ emit, inputs: [x], outputs: [y], outputGradients: [dy], attributes: { axes } }) => {
    const { shape } = x!.type;
    const hit = emit.op('equal', [x!, spread(emit, y!, shape, axes)]);
    const hits = emit.op('sum', [hit], { axes, keepDims: false });
    const each = emit.op('divide', [emit.op('reshape', [dy!], { shape: hits.type.shape }), hits]);
    return [emit.op('multiply', [hit, spread(emit, each, shape, axes)])];
  },
  lower: ([input], { axes }) => reduceAxes(input!, axes, 'maximum'),
  samples: [
    { inputs: [f32(3, 5)], attributes: { axes: [1], keepDims: false }, draw: ['spread'] },
    { inputs: [f32(4, 3, 5)], attributes: { axes: [0, 2], keepDims: true }, draw: ['spread'] },
  ],
});
