import { formatShape } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import { type InputPort, LayerError } from './defineLayer.ts';

/** An optional port for a mask: one number a step, 0 for steps that only fill up a sequence, as PaddingMask makes it. */
export function maskPort<const Name extends string>(name: Name): InputPort & { readonly name: Name } {
  return { name, optional: true };
}

/** @throws LayerError if there is a mask and it has not one number for each of so many steps. */
export function requireMask(type: string, port: string, mask: Shape | undefined, steps: number): void {
  if (!mask || (mask.length === 1 && mask[0] === steps)) return;
  const made = mask.length === 2 && mask[0] === steps;
  throw new LayerError(
    `"${port}" of ${type} expects one number for each of ${steps} steps and receives ${formatShape(mask)}.`,
    { fixes: made ? [{ kind: 'insertBefore', layer: 'PaddingMask', port }] : [] },
  );
}
