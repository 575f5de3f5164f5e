import { EngineError } from '../errors.ts';
import { philoxUniforms } from '../kernels/philox.ts';
import type { Dataset, Split } from './dataset.ts';

/** A point and its class, from numbers drawn uniformly in [0, 1). */
type Draw = (label: number, u: number, noise: readonly [number, number]) => readonly [number, number];

const NOISE = 0.08;

const DRAWS: Readonly<Record<string, Draw>> = {
  moons: (label, u, [a, b]) => {
    const angle = Math.PI * u;
    const [x, y] = label === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
    return [x - 0.5 + NOISE * a, y - 0.25 + NOISE * b];
  },
  circles: (label, u, [a, b]) => {
    const radius = label === 0 ? 1 : 0.5;
    return [radius * Math.cos(2 * Math.PI * u) + NOISE * a, radius * Math.sin(2 * Math.PI * u) + NOISE * b];
  },
  spiral: (label, u, [a, b]) => {
    const angle = 3.5 * Math.PI * Math.sqrt(u) + Math.PI * label;
    const radius = Math.sqrt(u);
    return [radius * Math.cos(angle) + (NOISE / 3) * a, radius * Math.sin(angle) + (NOISE / 3) * b];
  },
  xor: (label, u, [a, b]) => {
    const left = u < 0.5;
    const low = left === (label === 0);
    return [(left ? -0.5 : 0.5) + 2 * NOISE * a, (low ? -0.5 : 0.5) + 2 * NOISE * b];
  },
};

/** Names of the generated sets. */
export const toyNames = Object.keys(DRAWS);

/**
 * Points in the plane in two classes, drawn from a seed.
 * @throws EngineError if there is no such set.
 */
export function generateToy(
  name: string,
  counts: { train: number; test: number },
  title: string,
  classes: readonly string[],
): Dataset {
  const draw = Object.hasOwn(DRAWS, name) ? DRAWS[name] : undefined;
  if (!draw)
    throw new EngineError('bad-data', `there is no generated data set "${name}": expected ${toyNames.join(', ')}`);
  const split = (count: number, stream: number): Split => {
    const uniforms = philoxUniforms(3 * count, 42, 0, stream);
    const inputs = new Float32Array(2 * count);
    const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
    for (let i = 0; i < count; i++) {
      // Box–Muller: two normals from two uniforms.
      const radius = Math.sqrt(-2 * Math.log(1 - (uniforms[3 * i + 1] as number)));
      const angle = 2 * Math.PI * (uniforms[3 * i + 2] as number);
      const noise = [radius * Math.cos(angle), radius * Math.sin(angle)] as const;
      inputs.set(draw(labels[i] as number, uniforms[3 * i] as number, noise), 2 * i);
    }
    return { count, inputs, labels };
  };
  return { id: name, title, sample: [2], classes, train: split(counts.train, 1), test: split(counts.test, 2) };
}
