import { f32, sizeOf } from '../ir/shape.ts';
import { divide, load, stage } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import {
  type AveragingAttributes,
  forEachWindowPlace,
  outerOrder,
  pooledShape,
  undilated,
  windowCount,
  windowCounts,
  windowRead,
  windowStarts,
} from './pooling.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    avgPool: AveragingAttributes;
  }
}

/** Mean of each window of x [N, C, …], any number of spatial axes: https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html */
export default defineOp({
  name: 'avgPool',
  infer: ([x], attributes) => [f32(...pooledShape(x!.shape, undilated(attributes)))],
  reference: ([x], attributes) => {
    const shape = pooledShape(x!.type.shape, undilated(attributes));
    const sums = new Float64Array(sizeOf(shape));
    forEachWindowPlace(x!.type.shape, shape, undilated(attributes), (at, _inWindow, from) => {
      if (from >= 0) sums[at] = sums[at]! + x!.data[from]!;
    });
    const counts = windowCounts(x!.type.shape.slice(2), shape.slice(2), attributes);
    return [Float32Array.from(sums, (sum, at) => sum / counts[at % counts.length]!)];
  },
  gradient: ({ emit, inputs, outputGradients, attributes }) => [
    emit.op('avgPoolGradient', [outputGradients[0]!], { ...attributes, inputSize: inputs[0]!.type.shape.slice(2) }),
  ],
  lower: ([x], attributes) => {
    const shape = pooledShape(x!.shape, undilated(attributes));
    const dims = [...shape, ...attributes.kernelSize];
    const count = windowCount(x!.shape.slice(2), shape.slice(2), attributes, windowStarts(attributes));
    return {
      kind: 'reduce',
      dims,
      inner: attributes.kernelSize.length,
      loads: [windowRead(x!.shape, dims, undilated(attributes), 0)],
      stages: [{ combine: 'sum', value: load(0) }],
      outputs: [{ over: 'outer', order: outerOrder(attributes), value: divide(stage(0), count) }],
    };
  },
  samples: [
    { inputs: [f32(2, 3, 6, 6)], attributes: { kernelSize: [2, 2], stride: [2, 2], padding: [0, 0] } },
    { inputs: [f32(1, 2, 7, 8)], attributes: { kernelSize: [3, 2], stride: [2, 1], padding: [1, 1] } },
    {
      inputs: [f32(1, 2, 6, 8)],
      attributes: { kernelSize: [3, 3], stride: [2, 2], padding: [1, 1], ceilMode: true },
    },
    {
      inputs: [f32(2, 1, 6, 7)],
      attributes: { kernelSize: [3, 2], stride: [2, 3], padding: [1, 1], ceilMode: true, countIncludePad: false },
    },
    { inputs: [f32(2, 3, 7)], attributes: { kernelSize: [3], stride: [2], padding: [1], countIncludePad: false } },
    {
      inputs: [f32(1, 2, 4, 3, 5)],
      attributes: { kernelSize: [2, 1, 3], stride: [2, 1, 2], padding: [0, 0, 1], ceilMode: true },
    },
    {
      inputs: [f32(1, 2, 5, 6)],
      attributes: { kernelSize: [3, 2], stride: [2, 2], padding: [1, 0], ceilMode: true, divisor: 5 },
    },
  ],
});
