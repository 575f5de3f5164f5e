import { formatShape, sizeOf } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import { LayerError } from './defineLayer.ts';

/**
 * Channels, height and width of a sample that must be an image.
 * @throws LayerError with the Reshape that makes one, where the size allows it.
 */
export function imageOf(type: string, input: Shape): readonly [channels: number, height: number, width: number] {
  const [channels, height, width] = input;
  if (input.length === 3) return [channels!, height!, width!];
  const image = input.length === 2 ? [1, ...input] : squareImage(sizeOf(input));
  throw new LayerError(
    `${type} expects images (channels × height × width) and receives samples of ${formatShape(input)}.`,
    { fixes: image ? [{ kind: 'insertBefore', layer: 'Reshape', parameters: { shape: image } }] : [] },
  );
}

/** A square image with one or three channels of that many numbers, if there is one. */
function squareImage(size: number): number[] | undefined {
  for (const channels of [1, 3]) {
    const side = Math.sqrt(size / channels);
    if (Number.isInteger(side) && side > 1) return [channels, side, side];
  }
  return undefined;
}

/**
 * Output sizes of a sliding window: floor((in + 2·padding − dilation·(kernel − 1) − 1) / stride) + 1 on each axis, or
 * rounded up with `ceilMode`, where the last window still begins before the end of the input.
 * @throws LayerError if the window does not fit.
 */
export function windowOutput(
  type: string,
  sizes: readonly number[],
  window: {
    readonly kernelSize: readonly number[];
    readonly stride: readonly number[];
    readonly padding: readonly number[];
    readonly dilation?: readonly number[];
    readonly ceilMode?: boolean;
  },
): number[] {
  const { kernelSize, stride, padding, dilation, ceilMode = false } = window;
  const reach = kernelSize.map((kernel, i) => (dilation?.[i] ?? 1) * (kernel - 1) + 1);
  const padded = sizes.map((size, i) => size + 2 * padding[i]!);
  if (reach.some((extent, i) => extent > padded[i]!)) {
    const fitting = kernelSize.map((kernel, i) => Math.min(kernel, sizes[i]!));
    const undilated = dilation?.every((distance) => distance === 1) ?? true;
    throw new LayerError(
      `The ${formatShape(reach)} window of ${type} is larger than its input, ${formatShape(padded)} with padding.`,
      {
        parameter: 'kernelSize',
        fixes: undilated ? [{ kind: 'setParameter', parameter: 'kernelSize', value: fitting }] : [],
      },
    );
  }
  return reach.map((extent, i) => {
    const steps = (padded[i]! - extent) / stride[i]!;
    if (!ceilMode) return Math.floor(steps) + 1;
    const size = Math.ceil(steps) + 1;
    return (size - 1) * stride[i]! >= sizes[i]! + padding[i]! ? size - 1 : size;
  });
}
