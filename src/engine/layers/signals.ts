import { formatShape } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import { LayerError } from './defineLayer.ts';

/** Channels and length of a sample that must be a signal. @throws LayerError with the Reshape that makes one. */
export function signalOf(type: string, input: Shape): readonly [channels: number, length: number] {
  const [channels, length] = input;
  if (input.length === 2) return [channels!, length!];
  const signal = input.length === 1 ? [1, channels!] : [channels!, -1];
  throw new LayerError(`${type} expects signals (channels × length) and receives samples of ${formatShape(input)}.`, {
    fixes: input.length > 0 ? [{ kind: 'insertBefore', layer: 'Reshape', parameters: { shape: signal } }] : [],
  });
}

/** Keras' 1-D layers are channels-last, and samples of two axes keep theirs: exchanged before and after. */
export const kerasSignal = (layer: string, [x]: readonly string[]): string =>
  `layers.Permute((2, 1))(${layer}(layers.Permute((2, 1))(${x})))`;
