import { f32, sizeOf } from '../ir/shape.ts';
import { load, stage } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { forEachWindowPlace, outerOrder, type PoolingAttributes, pooledShape, windowRead } from './pooling.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    maxPool: PoolingAttributes;
  }
}

/**
 * Largest element of each window of x [N, C, …], any number of spatial axes, and its number within the window, int32; the
 * first of equal ones, NaN before all others: https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
 */
export default defineOp({
  name: 'maxPool',
  infer: ([x], attributes) => {
    const shape = pooledShape(x!.shape, attributes);
    return [f32(...shape), { shape, dtype: 'i32' }];
  },
  reference: ([x], attributes) => {
    const shape = pooledShape(x!.type.shape, attributes);
    const largest = new Float32Array(sizeOf(shape)).fill(Number.NEGATIVE_INFINITY);
    const places = new Int32Array(sizeOf(shape));
    forEachWindowPlace(x!.type.shape, shape, attributes, (at, inWindow, from) => {
      const element = from < 0 ? Number.NEGATIVE_INFINITY : x!.data[from]!;
      if (element > largest[at]! || (Number.isNaN(element) && !Number.isNaN(largest[at]!))) {
        largest[at] = element;
        places[at] = inWindow;
      }
    });
    return [largest, places];
  },
  gradient: ({ emit, inputs, outputs, outputGradients: [dy], attributes }) => [
    dy && emit.op('maxPoolGradient', [dy, outputs[1]!], { ...attributes, inputSize: inputs[0]!.type.shape.slice(2) }),
  ],
  lower: ([x], attributes) => {
    const dims = [...pooledShape(x!.shape, attributes), ...attributes.kernelSize];
    const order = outerOrder(attributes);
    return {
      kind: 'reduce',
      dims,
      inner: attributes.kernelSize.length,
      loads: [windowRead(x!.shape, dims, attributes, Number.NEGATIVE_INFINITY)],
      stages: [
        { combine: 'maximum', value: load(0) },
        { combine: 'argmax', value: load(0) },
      ],
      outputs: [
        { over: 'outer', order, value: stage(0) },
        { over: 'outer', order, value: stage(1) },
      ],
    };
  },
  samples: [
    {
      inputs: [f32(2, 3, 6, 6)],
      attributes: { kernelSize: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1] },
      draw: ['spread'],
    },
    {
      inputs: [f32(1, 2, 7, 8)],
      attributes: { kernelSize: [3, 2], stride: [2, 1], padding: [1, 1], dilation: [1, 2] },
      draw: ['spread'],
    },
    {
      inputs: [f32(1, 2, 6, 8)],
      attributes: { kernelSize: [3, 2], stride: [2, 3], padding: [1, 0], dilation: [1, 1], ceilMode: true },
      draw: ['spread'],
    },
    {
      inputs: [f32(2, 3, 9)],
      attributes: { kernelSize: [3], stride: [2], padding: [1], dilation: [2] },
      draw: ['spread'],
    },
    {
      inputs: [f32(1, 2, 4, 3, 5)],
      attributes: { kernelSize: [2, 1, 3], stride: [2, 1, 2], padding: [0, 0, 1], dilation: [1, 1, 1], ceilMode: true },
      draw: ['spread'],
    },
  ],
});
