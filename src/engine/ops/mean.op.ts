import { f32, sizeOf } from '../ir/shape.ts';
import { constant, multiply, stage } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { forEachGroup, type ReductionAttributes, reduceAxes, reducedShape, spread } from './reduction.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    mean: ReductionAttributes;
  }
}

/** Mean over axes: https://docs.pytorch.org/docs/stable/generated/torch.mean.html */
export default defineOp({
  name: 'mean',
  infer: ([input], attributes) => [f32(...reducedShape(input!.shape, attributes))],
  reference: ([input], attributes) => {
    const result = new Float32Array(sizeOf(reducedShape(input!.type.shape, attributes)));
    forEachGroup(input!, attributes.axes, (group, elements) => {
      result[group] = elements.reduce((total, element) => total + element, 0) / elements.length;
    });
    return [result];
  },
  gradient: ({ emit, inputs, outputs, outputGradients, attributes }) => {
    const { shape } = inputs[0]!.type;
    const share = sizeOf(outputs[0]!.type.shape) / Math.max(1, sizeOf(shape));
    const each = emit.op('multiply', [outputGradients[0]!, emit.fill([], share)]);
    return [spread(emit, each, shape, attributes.axes)];
  },
  lower: ([input], { axes }) => {
    const count = axes.reduce((size, axis) => size * input!.shape[axis]!, 1);
    return reduceAxes(input!, axes, 'sum', multiply(stage(0), constant(1 / count)));
  },
  samples: [
    { inputs: [f32(3, 5)], attributes: { axes: [1], keepDims: false } },
    { inputs: [f32(4, 3, 5)], attributes: { axes: [0, 2], keepDims: true } },
  ],
});
