import { f32, i32, sizeOf } from '../ir/shape.ts';
import { add, binary, constant, index, load, multiply, select, stage } from '../kernels/expression.ts';
import { defineOp } from './defineOp.ts';
import { coveringRead, forEachWindowPlace, outerOrder, type PoolingAttributes } from './pooling.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    maxPoolGradient: PoolingAttributes & { readonly inputSize: readonly number[] };
  }
}

/** Gradient of maxPool, from dy and the numbers within the windows: each place gathers from the windows that chose it. */
export default defineOp({
  name: 'maxPoolGradient',
  infer: ([dy], { inputSize }) => [f32(...dy!.shape.slice(0, 2), ...inputSize)],
  reference: ([dy, places], { inputSize, ...attributes }) => {
    const shape = [...dy!.type.shape.slice(0, 2), ...inputSize];
    const sums = new Float64Array(sizeOf(shape));
    forEachWindowPlace(shape, dy!.type.shape, attributes, (at, inWindow, to) => {
      if (to >= 0 && places!.data[at] === inWindow) sums[to] = sums[to]! + dy!.data[at]!;
    });
    return [Float32Array.from(sums)];
  },
  gradient: 'none',
  lower: ([dy], { inputSize, ...attributes }) => {
    const dims = [...dy!.shape.slice(0, 2), ...inputSize, ...attributes.kernelSize];
    const rank = attributes.kernelSize.length;
    const inWindow = attributes.kernelSize
      .map((extent, i) => ({ extent: constant(extent), at: index(2 + rank + i) }))
      .reduce((place, { extent, at }) => ({ extent, at: add(multiply(place.at, extent), at) })).at;
    return {
      kind: 'reduce',
      dims,
      inner: rank,
      loads: [
        coveringRead(0, dy!.shape, dims, attributes, 0),
        // −1 is the number of no place, so that windows outside of the output choose nothing.
        coveringRead(1, dy!.shape, dims, attributes, -1),
      ],
      stages: [{ combine: 'sum', value: select(binary('equal', load(1), inWindow), load(0), constant(0)) }],
      outputs: [{ over: 'outer', order: outerOrder(attributes), value: stage(0) }],
    };
  },
  samples: [
    {
      inputs: [f32(2, 3, 3, 3), i32(2, 3, 3, 3)],
      attributes: { inputSize: [6, 6], kernelSize: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1] },
      draw: ['normal', { ids: 4 }],
    },
    {
      inputs: [f32(1, 2, 4, 8), i32(1, 2, 4, 8)],
      attributes: { inputSize: [7, 8], kernelSize: [3, 2], stride: [2, 1], padding: [1, 1], dilation: [1, 2] },
      draw: ['normal', { ids: 6 }],
    },
    {
      inputs: [f32(2, 3, 4), i32(2, 3, 4)],
      attributes: { inputSize: [9], kernelSize: [3], stride: [2], padding: [1], dilation: [2] },
      draw: ['normal', { ids: 3 }],
    },
    {
      inputs: [f32(1, 2, 2, 3, 3), i32(1, 2, 2, 3, 3)],
      attributes: {
        inputSize: [4, 3, 5],
        kernelSize: [2, 1, 3],
        stride: [2, 1, 2],
        padding: [0, 0, 1],
        dilation: [1, 1, 1],
        ceilMode: true,
      },
      draw: ['normal', { ids: 6 }],
    },
  ],
});
