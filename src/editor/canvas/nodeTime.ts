import { withoutNumbers } from '../../engine/compiler/inferBlocks.ts';
import type { RunProfile } from '../../workers/protocol.ts';

/**
 * How much of a training step a node takes: a layer, or a use of a block with all that is inside, in all repetitions.
 * @param place ids of the uses that it lies in, then its own, with dots between
 * @returns undefined where nothing of the step is its
 */
export function timeOf(
  { layers }: Pick<RunProfile, 'layers'>,
  place: string,
): { readonly milliseconds: number; readonly share: number } | undefined {
  const own = layers.filter(({ node }) => node !== undefined && `${withoutNumbers(node)}.`.startsWith(`${place}.`));
  if (own.length === 0) return undefined;
  return {
    milliseconds: own.reduce((sum, each) => sum + each.milliseconds, 0),
    share: own.reduce((sum, each) => sum + each.share, 0),
  };
}
