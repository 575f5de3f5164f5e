import { f32, sizeOf } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import {
  type ConvolutionAttributes,
  type ConvolutionSizes,
  convolutionGradientSizes,
  convolutionSamples,
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
  samples: convolutionSamples(({ x, w, dy }, attributes) => ({
    inputs: [x, dy],
    attributes: { ...attributes, kernelSize: w.shape.slice(2) },
  })),
});

function sizesOf(x: Shape, dy: Shape, attributes: Attributes): ConvolutionSizes {
  const w = [dy[1] ?? 0, (x[1] ?? 0) / attributes.groups, ...attributes.kernelSize];
  return convolutionGradientSizes(x, w, dy, attributes);
}
