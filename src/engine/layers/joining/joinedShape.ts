import { broadcastShapes, formatShape } from '../../ir/shape.ts';
import type { Shape } from '../../ir/types.ts';
import { LayerError } from '../defineLayer.ts';

/** The shape of a sample when several are joined element by element. @throws LayerError if they do not fit. */
export function joinedShape(type: string, inputs: readonly Shape[]): Shape {
  if (inputs.length < 2) throw new LayerError(`${type} joins two or more tensors: connect another wire to it.`);
  const shapes = inputs.map(formatShape).join(' and ');
  if (inputs.some((shape) => shape.length !== inputs[0]!.length)) {
    throw new LayerError(`${type} can't join samples of ${shapes}: they have different numbers of axes.`);
  }
  try {
    return broadcastShapes(...inputs);
  } catch {
    // The rule's own message counts the batch as no axis; say what the wires carry instead.
    throw new LayerError(`${type} can't join samples of ${shapes}: sizes must be equal, or 1.`);
  }
}
