import { f32, sizeOf } from '../ir/shape.ts';
import { constant, load, multiply, stage } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { coveringRead, forEachWindowPlace, type PoolingAttributes } from './pooling.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    avgPool2dGradient: Omit<PoolingAttributes, 'dilation'> & { readonly inputSize: readonly number[] };
  }
}

const dilation = [1, 1];

/** Gradient of avgPool2d from dy: each place gathers its share of the windows that cover it. */
export default defineOp({
  name: 'avgPool2dGradient',
  infer: ([dy], { inputSize }) => [f32(...dy!.shape.slice(0, 2), ...inputSize)],
  reference: ([dy], { inputSize, ...attributes }) => {
    const shape = [...dy!.type.shape.slice(0, 2), ...inputSize];
    const sums = new Float64Array(sizeOf(shape));
    forEachWindowPlace(shape, dy!.type.shape, { ...attributes, dilation }, (at, _inWindow, to) => {
      if (to >= 0) sums[to] = sums[to]! + dy!.data[at]! / sizeOf(attributes.kernelSize);
    });
    return [Float32Array.from(sums)];
  },
  gradient: ({ emit, outputGradients, attributes: { inputSize: _size, ...attributes } }) => [
    emit.op('avgPool2d', [outputGradients[0]!], attributes),
  ],
  lower: ([dy], { inputSize, ...attributes }) => {
    const dims = [...dy!.shape.slice(0, 2), ...inputSize, ...attributes.kernelSize];
    const share = constant(1 / sizeOf(attributes.kernelSize));
    return {
      kind: 'reduce',
      dims,
      inner: 2,
      loads: [coveringRead(0, dy!.shape, dims, { ...attributes, dilation }, 0)],
      stages: [{ combine: 'sum', value: load(0) }],
      outputs: [{ over: 'outer', order: [0, 1, 2, 3], value: multiply(stage(0), share) }],
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
  ],
});
