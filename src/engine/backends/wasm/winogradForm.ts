import type { DType } from '../../ir/types.ts';
import type { ContractRole, ContractSpec } from '../../kernels/spec.ts';
import { type ContractOperand, contractOperand } from './contractOperand.ts';
import type { KernelCompiler } from './kernelCache.ts';
import type { FilterStrides } from './winogradFilters.ts';
import { LANES, type TileGrid, tileGrid } from './winogradTiles.ts';
import type { ImageStrides } from './winogradTransforms.ts';

/** Images as an operand has them, if need be a copy of it. */
interface PlacedImages {
  readonly operand: ContractOperand;
  readonly strides: ImageStrides;
  /** Bytes to the first element that is read. */
  readonly start: number;
}

interface Sizes {
  readonly images: number;
  readonly outChannels: number;
  readonly channels: number;
  /** Of the outputs. */
  readonly grid: TileGrid;
}

/** A 3×3 convolution of stride 1 as its contract has it. */
export interface Convolution extends Sizes {
  readonly filters: FilterStrides;
  readonly input: PlacedImages;
  /**
   * Whether it is the gradient by a convolution's input, of the convolution's outputs as they are: `grid` is of those, and
   * each of its tiles has a share in a 4×4 tile of the result, which is two rows and columns larger.
   */
  readonly overlaps: boolean;
}

/** The gradient of a 3×3 convolution of stride 1 by its filters, as its contract has it. */
export interface FilterGradient extends Sizes {
  readonly gradient: PlacedImages;
  readonly input: PlacedImages;
}

/** Finds the convolution that a contract is, if it is one and is worth it. */
export function asConvolution(
  spec: ContractSpec,
  operands: readonly DType[],
  compiler: KernelCompiler,
): Convolution | undefined {
  const [[out], [image, down, across], [channel, kernelDown, kernelAcross]] = ofRoles(spec, 'm', 'n', 'k');
  const dims = [image, out, down, across, channel, kernelDown, kernelAcross];
  const sizes = sizesOf(spec, dims, dims.slice(0, 4));
  if (!sizes) return undefined;
  const a = contractOperand(spec.a, spec, operands, dims[0], compiler);
  if (a.copy) return undefined;
  const overlapping = asOverlapping(spec, operands, dims, sizes, a);
  if (overlapping) return overlapping;
  const b = contractOperand(spec.b, spec, operands, dims[0], compiler);
  const [, ofOut, , , ofChannel, ...taps] = stridesOver(a, dims);
  const steps = stridesOver(b, dims);
  const [, , row, column, , stepDown, stepAcross] = steps;
  if (row <= 0 || column !== 1 || Math.abs(stepDown) !== row || Math.abs(stepAcross) !== 1) return undefined;
  // Where the kernel goes against the image, as in gradients, it is taken from its end.
  const [turnDown, turnAcross] = [stepDown < 0, stepAcross < 0];
  const turned = ([alongDown, alongAcross]: readonly [number, number]): number =>
    2 * ((turnDown ? alongDown : 0) + (turnAcross ? alongAcross : 0));
  return {
    ...sizes,
    filters: {
      out: ofOut,
      channel: ofChannel,
      row: turnDown ? -taps[0] : taps[0],
      column: turnAcross ? -taps[1] : taps[1],
      offset: a.offset + turned(taps),
    },
    input: placed(b, b.offset + turned([stepDown, stepAcross]), steps[0], steps[4], row),
    overlaps: false,
  };
}

