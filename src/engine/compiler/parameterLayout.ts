import { withInitializer } from '../initializers/registry.ts';
import { sizeOf } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import type { Initializer } from '../layers/defineLayer.ts';
import type { GraphInference } from './infer.ts';

/** One weight of a document and where it lives. */
export interface WeightEntry {
  /** `NODE.WEIGHT`, the name in checkpoints. */
  readonly name: string;
  readonly node: string;
  readonly weight: string;
  readonly shape: Shape;
  readonly initial: Initializer;
  /** False for running statistics and for all weights of a frozen layer. */
  readonly trainable: boolean;
  /** Elements from the start of the flat parameter buffer; 0 for weights that are not trainable, which have buffers of their own. */
  readonly offset: number;
}

/** All weights of a document: trainable ones side by side in one flat float32 buffer, the others apart. */
export interface ParameterLayout {
  readonly entries: readonly WeightEntry[];
  /** Elements of the flat buffer, gaps included. */
  readonly size: number;
  /** Where in it the weights of each group of nodes lie; the last one is for the nodes of no group. */
  readonly ranges: readonly { readonly offset: number; readonly size: number }[];
}

/** Each weight starts at a multiple of this many elements: 256 bytes, so that a device can bind it by itself. */
const ALIGNMENT = 64;

/** @param groups nodes whose weights are to lie side by side, because an optimizer updates them */
export function parameterLayout(
  inference: GraphInference,
  groups: readonly (readonly string[])[] = [],
): ParameterLayout {
  const groupOf = new Map(groups.flatMap((nodes, group) => nodes.map((node) => [node, group] as const)));
  const entries: (WeightEntry & { group: number })[] = [];
  for (const id of inference.order) {
    const node = inference.nodes[id];
    if (node?.shares) continue;
    for (const spec of withInitializer(node?.inference?.weights ?? [], node?.initial)) {
      const trainable = spec.trainable && !node?.frozen;
      entries.push({
        name: `${id}.${spec.name}`,
        node: id,
        weight: spec.name,
        shape: spec.shape,
        initial: spec.initial,
        trainable,
        offset: 0,
        group: groupOf.get(id) ?? groups.length,
      });
    }
  }
  // The order of the entries says from which numbers their first values are drawn: groups move only where they lie.
  const places = new Map<string, number>();
  let size = 0;
  const ranges = Array.from({ length: groups.length + 1 }, (_, group) => {
    const offset = size;
    for (const { name, shape, trainable, group: own } of entries) {
      if (!trainable || own !== group) continue;
      places.set(name, size);
      size += Math.ceil(sizeOf(shape) / ALIGNMENT) * ALIGNMENT;
    }
    return { offset, size: size - offset };
  });
  return {
    entries: entries.map(({ group: _, ...entry }) => ({ ...entry, offset: places.get(entry.name) ?? 0 })),
    size,
    ranges,
  };
}
