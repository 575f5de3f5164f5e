import { sameShape } from '../ir/shape.ts';
import type { GraphInference } from './infer.ts';

/** The last node that gives a whole sample made from Noise alone: the end of a generator, behind its last activation. */
export function generatedNode({ order, nodes, data }: GraphInference): string | undefined {
  /** Whether a node depends on noise, and on nothing of the data. */
  const fromNoise = new Map<string, boolean>();
  let found: string | undefined;
  for (const id of order) {
    const { layer, sources = [] } = nodes[id] ?? {};
    const made = layer?.type === 'Noise' || (sources.length > 0 && sources.every(({ node }) => fromNoise.get(node)));
    fromNoise.set(id, made);
    const [shape] = nodes[id]?.inference?.outputs ?? [];
    if (made && layer?.role === 'layer' && shape && sameShape(shape, data.sample)) found = id;
  }
  return found;
}
