import { f32, formatShape, sizeOf } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import {
  type ConvolutionAttributes,
  type ConvolutionSizes,
  convolutionSizes,
  convolutionSpec,
  forEachProduct,
  spatial,
  sumProducts,
} from './convolution.ts';
import { defineOp } from './defineOp.ts';

interface Attributes extends ConvolutionAttributes {
  readonly kernelSize: readonly number[];
}

declare module '../ir/types.ts' {
  interface OpAttributes {
    convolutionWeightGradient: Attributes;
  }
}

/** Gradient of convolution by its weights, from x [N, C, …] and dy [N, O, …]: [O, C/groups, …]. */
export default defineOp({
  name: 'convolutionWeightGradient',
  infer: ([x, dy], attributes) => {
    const { groups, outChannels, inChannels, kernel } = sizesOf(x!.shape, dy!.shape, attributes);
    return [f32(groups * outChannels, inChannels, ...kernel)];
  },
  reference: ([x, dy], attributes) => {
    const sizes = sizesOf(x!.type.shape, dy!.type.shape, attributes);
    const size = sizeOf([sizes.groups, sizes.outChannels, sizes.inChannels, ...sizes.kernel]);
    return [
      sumProducts(size, (add) => forEachProduct(sizes, attributes, (i, j, k) => add(j, x!.data[i]! * dy!.data[k]!))),
    ];
  },
  gradient: ({
    emit,
    inputs: [x, dy],
    outputGradients: [dw],
    attributes: { kernelSize: _size, ...attributes },
    needs,
  }) => [
    needs(0)
      ? emit.op('convolutionInputGradient', [dy!, dw!], { ...attributes, inputSize: x!.type.shape.slice(2) })
      : undefined,
    needs(1) ? emit.op('convolution', [x!, dw!], attributes) : undefined,
  ],
  lower: ([x, dy], attributes) => {
    const sizes = sizesOf(x!.shape, dy!.shape, attributes);
    return convolutionSpec(
      sizes,
      [
        ['batch', 'g'],
        ['m', 'co'],
        ['n', 'ci', ...spatial(sizes, 'k')],
        ['k', 'n', ...spatial(sizes, 'o')],
      ],
      (at) => ({
        operand: 1,
        shape: dy!.shape,
        axes: [at.one('n'), at.channel('co'), ...spatial(sizes, 'o').map(at.one)],
      }),
      (at) => ({
        operand: 0,
        shape: x!.shape,
        axes: [at.one('n'), at.channel('ci'), ...at.inputPlaces(attributes)],
      }),
      ['g', 'co', 'ci', ...spatial(sizes, 'k')],
    );
  },
  samples: [
    {
      inputs: [f32(2, 3, 6, 7), f32(2, 4, 4, 6)],
      attributes: { kernelSize: [3, 2], stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 },
    },
    {
      inputs: [f32(1, 2, 7, 8), f32(1, 3, 3, 4)],
      attributes: { kernelSize: [3, 3], stride: [2, 3], padding: [1, 2], dilation: [2, 1], groups: 1 },
    },
    {
      inputs: [f32(2, 4, 5, 5), f32(2, 6, 5, 3)],
      attributes: { kernelSize: [3, 3], stride: [1, 2], padding: [1, 1], dilation: [1, 1], groups: 2 },
    },
    {
      inputs: [f32(2, 3, 9), f32(2, 4, 4)],
      attributes: { kernelSize: [3], stride: [2], padding: [1], dilation: [2], groups: 1 },
    },
    {
      inputs: [f32(2, 2, 4, 5, 3), f32(2, 4, 2, 3, 4)],
      attributes: { kernelSize: [2, 3, 2], stride: [1, 2, 1], padding: [0, 1, 1], dilation: [2, 1, 1], groups: 2 },
    },
  ],
});

function sizesOf(x: Shape, dy: Shape, attributes: Attributes): ConvolutionSizes {
  const { groups, kernelSize } = attributes;
  const sizes = convolutionSizes(x, [dy[1] ?? 0, (x[1] ?? 0) / groups, ...kernelSize], attributes);
  const expected = [sizes.n, sizes.groups * sizes.outChannels, ...sizes.output];
  if (dy.length !== x.length || dy.some((extent, axis) => extent !== expected[axis])) {
    throw new RangeError(`expected ${formatShape(expected)} for an input of ${formatShape(x)}, got ${formatShape(dy)}`);
  }
  return sizes;
}
