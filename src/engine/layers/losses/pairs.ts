import { formatShape, sameShape } from '../../ir/shape.ts';
import type { Shape } from '../../ir/types.ts';
import { type Inference, LayerError } from '../defineLayer.ts';

/** Checks that the vectors that a loss compares with one another have one length. */
export function inferVectors(type: string, inputs: readonly Shape[]): Inference {
  const [first] = inputs;
  for (const input of inputs) {
    if (input.length !== 1) {
      throw new LayerError(`${type} compares vectors and receives samples of ${formatShape(input)}.`, {
        fixes: input.length > 1 ? [{ kind: 'insertBefore', layer: 'Flatten' }] : [],
      });
    }
    if (!sameShape(input, first!)) {
      throw new LayerError(
        `${type} compares vectors of one length and receives ${inputs.map(formatShape).join(', ')}: make them alike.`,
      );
    }
  }
  return { outputs: [[]], weights: [], multiplyAdds: 0 };
}
