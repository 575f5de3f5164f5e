import { f32, sizeOf } from '../ir/shape.ts';
import { divide, load, stage } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import {
  type AveragingAttributes,
  coveringRead,
  coveringStarts,
  forEachWindowPlace,
  outerOrder,
  undilated,
  windowCount,
  windowCounts,
} from './pooling.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    avgPoolGradient: AveragingAttributes & { readonly inputSize: readonly number[] };
  }
}

/** Gradient of avgPool from dy: each place gathers its share of the windows that cover it. */
export default defineOp({
  name: 'avgPoolGradient',
  infer: ([dy], { inputSize }) => [f32(...dy!.shape.slice(0, 2), ...inputSize)],
  reference: ([dy], { inputSize, ...attributes }) => {
    const shape = [...dy!.type.shape.slice(0, 2), ...inputSize];
    const sums = new Float64Array(sizeOf(shape));
    const counts = windowCounts(inputSize, dy!.type.shape.slice(2), attributes);
    forEachWindowPlace(shape, dy!.type.shape, undilated(attributes), (at, _inWindow, to) => {
      if (to >= 0) sums[to] = sums[to]! + dy!.data[at]! / counts[at % counts.length]!;
    });
    return [Float32Array.from(sums)];
  },
  gradient: ({ emit, outputGradients, attributes: { inputSize: _size, ...attributes } }) => [
    emit.op('avgPool', [outputGradients[0]!], attributes),
  ],
  lower: ([dy], { inputSize, ...attributes }) => {
    const dims = [...dy!.shape.slice(0, 2), ...inputSize, ...attributes.kernelSize];
    const count = windowCount(inputSize, dy!.shape.slice(2), attributes, coveringStarts(attributes));
    const even = count.kind === 'constant';
    return {
      kind: 'reduce',
      dims,
      inner: attributes.kernelSize.length,
      loads: [coveringRead(0, dy!.shape, dims, undilated(attributes), 0)],
      stages: [{ combine: 'sum', value: even ? load(0) : divide(load(0), count) }],
      outputs: [{ over: 'outer', order: outerOrder(attributes), value: even ? divide(stage(0), count) : stage(0) }],
    };
  },
  samples: [
    {
      inputs: [f32(2, 3, 3, 3)],
      attributes: { inputSize: [6, 6], kernelSize: [2, 2], stride: [2, 2], padding: [0, 0] },
    },
    {
      inputs: [f32(1, 2, 4, 9)],
      attributes: { inputSize: [7, 8], kernelSize: [3, 2], stride: [2, 1], padding: [1, 1] },
    },
    {
      inputs: [f32(1, 2, 4, 5)],
      attributes: { inputSize: [6, 8], kernelSize: [3, 3], stride: [2, 2], padding: [1, 1], ceilMode: true },
    },
    {
      inputs: [f32(2, 3, 4)],
      attributes: { inputSize: [7], kernelSize: [3], stride: [2], padding: [1], countIncludePad: false },
    },
    {
      inputs: [f32(1, 2, 3, 3)],
      attributes: {
        inputSize: [5, 6],
        kernelSize: [3, 2],
        stride: [2, 2],
        padding: [1, 0],
        ceilMode: true,
        divisor: 5,
      },
    },
  ],
});
