import { sameShape } from '../engine/ir/shape.ts';
import type { NamedWeight } from '../engine/training/initialWeights.ts';
import type { TrainingRun } from '../engine/training/trainingRun.ts';

/** Gives a run the weights of another one where name and shape are the same; all others keep their first values. */
export async function keepWeights(
  run: TrainingRun,
  before: readonly NamedWeight[],
): Promise<{ weights: number; of: number }> {
  const known = new Map(before.map((weight) => [weight.name, weight]));
  let weights = 0;
  const merged = (await run.weights()).map((weight) => {
    const old = known.get(weight.name);
    if (!old || !sameShape(old.shape, weight.shape)) return weight;
    weights++;
    return old;
  });
  run.setWeights(merged);
  return { weights, of: merged.length };
}
