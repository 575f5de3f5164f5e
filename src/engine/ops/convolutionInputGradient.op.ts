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
  samples: [
    {
      inputs: [f32(2, 4, 4, 6), f32(4, 3, 3, 2)],
      attributes: { inputSize: [6, 7], stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 },
    },
    {
      inputs: [f32(1, 3, 3, 4), f32(3, 2, 3, 3)],
      attributes: { inputSize: [7, 8], stride: [2, 3], padding: [1, 2], dilation: [2, 1], groups: 1 },
    },
    {
      inputs: [f32(2, 6, 5, 3), f32(6, 2, 3, 3)],
      attributes: { inputSize: [5, 5], stride: [1, 2], padding: [1, 1], dilation: [1, 1], groups: 2 },
    },
    {
      inputs: [f32(2, 4, 4), f32(4, 3, 3)],
      attributes: { inputSize: [9], stride: [2], padding: [1], dilation: [2], groups: 1 },
    },
    {
      inputs: [f32(2, 4, 2, 3, 4), f32(4, 1, 2, 3, 2)],
      attributes: { inputSize: [4, 5, 3], stride: [1, 2, 1], padding: [0, 1, 1], dilation: [2, 1, 1], groups: 2 },
    },
  ],
});

function sizesOf(dy: Shape, w: Shape, attributes: Attributes): ConvolutionSizes {
  const x = [dy[0] ?? 0, (w[1] ?? 0) * attributes.groups, ...attributes.inputSize];
  const sizes = convolutionSizes(x, w, attributes);
  const expected = [sizes.n, sizes.groups * sizes.outChannels, ...sizes.output];
  if (dy.length !== x.length || dy.some((extent, axis) => extent !== expected[axis])) {
    throw new RangeError(`expected ${formatShape(expected)} for an input of ${formatShape(x)}, got ${formatShape(dy)}`);
  }
  return sizes;
}
