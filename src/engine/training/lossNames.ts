import type { GraphInference } from '../compiler/infer.ts';
import type { GraphDocument, NodeId } from '../graph/document.ts';

/** What people call losses: their layers' own names, else the kind of loss; those of one name are numbered. */
export function lossNames(document: GraphDocument, inference: GraphInference, nodes: readonly string[]): string[] {
  const names = nodes.map((id) => document.nodes[id as NodeId]?.name ?? inference.nodes[id]?.definition?.title ?? id);
  return names.map((name, i) => {
    const before = names.slice(0, i).filter((other) => other === name).length;
    return before === 0 ? name : `${name} ${before + 1}`;
  });
}
