import { f32, formatShape, sizeOf } from '../ir/shape.ts';
import type { Shape, TensorType } from '../ir/types.ts';
import { type Access, type AxisSpec, access, term } from '../kernels/access.ts';
import { accumulator } from '../kernels/expression.ts';
import type { ContractRole, ContractSpec } from '../kernels/spec.ts';
import { type WindowSteps, windowPlaces } from './windows.ts';

/** One number a spatial axis each, outermost first: depth, height, width. */
export interface ConvolutionAttributes extends WindowSteps {
  readonly groups: number;
}

/** All sizes of a convolution y = x ∗ w. Channel counts are those of one group; the rest has one number a spatial axis. */
export interface ConvolutionSizes {
  readonly n: number;
  readonly groups: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly input: readonly number[];
  readonly kernel: readonly number[];
  readonly output: readonly number[];
}

/** Output size along one axis: https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html */
export function outputSize(input: number, kernel: number, stride: number, padding: number, dilation: number): number {
  return Math.floor((input + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
}

/** Sizes from x [N, C, …] and w [O, C/groups, …] with as many spatial axes each. @throws RangeError if they do not fit. */
export function convolutionSizes(x: Shape, w: Shape, attributes: ConvolutionAttributes): ConvolutionSizes {
  const { groups, stride, padding, dilation } = attributes;
  if (x.length < 3 || w.length !== x.length) {
    throw new RangeError(
      `expected [N, C, …] and [O, C/groups, …] with as many spatial axes, got ${formatShape(x)} and ${formatShape(w)}`,
    );
  }
  const [n, c, ...input] = x as [number, number, ...number[]];
  const [o, perGroup, ...kernel] = w as [number, number, ...number[]];
  if ([stride, padding, dilation].some((list) => list.length !== input.length)) {
    throw new RangeError(
      `expected a stride, padding and dilation for each of ${input.length} axes, got [${stride.join(', ')}], [${padding.join(', ')}] and [${dilation.join(', ')}]`,
    );
  }
  if (c !== perGroup * groups || o % groups !== 0) {
    throw new RangeError(
      `${c} input and ${o} output channels in ${groups} groups do not fit weights ${formatShape(w)}`,
    );
  }
  const output = input.map((extent, i) => outputSize(extent, kernel[i]!, stride[i]!, padding[i]!, dilation[i]!));
  if (output.some((extent) => extent < 1)) {
    throw new RangeError(`a ${formatShape(kernel)} kernel does not fit into ${formatShape(input)}`);
  }
  return { n, groups, inChannels: perGroup, outChannels: o / groups, input, kernel, output };
}

/** The same for a gradient dy [N, O, …] that is given beside x or w. @throws RangeError if dy is not of y's shape. */
export function convolutionGradientSizes(
  x: Shape,
  w: Shape,
  dy: Shape,
  attributes: ConvolutionAttributes,
): ConvolutionSizes {
  const sizes = convolutionSizes(x, w, attributes);
  const expected = [sizes.n, sizes.groups * sizes.outChannels, ...sizes.output];
  if (dy.length !== x.length || dy.some((extent, axis) => extent !== expected[axis])) {
    throw new RangeError(`expected ${formatShape(expected)} for an input of ${formatShape(x)}, got ${formatShape(dy)}`);
  }
  return sizes;
}

/**
 * Loop dims of a convolution's products, by name: batch, group, channels, and along spatial axis k the places `ik` of x,
 * `kk` of w and `ok` of y. The group is left out where there is one only.
 */
type DimName = 'n' | 'g' | 'ci' | 'co' | SpatialName;
type SpatialName = `${'i' | 'k' | 'o'}${number}`;

/** The dims of all spatial axes of x (`i`), w (`k`) or y (`o`). */
export function spatial({ kernel }: ConvolutionSizes, of: 'i' | 'k' | 'o'): SpatialName[] {
  return kernel.map((_, axis): SpatialName => `${of}${axis}`);
}

/**
 * One of the three products of a convolution as a contract. Each tensor is read or written by axes that name loop dims
 * or say how an axis follows from them; which product it is depends on the roles alone.
 * @param roles the dims of each role, outermost first
 */
export function convolutionSpec(
  sizes: ConvolutionSizes,
  roles: readonly (readonly [ContractRole, ...DimName[]])[],
  a: (at: AxisMaker) => TensorRead,
  b: (at: AxisMaker) => TensorRead,
  output: readonly DimName[],
): ContractSpec {
  const kept = roles
    .flatMap(([role, ...names]) => names.map((name) => ({ name, role })))
    .filter(({ name }) => name !== 'g' || sizes.groups > 1);
  const dims = kept.map(({ name }) => extentOf(sizes, name));
  const dimOf = (name: DimName): number => kept.findIndex((own) => own.name === name);
  const at: AxisMaker = {
    one: (name) => ({ terms: [term(dimOf(name))] }),
    channel: (name) => {
      const perGroup = extentOf(sizes, name);
      return { terms: sizes.groups > 1 ? [term(dimOf('g'), perGroup), term(dimOf(name))] : [term(dimOf(name))] };
    },
    inputPlaces: ({ stride, padding, dilation }) =>
      sizes.kernel.map((_, axis) => ({
        terms: [term(dimOf(`o${axis}`), stride[axis]!), term(dimOf(`k${axis}`), dilation[axis]!)],
        offset: -padding[axis]!,
      })),
    outputPlaces: ({ stride, padding, dilation }) =>
      sizes.kernel.map((_, axis) => ({
        terms: [term(dimOf(`i${axis}`)), term(dimOf(`k${axis}`), -dilation[axis]!)],
        offset: padding[axis]!,
        divisor: stride[axis]!,
      })),
  };
  const read = (make: (at: AxisMaker) => TensorRead): Access => {
    const { operand, shape, axes } = make(at);
    return access(operand, shape, dims, axes);
  };
  return {
    kind: 'contract',
    dims: kept.map(({ role }, i) => ({ extent: dims[i] as number, role })),
    a: read(a),
    b: read(b),
    output: output.filter((name) => name !== 'g' || sizes.groups > 1).map(dimOf),
    loads: [],
    epilogue: accumulator,
  };
}

interface TensorRead {
  readonly operand: number;
  readonly shape: Shape;
  readonly axes: readonly AxisSpec[];
}

interface AxisMaker {
  one(name: DimName): AxisSpec;
  /** A channel axis: group and channel within the group together. */
  channel(name: 'ci' | 'co'): AxisSpec;
  /** The spatial axes of x, from the places of y and w. */
  inputPlaces(steps: WindowSteps): AxisSpec[];
  /** The spatial axes of y, from the places of x and w. */
  outputPlaces(steps: WindowSteps): AxisSpec[];
}

function extentOf(sizes: ConvolutionSizes, name: DimName): number {
  switch (name) {
    case 'n':
      return sizes.n;
    case 'g':
      return sizes.groups;
    case 'ci':
      return sizes.inChannels;
    case 'co':
      return sizes.outChannels;
    default: {
      const along = name.startsWith('i') ? sizes.input : name.startsWith('k') ? sizes.kernel : sizes.output;
      return along[Number(name.slice(1))]!;
    }
  }
}

/** Visits every product of a convolution: offsets of the elements of x, w and y that belong together. */
export function forEachProduct(
  { n, groups, inChannels, outChannels, input, kernel, output }: ConvolutionSizes,
  steps: WindowSteps,
  visit: (x: number, w: number, y: number) => void,
): void {
  const places = windowPlaces(input, kernel, output, steps);
  const [inputs, kernels, outputs] = [sizeOf(input), sizeOf(kernel), sizeOf(output)];
  for (let image = 0; image < n; image++)
    for (let g = 0; g < groups; g++)
      for (let o = 0; o < outChannels; o++)
        for (let c = 0; c < inChannels; c++) {
          const x = (image * groups * inChannels + g * inChannels + c) * inputs;
          const w = ((g * outChannels + o) * inChannels + c) * kernels;
          const y = (image * groups * outChannels + g * outChannels + o) * outputs;
          for (let k = 0; k < kernels; k++)
            for (let p = 0; p < outputs; p++) {
              const place = places[p * kernels + k]!;
              if (place >= 0) visit(x + place, w + k, y + p);
            }
        }
}

/** Sums products in float64 and rounds once. */
export function sumProducts(size: number, run: (add: (at: number, value: number) => void) => void): Float32Array {
  const sums = new Float64Array(size);
  run((at, value) => {
    sums[at] = sums[at]! + value;
  });
  return Float32Array.from(sums);
}

/** Convolutions of all kinds, as samples of the op and of both its gradients. */
export function convolutionSamples<Sample>(
  make: (tensors: { x: TensorType; w: TensorType; dy: TensorType }, attributes: ConvolutionAttributes) => Sample,
): Sample[] {
  const sample = (x: Shape, w: Shape, attributes: ConvolutionAttributes): Sample => {
    const { n, groups, outChannels, output } = convolutionSizes(x, w, attributes);
    return make({ x: f32(...x), w: f32(...w), dy: f32(n, groups * outChannels, ...output) }, attributes);
  };
  return [
    sample([2, 3, 6, 7], [4, 3, 3, 2], { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 }),
    sample([1, 2, 7, 8], [3, 2, 3, 3], { stride: [2, 3], padding: [1, 2], dilation: [2, 1], groups: 1 }),
    sample([2, 4, 5, 5], [6, 2, 3, 3], { stride: [1, 2], padding: [1, 1], dilation: [1, 1], groups: 2 }),
    sample([2, 3, 9], [4, 3, 3], { stride: [2], padding: [1], dilation: [2], groups: 1 }),
    sample([2, 2, 4, 5, 3], [4, 1, 2, 3, 2], { stride: [1, 2, 1], padding: [0, 1, 1], dilation: [2, 1, 1], groups: 2 }),
  ];
}
