import { f32, sizeOf } from '../ir/shape.ts';
import {
  type ConvolutionAttributes,
  convolutionSizes,
  convolutionSpec,
  forEachProduct,
  spatial,
  sumProducts,
} from './convolution.ts';
import { defineOp } from './defineOp.ts';

declare module '../ir/types.ts' {
  interface OpAttributes {
    convolution: ConvolutionAttributes;
  }
}

/**
 * Cross-correlation of x [N, C, …] with w [O, C/groups, …] over one or more spatial axes:
 * https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
 */
export default defineOp({
  name: 'convolution',
  infer: ([x, w], attributes) => {
    const { n, groups, outChannels, output } = convolutionSizes(x!.shape, w!.shape, attributes);
    return [f32(n, groups * outChannels, ...output)];
  },
  reference: ([x, w], attributes) => {
    const sizes = convolutionSizes(x!.type.shape, w!.type.shape, attributes);
    const size = sizeOf([sizes.n, sizes.groups, sizes.outChannels, ...sizes.output]);
    return [
      sumProducts(size, (add) => forEachProduct(sizes, attributes, (i, j, k) => add(k, x!.data[i]! * w!.data[j]!))),
    ];
  },
  gradient: ({ emit, inputs: [x, w], outputGradients: [dy], attributes, needs }) => [
    needs(0)
      ? emit.op('convolutionInputGradient', [dy!, w!], { ...attributes, inputSize: x!.type.shape.slice(2) })
      : undefined,
    needs(1)
      ? emit.op('convolutionWeightGradient', [x!, dy!], { ...attributes, kernelSize: w!.type.shape.slice(2) })
      : undefined,
  ],
  lower: ([x, w], attributes) => {
    const sizes = convolutionSizes(x!.shape, w!.shape, attributes);
    return convolutionSpec(
      sizes,
      [
        ['n', 'n'],
        ['batch', 'g'],
        ['m', 'co'],
        ['n', ...spatial(sizes, 'o')],
        ['k', 'ci', ...spatial(sizes, 'k')],
      ],
      (at) => ({
        operand: 1,
        shape: w!.shape,
        axes: [at.channel('co'), at.one('ci'), ...spatial(sizes, 'k').map(at.one)],
      }),
      (at) => ({
        operand: 0,
        shape: x!.shape,
        axes: [at.one('n'), at.channel('ci'), ...at.inputPlaces(attributes)],
      }),
      ['n', 'g', 'co', ...spatial(sizes, 'o')],
    );
  },
  samples: [
    {
      inputs: [f32(2, 3, 6, 7), f32(4, 3, 3, 2)],
      attributes: { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 },
    },
    {
      inputs: [f32(1, 2, 7, 8), f32(3, 2, 3, 3)],
      attributes: { stride: [2, 3], padding: [1, 2], dilation: [2, 1], groups: 1 },
    },
    {
      inputs: [f32(2, 4, 5, 5), f32(6, 2, 3, 3)],
      attributes: { stride: [1, 2], padding: [1, 1], dilation: [1, 1], groups: 2 },
    },
    { inputs: [f32(2, 3, 9), f32(4, 3, 3)], attributes: { stride: [2], padding: [1], dilation: [2], groups: 1 } },
    {
      inputs: [f32(2, 2, 4, 5, 3), f32(4, 1, 2, 3, 2)],
      attributes: { stride: [1, 2, 1], padding: [0, 1, 1], dilation: [2, 1, 1], groups: 2 },
    },
  ],
});
