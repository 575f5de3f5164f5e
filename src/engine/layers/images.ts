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
 * Output sizes of a sliding window: floor((in + 2·padding − dilation·(kernel − 1) − 1) / stride) + 1 on each axis.
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
  },
): [height: number, width: number] {
  const reach = window.kernelSize.map((kernel, i) => (window.dilation?.[i] ?? 1) * (kernel - 1) + 1);
  const padded = sizes.map((size, i) => size + 2 * window.padding[i]!);
  if (reach.some((extent, i) => extent > padded[i]!)) {
    const fitting = window.kernelSize.map((kernel, i) => Math.min(kernel, sizes[i]!));
    const undilated = window.dilation?.every((dilation) => dilation === 1) ?? true;
    throw new LayerError(
      `The ${formatShape(reach)} window of ${type} is larger than its input, ${formatShape(padded)} with padding.`,
      {
        parameter: 'kernelSize',
        fixes: undilated ? [{ kind: 'setParameter', parameter: 'kernelSize', value: fitting }] : [],
      },
    );
  }
  const [height, width] = reach.map((extent, i) => Math.floor((padded[i]! - extent) / window.stride[i]!) + 1);
  return [height!, width!];
}
