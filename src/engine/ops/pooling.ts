import { formatShape, sizeOf } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import { type Access, access, term } from '../kernels/access.ts';
import { binary, constant, type Expression, index, multiply, subtract } from '../kernels/expression.ts';
import { outputSize } from './convolution.ts';
import { type WindowSteps, windowPlaces } from './windows.ts';

/** One number a spatial axis each, outermost first: depth, height, width. */
export interface PoolingAttributes extends WindowSteps {
  readonly kernelSize: readonly number[];
  /** Whether a last window may begin inside and end outside. */
  readonly ceilMode?: boolean;
}

/** Averages have no dilation. */
export interface AveragingAttributes extends Omit<PoolingAttributes, 'dilation'> {
  /** Whether places in the padding count in the mean (they do unless this is false). */
  readonly countIncludePad?: boolean;
  /** What the sum over a window is divided by, instead of how many places count. */
  readonly divisor?: number;
}

export const undilated = (attributes: AveragingAttributes): PoolingAttributes & AveragingAttributes => ({
  ...attributes,
  dilation: attributes.kernelSize.map(() => 1),
});

/** Size of a pooling's output along one axis: https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html */
export function pooledSize(
  input: number,
  kernel: number,
  stride: number,
  padding: number,
  dilation: number,
  ceilMode: boolean,
): number {
  if (!ceilMode) return outputSize(input, kernel, stride, padding, dilation);
  const size = Math.ceil((input + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
  // A window that begins behind the input and its first padding would see nothing.
  return (size - 1) * stride >= input + padding ? size - 1 : size;
}

/** [N, C, …] of a pooling over x [N, C, …]. @throws RangeError if the window does not fit. */
export function pooledShape(x: Shape, attributes: PoolingAttributes): number[] {
  const { kernelSize, stride, padding, dilation, ceilMode = false } = attributes;
  if (x.length < 3 || [kernelSize, stride, padding, dilation].some((list) => list.length !== x.length - 2)) {
    throw new RangeError(`expected [N, C, …] with ${kernelSize.length} spatial axes, got ${formatShape(x)}`);
  }
  const size = kernelSize.map((kernel, i) =>
    pooledSize(x[2 + i]!, kernel, stride[i]!, padding[i]!, dilation[i]!, ceilMode),
  );
  if (size.some((extent) => extent < 1)) {
    throw new RangeError(`a ${formatShape(kernelSize)} window does not fit into ${formatShape(x.slice(2))}`);
  }
  return [...x.slice(0, 2), ...size];
}

/** Loop dims of a pooling: output places [N, C, …], then the window. */
export function windowRead(x: Shape, dims: Shape, attributes: PoolingAttributes, outside: number): Access {
  const { kernelSize, stride, padding, dilation } = attributes;
  const rank = kernelSize.length;
  const axes = kernelSize.map((_, i) => ({
    terms: [term(2 + i, stride[i]!), term(2 + rank + i, dilation[i]!)],
    offset: -padding[i]!,
  }));
  return access(0, x, dims, [{ terms: [term(0)] }, { terms: [term(1)] }, ...axes], outside);
}

/** Loop dims of a pooling's gradient: input places [N, C, …], then the window; reads the output places whose window covers it. */
export function coveringRead(
  operand: number,
  y: Shape,
  dims: Shape,
  attributes: PoolingAttributes,
  outside: number,
): Access {
  const { kernelSize, stride, padding, dilation } = attributes;
  const rank = kernelSize.length;
  const axes = kernelSize.map((_, i) => ({
    terms: [term(2 + i), term(2 + rank + i, -dilation[i]!)],
    offset: padding[i]!,
    divisor: stride[i]!,
  }));
  return access(operand, y, dims, [{ terms: [term(0)] }, { terms: [term(1)] }, ...axes], outside);
}

/** Visits each place of a pooling: y's offset, its number in the window, and x's offset (−1 outside of x). */
export function forEachWindowPlace(
  x: Shape,
  y: Shape,
  attributes: PoolingAttributes,
  visit: (y: number, inWindow: number, x: number) => void,
): void {
  const [input, output] = [x.slice(2), y.slice(2)];
  const places = windowPlaces(input, attributes.kernelSize, output, attributes);
  const [inputs, outputs, kernels] = [sizeOf(input), sizeOf(output), sizeOf(attributes.kernelSize)];
  const planes = x[0]! * x[1]!;
  for (let plane = 0; plane < planes; plane++)
    for (let p = 0; p < outputs; p++)
      for (let k = 0; k < kernels; k++) {
        const place = places[p * kernels + k]!;
        visit(plane * outputs + p, k, place < 0 ? -1 : plane * inputs + place);
      }
}

/**
 * How many places the mean over a window divides by, for each output place of an average pooling (spatial axes only):
 * those inside of the input, or of the input with its padding.
 */
export function windowCounts(input: Shape, output: Shape, attributes: AveragingAttributes): Float64Array {
  const { kernelSize, stride, padding, divisor } = attributes;
  if (divisor !== undefined) return new Float64Array(sizeOf(output)).fill(divisor);
  let counts = Float64Array.of(1);
  for (const [axis, extent] of input.entries()) {
    const [low, high] = countedRange(extent, padding[axis]!, attributes);
    counts = Float64Array.from({ length: counts.length * output[axis]! }, (_, at) => {
      const start = (at % output[axis]!) * stride[axis]! - padding[axis]!;
      const count = Math.min(start + kernelSize[axis]!, high) - Math.max(start, low);
      return counts[Math.floor(at / output[axis]!)]! * count;
    });
  }
  return counts;
}

/** The same in a kernel, where `starts` give the first place of a window; a number where it is the same everywhere. */
export function windowCount(
  input: Shape,
  output: Shape,
  attributes: AveragingAttributes,
  starts: readonly Expression[],
): Expression {
  if (attributes.divisor !== undefined) return constant(attributes.divisor);
  const whole = sizeOf(attributes.kernelSize);
  if (windowCounts(input, output, attributes).every((count) => count === whole)) return constant(whole);
  return input
    .map((extent, axis) => {
      const [low, high] = countedRange(extent, attributes.padding[axis]!, attributes);
      const start = starts[axis]!;
      const end = subtract(start, constant(-attributes.kernelSize[axis]!));
      const count = subtract(binary('minimum', end, constant(high)), binary('maximum', start, constant(low)));
      // A window that is not there (in the gradient) holds zeros: they may be divided by anything but 0.
      return binary('maximum', count, constant(1));
    })
    .reduce(multiply);
}

/** First places of the windows, in kernels whose dims are those of `windowRead`. */
export function windowStarts({ stride, padding }: AveragingAttributes): Expression[] {
  return stride.map((step, i) => subtract(multiply(index(2 + i), constant(step)), constant(padding[i]!)));
}

/** The same where the dims are those of `coveringRead`, without dilation. */
export function coveringStarts({ kernelSize }: AveragingAttributes): Expression[] {
  return kernelSize.map((_, i) => subtract(index(2 + i), index(2 + kernelSize.length + i)));
}

function countedRange(extent: number, padding: number, { countIncludePad = true }: AveragingAttributes) {
  return countIncludePad ? ([-padding, extent + padding] as const) : ([0, extent] as const);
}

/** 0, 1, … up to the last outer dim of a pooling's kernel. */
export const outerOrder = ({ kernelSize }: { readonly kernelSize: readonly number[] }): number[] =>
  Array.from({ length: 2 + kernelSize.length }, (_, dim) => dim);
