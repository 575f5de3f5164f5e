import { f32, sizeOf } from '../ir/shape.ts';
import {
  type ConvolutionAttributes,
  convolutionSamples,
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
  samples: convolutionSamples(({ x, w }, attributes) => ({ inputs: [x, w], attributes })),
});
