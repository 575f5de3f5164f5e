import { f32, sizeOf } from '../ir/shape.ts';
import { defineOp } from './defineOp.ts';
import { forEachGroup, type ReductionAttributes, reduceAxes, reducedShape, spread } from './reduction.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    sum: ReductionAttributes;
  }
}

/** Sum over axes: https://docs.pytorch.org/docs/stable/generated/torch.sum.html */
export default defineOp({
  name: 'sum',
  infer: ([input], attributes) => [f32(...reducedShape(input!.shape, attributes))],
  reference: ([input], attributes) => {
    const result = new Float32Array(sizeOf(reducedShape(input!.type.shape, attributes)));
    forEachGroup(input!, attributes.axes, (group, elements) => {
      result[group] = elements.reduce((total, element) => total + element, 0);
    });
    return [result];
  },
  gradient: ({ emit, inputs, outputGradients, attributes }) => [
    spread(emit, outputGradients[0]!, inputs[0]!.type.shape, attributes.axes),
  ],
  lower: ([input], { axes }) => reduceAxes(input!, axes, 'sum'),
  samples: [
    { inputs: [f32(3, 5)], attributes: { axes: [1], keepDims: false } },
    { inputs: [f32(4, 3, 5)], attributes: { axes: [0, 2], keepDims: true } },
    { inputs: [f32(2, 3)], attributes: { axes: [0, 1], keepDims: false } },
  ],
});