/** The gradient by a convolution's input where there was no padding: fewer tiles, of images that need no copy. */
function asOverlapping(
  spec: ContractSpec,
  operands: readonly DType[],
  dims: readonly (number | undefined)[],
  sizes: Sizes,
  a: ContractOperand,
): Convolution | undefined {
  const [image, , down, across, channel, kernelDown, kernelAcross] = dims as Seven;
  const { axes, outside, operand } = spec.b;
  if (axes.length !== 4 || outside !== 0 || operands[operand] !== 'f32') return undefined;
  const expected = [[image], [channel], [down, kernelDown], [across, kernelAcross]];
  const alike = axes.every(
    ({ terms, offset, divisor, gather }, i) =>
      offset === 0 &&
      divisor === 1 &&
      gather === undefined &&
      terms.length === expected[i]?.length &&
      terms.every(
        ({ dim, scale }) => scale === (expected[i]?.indexOf(dim) === 0 ? 1 : -1) && expected[i]?.includes(dim),
      ),
  );
  const [ofImage, ofChannel, ofRow] = axes.map(({ stride }) => stride) as [number, number, number];
  const [height, width] = [axes[2]?.extent as number, axes[3]?.extent as number];
  if (!alike || axes[3]?.stride !== 1) return undefined;
  if (height !== sizes.grid.height - 2 || width !== sizes.grid.width - 2) return undefined;
  const grid = tileGrid(height, width);
  if (!worthIt(sizes.images, sizes.outChannels, sizes.channels, grid)) return undefined;
  const [, out, , , filterChannel, row, column] = stridesOver(a, dims);
  const strides = spec.dims.map((_, dim) => (dim === image ? ofImage : 0));
  return {
    ...sizes,
    grid,
    filters: { out, channel: filterChannel, row, column, offset: a.offset },
    input: placed({ strides, offset: 0, copy: undefined }, 0, ofImage, ofChannel, ofRow),
    overlaps: true,
  };
}

/** Finds the gradient by filters that a contract is, if it is one and is worth it. */
export function asFilterGradient(
  spec: ContractSpec,
  operands: readonly DType[],
  compiler: KernelCompiler,
): FilterGradient | undefined {
  const [[out], [channel, kernelDown, kernelAcross], [image, down, across]] = ofRoles(spec, 'm', 'n', 'k');
  const dims = [image, out, down, across, channel, kernelDown, kernelAcross];
  const sizes = sizesOf(spec, dims, [out, channel, kernelDown, kernelAcross]);
  if (!sizes || sizes.channels % LANES !== 0) return undefined;
  const [a, b] = [spec.a, spec.b].map((read) => contractOperand(read, spec, operands, out, compiler));
  if (!a || !b) return undefined;
  const gradient = stridesOver(a, dims);
  const input = stridesOver(b, dims);
  if (gradient[2] <= 0 || gradient[3] !== 1) return undefined;
  if (input[2] <= 0 || input[3] !== 1 || input[5] !== input[2] || input[6] !== 1) return undefined;
  return {
    ...sizes,
    gradient: placed(a, a.offset, gradient[0], gradient[1], gradient[2]),
    input: placed(b, b.offset, input[0], input[4], input[2]),
  };
}

/** The dims of some roles, outermost first; no dims if there are others besides. */
function ofRoles(spec: ContractSpec, ...roles: readonly [ContractRole, ContractRole, ContractRole]) {
  const dims = roles.map((role) => spec.dims.flatMap((dim, i) => (dim.role === role ? [i] : [])));
  return dims.flat().length === spec.dims.length ? (dims as [number[], number[], number[]]) : ([[], [], []] as const);
}

/** Dims of images, of output channels, down, across, of channels and of the kernel, if they are all, and worth it. */
function sizesOf(
  spec: ContractSpec,
  dims: readonly (number | undefined)[],
  output: readonly (number | undefined)[],
): Sizes | undefined {
  if (dims.length !== spec.dims.length || dims.includes(undefined)) return undefined;
  if (spec.output.some((dim, i) => dim !== output[i])) return undefined;
  const extents = dims.map((dim) => spec.dims[dim as number]?.extent as number);
  const [images, outChannels, height, width, channels, ...kernel] = extents as Seven;
  if (kernel.some((extent) => extent !== 3)) return undefined;
  const grid = tileGrid(height, width);
  return worthIt(images, outChannels, channels, grid) ? { images, outChannels, channels, grid } : undefined;
}

type Seven = [number, number, number, number, number, number, number];

function stridesOver({ strides }: ContractOperand, dims: readonly (number | undefined)[]): Seven {
  return dims.map((dim) => strides[dim as number]) as Seven;
}

/** Offset and strides are in elements. */
function placed(operand: ContractOperand, offset: number, image: number, channel: number, row: number): PlacedImages {
  return { operand, strides: { image: 4 * image, channel: 4 * channel, row: 4 * row }, start: 4 * offset };
}

/** Whether there is enough to multiply for each number that is transformed; from measurements. */
function worthIt(images: number, outChannels: number, channels: number, { across }: TileGrid): boolean {
  return images >= 4 && outChannels % LANES === 0 && outChannels >= 8 && channels >= 8 && across >= LANES;
}
