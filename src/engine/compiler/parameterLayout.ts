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
}

/** Each weight starts at a multiple of this many elements: 256 bytes, so that a device can bind it by itself. */
const ALIGNMENT = 64;

export function parameterLayout(inference: GraphInference): ParameterLayout {
  const entries: WeightEntry[] = [];
  let size = 0;
  for (const id of inference.order) {
    const node = inference.nodes[id];
    for (const spec of withInitializer(node?.inference?.weights ?? [], node?.initial)) {
      const trainable = spec.trainable && !node?.frozen;
      entries.push({
        name: `${id}.${spec.name}`,
        node: id,
        weight: spec.name,
        shape: spec.shape,
        initial: spec.initial,
        trainable,
        offset: trainable ? size : 0,
      });
      if (trainable) size += Math.ceil(sizeOf(spec.shape) / ALIGNMENT) * ALIGNMENT;
    }
  }
  return { entries, size };
}
