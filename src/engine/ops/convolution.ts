import { formatShape } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import { type Access, type AxisSpec, access, term } from '../kernels/access.ts';
import { accumulator } from '../kernels/expression.ts';
import type { ContractRole, ContractSpec } from '../kernels/spec.ts';

/** Two numbers each: vertical, horizontal. */
export interface ConvolutionAttributes {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
}

/** All sizes of a convolution y = x ∗ w. Channel counts are those of one group. */
export interface ConvolutionSizes {
  readonly n: number;
  readonly groups: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly input: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly output: readonly [number, number];
}

/** Output size along one axis: https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html */
export function outputSize(input: number, kernel: number, stride: number, padding: number, dilation: number): number {
  return Math.floor((input + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
}

/** Sizes from x [N, C, H, W] and w [O, C/groups, KH, KW]. @throws RangeError if they do not fit. */
export function convolutionSizes(x: Shape, w: Shape, attributes: ConvolutionAttributes): ConvolutionSizes {
  const { groups, stride, padding, dilation } = attributes;
  if (x.length !== 4 || w.length !== 4) {
    throw new RangeError(
      `expected [N, C, H, W] and [O, C/groups, KH, KW], got ${formatShape(x)} and ${formatShape(w)}`,
    );
  }
  const [n, c, h, width] = x as [number, number, number, number];
  const [o, perGroup, kh, kw] = w as [number, number, number, number];
  if (c !== perGroup * groups || o % groups !== 0) {
    throw new RangeError(
      `${c} input and ${o} output channels in ${groups} groups do not fit weights ${formatShape(w)}`,
    );
  }
  const output = [
    outputSize(h, kh, stride[0]!, padding[0]!, dilation[0]!),
    outputSize(width, kw, stride[1]!, padding[1]!, dilation[1]!),
  ] as const;
  if (output[0] < 1 || output[1] < 1) throw new RangeError(`a ${kh}×${kw} kernel does not fit into ${h}×${width}`);
  return { n, groups, inChannels: perGroup, outChannels: o / groups, input: [h, width], kernel: [kh, kw], output };
}

/** Loop dims of a convolution's products, by name; group is left out where there is one group only. */
type DimName = 'n' | 'g' | 'ci' | 'co' | 'ih' | 'iw' | 'oh' | 'ow' | 'kh' | 'kw';

/**
 * One of the three products of a convolution as a contract. Each tensor is read or written by axes that name loop dims
 * or say how an axis follows from them; which product it is depends on the roles alone.
 */
export function convolutionSpec(
  sizes: ConvolutionSizes,
  roles: readonly (readonly [DimName, ContractRole])[],
  a: (at: AxisMaker) => TensorRead,
  b: (at: AxisMaker) => TensorRead,
  output: readonly DimName[],
): ContractSpec {
  const kept = roles.filter(([name]) => name !== 'g' || sizes.groups > 1);
  const dims = kept.map(([name]) => extentOf(sizes, name));
  const dimOf = (name: DimName): number => kept.findIndex(([own]) => own === name);
  const at: AxisMaker = {
    one: (name) => ({ terms: [term(dimOf(name))] }),
    channel: (name) => {
      const perGroup = extentOf(sizes, name);
      return { terms: sizes.groups > 1 ? [term(dimOf('g'), perGroup), term(dimOf(name))] : [term(dimOf(name))] };
    },
    affine: (terms, offset, divisor = 1) => ({
      terms: terms.map(([name, scale]) => term(dimOf(name), scale)),
      offset,
      divisor,
    }),
  };
  const read = (make: (at: AxisMaker) => TensorRead): Access => {
    const { operand, shape, axes } = make(at);
    return access(operand, shape, dims, axes);
  };
  return {
    kind: 'contract',
    dims: kept.map(([, role], i) => ({ extent: dims[i] as number, role })),
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
  affine(terms: readonly (readonly [DimName, number])[], offset: number, divisor?: number): AxisSpec;
}

function extentOf(
  { n, groups, inChannels, outChannels, input, kernel, output }: ConvolutionSizes,
  name: DimName,
): number {
  switch (name) {
    case 'n':
      return n;
    case 'g':
      return groups;
    case 'ci':
      return inChannels;
    case 'co':
      return outChannels;
    case 'ih':
      return input[0];
    case 'iw':
      return input[1];
    case 'kh':
      return kernel[0];
    case 'kw':
      return kernel[1];
    case 'oh':
      return output[0];
    case 'ow':
      return output[1];
  }
}

/** Visits every product of a convolution: offsets of the elements of x, w and y that belong together. */
export function forEachProduct(
  { n, groups, inChannels, outChannels, input, kernel, output }: ConvolutionSizes,
  { stride, padding, dilation }: ConvolutionAttributes,
  visit: (x: number, w: number, y: number) => void,
): void {
  const [h, width] = input;
  const [kh, kw] = kernel;
  const [oh, ow] = output;
  for (let image = 0; image < n; image++)
    for (let g = 0; g < groups; g++)
      for (let o = 0; o < outChannels; o++)
        for (let c = 0; c < inChannels; c++)
          for (let i = 0; i < kh; i++)
            for (let j = 0; j < kw; j++)
              for (let p = 0; p < oh; p++) {
                const row = p * stride[0]! - padding[0]! + i * dilation[0]!;
                if (row < 0 || row >= h) continue;
                for (let q = 0; q < ow; q++) {
                  const column = q * stride[1]! - padding[1]! + j * dilation[1]!;
                  if (column < 0 || column >= width) continue;
                  visit(
                    ((image * groups * inChannels + g * inChannels + c) * h + row) * width + column,
                    (((g * outChannels + o) * inChannels + c) * kh + i) * kw + j,
                    ((image * groups * outChannels + g * outChannels + o) * oh + p) * ow + q,
                  );
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
