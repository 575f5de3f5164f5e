import { f32, sizeOf } from '../ir/shape.ts';
import { constant, load, multiply, stage } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { forEachWindowPlace, type PoolingAttributes, pooledShape, windowRead } from './pooling.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    avgPool2d: Omit<PoolingAttributes, 'dilation'>;
  }
}

const dilation = [1, 1];

/** Mean of each window of x [N, C, H, W], padding counted: https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html */
export default defineOp({
  name: 'avgPool2d',
  infer: ([x], attributes) => [f32(...pooledShape(x!.shape, { ...attributes, dilation }))],
  reference: ([x], attributes) => {
    const shape = pooledShape(x!.type.shape, { ...attributes, dilation });
    const sums = new Float64Array(sizeOf(shape));
    forEachWindowPlace(x!.type.shape, shape, { ...attributes, dilation }, (at, _inWindow, from) => {
      if (from >= 0) sums[at] = sums[at]! + x!.data[from]!;
    });
    return [Float32Array.from(sums, (sum) => sum / sizeOf(attributes.kernelSize))];
  },
  gradient: ({ emit, inputs, outputGradients, attributes }) => [
    emit.op('avgPool2dGradient', [outputGradients[0]!], { ...attributes, inputSize: inputs[0]!.type.shape.slice(2) }),
  ],
  lower: ([x], attributes) => {
    const all = { ...attributes, dilation };
    const dims = [...pooledShape(x!.shape, all), ...attributes.kernelSize];
    const share = constant(1 / sizeOf(attributes.kernelSize));
    return {
      kind: 'reduce',
      dims,
      inner: 2,
      loads: [windowRead(x!.shape, dims, all, 0)],
      stages: [{ combine: 'sum', value: load(0) }],
      outputs: [{ over: 'outer', order: [0, 1, 2, 3], value: multiply(stage(0), share) }],
    };
  },
  samples: [
    { inputs: [f32(2, 3, 6, 6)], attributes: { kernelSize: [2, 2], stride: [2, 2], padding: [0, 0] } },
    { inputs: [f32(1, 2, 7, 8)], attributes: { kernelSize: [3, 2], stride: [2, 1], padding: [1, 1] } },
  ],
});
