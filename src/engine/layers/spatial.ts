import { formatShape, sizeOf } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import { LayerError } from './defineLayer.ts';
import { imageOf } from './images.ts';
import { signalOf } from './signals.ts';

/** How many spatial axes a layer works over: signals, images, volumes. */
export type SpatialRank = 1 | 2 | 3;

/** Words that help texts need, by the number of spatial axes. */
export const SPATIAL = {
  1: { sizes: 'Length', input: '[N, Cin, L]', output: '[N, Cout, Lout]', first: 'L', thing: 'signal' },
  2: {
    sizes: 'Height and width',
    input: '[N, Cin, H, W]',
    output: '[N, Cout, Hout, Wout]',
    first: 'H',
    thing: 'image',
  },
  3: {
    sizes: 'Depth, height and width',
    input: '[N, Cin, D, H, W]',
    output: '[N, Cout, Dout, Hout, Wout]',
    first: 'D',
    thing: 'volume',
  },
} as const;

/** One number for each spatial axis. */
export const eachAxis = <Item>(rank: SpatialRank, item: Item): Item[] => Array.from({ length: rank }, () => item);

/** Channels and spatial sizes of a sample. @throws LayerError if it has other axes, with the Reshape that mends it. */
export function spatialOf(
  type: string,
  rank: SpatialRank,
  input: Shape,
): { readonly channels: number; readonly sizes: readonly number[] } {
  const [channels, ...sizes] =
    rank === 1 ? signalOf(type, input) : rank === 2 ? imageOf(type, input) : volumeOf(type, input);
  return { channels, sizes };
}

function volumeOf(type: string, input: Shape): readonly [channels: number, ...sizes: number[]] {
  if (input.length === 4) return input as readonly [number, ...number[]];
  const cube = Math.round(Math.cbrt(sizeOf(input)));
  const shape = input.length === 3 ? [1, ...input] : cube ** 3 === sizeOf(input) ? [1, cube, cube, cube] : undefined;
  throw new LayerError(
    `${type} expects volumes (channels × depth × height × width) and receives samples of ${formatShape(input)}.`,
    { fixes: shape ? [{ kind: 'insertBefore', layer: 'Reshape', parameters: { shape } }] : [] },
  );
}

/**
 * Keras' layers are channels-last. Images lie so already; signals and volumes have their axes moved before and after.
 * @param apply what to do with the channels-last expression
 */
export function kerasSpatial(rank: SpatialRank, x: string, apply: (x: string) => string): string {
  if (rank === 2) return apply(x);
  const [before, after] = rank === 1 ? ['(2, 1)', '(2, 1)'] : ['(2, 3, 4, 1)', '(4, 1, 2, 3)'];
  return `layers.Permute(${after})(${apply(`layers.Permute(${before})(${x})`)})`;
}

/** ops.pad of a channels-last tensor along its spatial axes; `x` itself where there is nothing to add. */
export function kerasPad(x: string, before: readonly number[], after: readonly number[], value?: string): string {
  if ([...before, ...after].every((size) => size === 0)) return x;
  const border = before.map((size, i) => `(${size}, ${after[i]})`).join(', ');
  return `ops.pad(${x}, ((0, 0), ${border}, (0, 0))${value ? `, constant_values=${value}` : ''})`;
}
