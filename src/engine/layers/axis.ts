import { formatShape } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import { LayerError } from './defineLayer.ts';

/**
 * Axis of the batched tensor that PyTorch's `dim` means: the batch is axis 0, negative ones count from the end.
 * @param sample shape of one sample, without the batch axis
 * @throws LayerError if there is no such axis, or if it is the batch.
 */
export function axisOf(type: string, dim: number, sample: Shape): number {
  const axis = dim < 0 ? sample.length + 1 + dim : dim;
  if (axis < 1 || axis > sample.length) {
    throw new LayerError(
      `${type} has dim ${dim}, but samples of ${formatShape(sample)} have the axes 1 to ${sample.length} (0 is the batch).`,
      { parameter: 'dim', fixes: [{ kind: 'setParameter', parameter: 'dim', value: 1 }] },
    );
  }
  return axis;
}
