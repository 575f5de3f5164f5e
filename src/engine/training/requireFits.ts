import type { GraphInference } from '../compiler/infer.ts';
import type { ParameterLayout } from '../compiler/parameterLayout.ts';
import { EngineError } from '../errors.ts';
import { formatShape, MOST_ELEMENTS, sizeOf } from '../ir/shape.ts';

/**
 * Refuses a model that no device holds, before anything is allocated for it.
 * @throws EngineError `out-of-memory` naming the layer, what it would take, what is possible, and what to do.
 */
export function requireFits(inference: GraphInference, layout: ParameterLayout, batchSize: number): void {
  const most = MOST_ELEMENTS.toExponential(0);
  if (layout.size > MOST_ELEMENTS) {
    const [largest] = [...layout.entries].sort((a, b) => sizeOf(b.shape) - sizeOf(a.shape));
    throw new EngineError(
      'out-of-memory',
      `The model has ${layout.size.toExponential(1)} weights: at most ${most} are possible. Its largest is ${largest!.name} of ${formatShape(largest!.shape)}: make that layer smaller.`,
      largest!.node,
    );
  }
  for (const id of inference.order) {
    const { layer, inference: found } = inference.nodes[id] ?? {};
    for (const shape of found?.outputs ?? []) {
      const size = sizeOf(shape) * batchSize;
      if (size <= MOST_ELEMENTS) continue;
      const fitting = Math.max(1, Math.floor(MOST_ELEMENTS / sizeOf(shape)));
      throw new EngineError(
        'out-of-memory',
        `${layer?.type ?? 'A layer'} (${id}) would give ${formatShape([batchSize, ...shape])} for a batch of ${batchSize}, ${size.toExponential(1)} numbers: at most ${most} are possible. Set the batch size to at most ${fitting}, or make the layer smaller.`,
        id,
      );
    }
  }
}
