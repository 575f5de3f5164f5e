import { withoutNumbers } from '../../engine/compiler/inferBlocks.ts';
import type { RunProfile } from '../../workers/protocol.ts';

export interface NodeCost {
  readonly milliseconds: number;
  readonly share: number;
  /** Its weights, and what the optimizer keeps for each of them. */
  readonly weightBytes: number;
  /** Activations and gradients. */
  readonly resultBytes: number;
  readonly memoryShare: number;
}

type Layers = RunProfile['layers'];

const memoryOf = (layers: Layers): number =>
  layers.reduce((sum, { weightBytes, resultBytes }) => sum + weightBytes + resultBytes, 0);

/**
 * How much of a training step's time and memory a node takes: a layer, or a use of a block with all that is inside, in
 * all repetitions. Shares are of all layers, from 0 to 1.
 * @param place ids of the uses that it lies in, then its own, with dots between
 * @returns undefined where nothing of the step is its
 */
export function costOf({ layers }: Pick<RunProfile, 'layers'>, place: string): NodeCost | undefined {
  const own = layers.filter(({ node }) => node !== undefined && `${withoutNumbers(node)}.`.startsWith(`${place}.`));
  if (own.length === 0) return undefined;
  return {
    milliseconds: own.reduce((sum, each) => sum + each.milliseconds, 0),
    share: own.reduce((sum, each) => sum + each.share, 0),
    weightBytes: own.reduce((sum, each) => sum + each.weightBytes, 0),
    resultBytes: own.reduce((sum, each) => sum + each.resultBytes, 0),
    memoryShare: memoryOf(own) / Math.max(1, memoryOf(layers.filter(({ node }) => node !== undefined))),
  };
}
