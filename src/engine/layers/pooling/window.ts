import { LayerError } from '../defineLayer.ts';

interface PoolParameters {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
}

/** The step of a pooling window: its own size where none is given, as in PyTorch. */
export function strideOf({ kernelSize, stride }: PoolParameters): readonly number[] {
  return stride.map((step, i) => (step === 0 ? kernelSize[i]! : step));
}

/** @throws LayerError if a window could lie in the padding alone. */
export function requirePoolPadding(type: string, { kernelSize, padding }: PoolParameters): void {
  if (padding.every((size, i) => 2 * size <= kernelSize[i]!)) return;
  throw new LayerError(
    `The padding of ${type} is ${padding.join('×')}: at most half of the ${kernelSize.join('×')} window.`,
    {
      parameter: 'padding',
      fixes: [
        { kind: 'setParameter', parameter: 'padding', value: kernelSize.map((kernel) => Math.floor(kernel / 2)) },
      ],
    },
  );
}
