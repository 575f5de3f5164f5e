import type { NodeId } from '../graph/document.ts';
import { formatShape } from '../ir/shape.ts';
import { LayerError } from '../layers/defineLayer.ts';
import type { NodeInference } from './infer.ts';

/** Of these nodes, which share the weights of others, those that can't compute with them, and why. */
export function sharingErrors(
  sharing: readonly NodeId[],
  nodes: Readonly<Record<string, NodeInference>>,
): [NodeId, LayerError][] {
  return sharing.flatMap((id): [NodeId, LayerError][] => {
    const { shares = '', layer, inference } = nodes[id]!;
    if (!layer) return [];
    const owner = nodes[shares];
    const problem = (message: string): [NodeId, LayerError][] => [[id as NodeId, new LayerError(message)]];
    if (owner?.layer !== layer || owner.shares !== undefined) {
      return problem(
        `${layer.type} is to share the weights of "${shares}", which is no ${layer.type} with its own weights.`,
      );
    }
    if (!inference || !owner.inference) return [];
    const shapes = ({ weights }: typeof inference) =>
      weights.map(({ name, shape }) => `${name} ${formatShape(shape)}`).join(', ');
    if (shapes(inference) === shapes(owner.inference)) return [];
    return problem(`${layer.type} needs weights ${shapes(inference)} here, and shares ${shapes(owner.inference)}.`);
  });
}
