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
  /** Sizes of the result's spatial axes. */
  readonly inputSize: readonly number[];
}

declare module '../ir/types.ts' {
  interface OpAttributes {
    convolutionInputGradient: Attributes;
  }
}

/**
 * Gradient of convolution by its input, from dy [N, O, …] and w [O, C/groups, …]; as a layer it is ConvTranspose2d:
 * https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html
 */
export default defineOp({
  name: 'convolutionInputGradient',
  infer: ([dy, w], attributes) => {
    const { n, groups, inChannels, input } = sizesOf(dy!.shape, w!.shape, attributes);
    return [f32(n, groups * inChannels, ...input)];
  },
  reference: ([dy, w], attributes) => {
    const sizes = sizesOf(dy!.type.shape, w!.type.shape, attributes);
    const size = sizeOf([sizes.n, sizes.groups, sizes.inChannels, ...sizes.input]);
    return [
      sumProducts(size, (add) => forEachProduct(sizes, attributes, (i, j, k) => add(i, dy!.data[k]! * w!.data[j]!))),
    ];
  },
  gradient: ({
    emit,
    inputs: [dy, w],
    outputGradients: [dx],
    attributes: { inputSize: _size, ...attributes },
    needs,
  }) => [
    needs(0) ? emit.op('convolution', [dx!, w!], attributes) : undefined,
    needs(1)
      ? emit.op('convolutionWeightGradient', [dx!, dy!], { ...attributes, kernelSize: w!.type.shape.slice(2) })
      : undefined,
  ],
  lower: ([dy, w], attributes) => {
    const sizes = sizesOf(dy!.shape, w!.shape, attributes);
    return convolutionSpec(
      sizes,
      [
        ['n', 'n'],
        ['batch', 'g'],
        ['m', 'ci'],
        ['n', ...spatial(sizes, 'i')],
        ['k', 'co', ...spatial(sizes, 'k')],
      ],
      (at) => ({
        operand: 1,
        shape: w!.shape,
        axes: [at.channel('co'), at.one('ci'), ...spatial(sizes, 'k').map(at.one)],
      }),
      (at) => ({
        operand: 0,
        shape: dy!.shape,
        axes: [at.one('n'), at.channel('co'), ...at.outputPlaces(attributes)],
      }),
      ['n', 'g', 'ci', ...spatial(sizes, 'i')],
    );
  },
  samples: convolutionSamples(({ x, w, dy }, attributes) => ({
    inputs: [dy, w],
    attributes: { ...attributes, inputSize: x.shape.slice(2) },
  })),
});

function sizesOf(dy: Shape, w: Shape, attributes: Attributes): ConvolutionSizes {
  const x = [dy[0] ?? 0, (w[1] ?? 0) * attributes.groups, ...attributes.inputSize];
  return convolutionGradientSizes(x, w, dy, attributes);
}
