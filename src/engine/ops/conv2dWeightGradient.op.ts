import { f32, formatShape, sizeOf } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import {
  type ConvolutionAttributes,
  type ConvolutionSizes,
  convolutionSizes,
  convolutionSpec,
  forEachProduct,
  sumProducts,
} from './convolution.ts';
import { defineOp } from './defineOp.ts';

interface Attributes extends ConvolutionAttributes {
  readonly kernelSize: readonly number[];
}

declare module '../ir/types.ts' {
  interface OpAttributes {
    conv2dWeightGradient: Attributes;
  }
}

/** Gradient of conv2d by its weights, from x [N, C, H, W] and dy [N, O, OH, OW]: [O, C/groups, KH, KW]. */
export default defineOp({
  name: 'conv2dWeightGradient',
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
      ? emit.op('conv2dInputGradient', [dy!, dw!], { ...attributes, inputSize: x!.type.shape.slice(2) })
      : undefined,
    needs(1) ? emit.op('conv2d', [x!, dw!], attributes) : undefined,
  ],
  lower: ([x, dy], attributes) => {
    const { stride, padding, dilation } = attributes;
    return convolutionSpec(
      sizesOf(x!.shape, dy!.shape, attributes),
      [
        ['g', 'batch'],
        ['co', 'm'],
        ['ci', 'n'],
        ['kh', 'n'],
        ['kw', 'n'],
        ['n', 'k'],
        ['oh', 'k'],
        ['ow', 'k'],
      ],
      (at) => ({ operand: 1, shape: dy!.shape, axes: [at.one('n'), at.channel('co'), at.one('oh'), at.one('ow')] }),
      (at) => ({
        operand: 0,
        shape: x!.shape,
        axes: [
          at.one('n'),
          at.channel('ci'),
          at.affine(
            [
              ['oh', stride[0]!],
              ['kh', dilation[0]!],
            ],
            -padding[0]!,
          ),
          at.affine(
            [
              ['ow', stride[1]!],
              ['kw', dilation[1]!],
            ],
            -padding[1]!,
          ),
        ],
      }),
      ['g', 'co', 'ci', 'kh', 'kw'],
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
  ],
});

function sizesOf(x: Shape, dy: Shape, attributes: Attributes): ConvolutionSizes {
  const { groups, kernelSize } = attributes;
  const sizes = convolutionSizes(x, [dy[1] ?? 0, (x[1] ?? 0) / groups, ...kernelSize], attributes);
  const expected = [sizes.n, sizes.groups * sizes.outChannels, ...sizes.output];
  if (dy.length !== 4 || dy.some((extent, axis) => extent !== expected[axis])) {
    throw new RangeError(`expected ${formatShape(expected)} for an input of ${formatShape(x)}, got ${formatShape(dy)}`);
  }
  return sizes;
}
