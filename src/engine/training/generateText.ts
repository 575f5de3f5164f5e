import type { Dataset } from '../data/dataset.ts';
import { EngineError } from '../errors.ts';
import { philoxUniforms } from '../kernels/philox.ts';

/** What is to be written on from a beginning. */
export interface TextRequest {
  /** Ids of the characters that are there already; at least one. */
  readonly prompt: Int32Array;
  /** Characters to write. */
  readonly count: number;
  /** Probabilities are raised to the power 1 / temperature: 0 takes the likeliest each time, 1 draws as the model says. */
  readonly temperature: number;
  /** Draws the characters: the same seed and weights, the same text. */
  readonly seed: number;
}

type Predict = (
  inputs: Int32Array,
  count: number,
) => Promise<{ readonly outputs: Float32Array; readonly width: number }>;

/**
 * Characters that a language model writes on, one after another, each drawn from what the model says of the next one.
 * The model sees the last characters that fit into a sample; where there are fewer they stand at its beginning, which
 * asks of the model that no step looks ahead.
 * @throws EngineError `unsupported` for a model that does not say at each step which character comes next.
 */
export async function generateText(
  { vocabulary, sample }: Pick<Dataset, 'vocabulary' | 'sample'>,
  predict: Predict,
  { prompt, count, temperature, seed }: TextRequest,
): Promise<Int32Array> {
  const [steps = 0] = sample;
  const characters = vocabulary?.length ?? 0;
  const known = prompt.every((id) => id >= 0 && id < characters);
  if (prompt.length === 0 || !known) {
    throw new EngineError('bad-data', 'expected a beginning of at least one character that the text has');
  }
  const uniforms = philoxUniforms(count, seed, 0, 0);
  const ids = [...prompt];
  for (let i = 0; i < count; i++) {
    const seen = ids.slice(-steps);
    const inputs = new Int32Array(steps);
    inputs.set(seen);
    const { outputs, width } = await predict(inputs, 1);
    if (characters === 0 || width !== steps * characters) {
      const problem = `${width} numbers a sample, expected ${steps} steps × ${characters} characters`;
      throw new EngineError('unsupported', `this model does not say which character comes next: it gives ${problem}`);
    }
    const last = outputs.subarray((seen.length - 1) * characters, seen.length * characters);
    ids.push(drawn(last, temperature, uniforms[i] as number));
  }
  return Int32Array.from(ids.slice(prompt.length));
}

/** The place that a number u in [0, 1) falls on when probabilities are raised to 1 / temperature and laid side by side. */
export function drawn(probabilities: Float32Array, temperature: number, u: number): number {
  const largest = probabilities.indexOf(Math.max(...probabilities));
  if (!(temperature > 0)) return largest;
  // Over the largest one: otherwise a low temperature makes all of them 0.
  const top = probabilities[largest] as number;
  const weights = Array.from(probabilities, (each) => (each / top) ** (1 / temperature));
  let rest = u * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [place, weight] of weights.entries()) {
    rest -= weight;
    if (rest < 0) return place;
  }
  return largest;
}
