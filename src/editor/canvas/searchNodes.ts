import type { GraphInference } from '../../engine/compiler/infer.ts';
import type { GraphDocument, GraphNode } from '../../engine/graph/document.ts';

/**
 * Placed layers that a query finds, best first: by their names, then by type, then by parameters. Every word must occur
 * somewhere; `kernelSize=3` or `kernel:3` asks for a value of a parameter.
 */
export function searchNodes(document: GraphDocument, inference: GraphInference, query: string): GraphNode[] {
  const ranks = rankNodes(document, inference, query);
  return [...ranks.keys()].sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
}

/** How well each layer that a query finds fits it: 0 is best, and many may be alike. */
export function rankNodes(
  document: GraphDocument,
  inference: GraphInference,
  query: string,
): ReadonlyMap<GraphNode, number> {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return new Map(
    Object.values<GraphNode>(document.nodes).flatMap((node) => {
      const rank = rankOf(node, inference, words);
      return rank === undefined ? [] : [[node, rank] as const];
    }),
  );
}

function rankOf(node: GraphNode, inference: GraphInference, words: readonly string[]): number | undefined {
  const facts = inference.nodes[node.id];
  const [name, type] = [node.name?.toLowerCase() ?? '', node.type.toLowerCase()];
  const title = facts?.definition?.title.toLowerCase() ?? '';
  const parameters = Object.entries({ ...facts?.parameters, ...node.parameters }).map(
    ([key, value]) => [key.toLowerCase(), String(value).toLowerCase()] as const,
  );
  let worst = 0;
  for (const word of words) {
    const [key = '', wanted] = word.split(/[=:]/);
    if (wanted !== undefined) {
      if (!parameters.some(([own, value]) => own.includes(key) && value.split(',').includes(wanted))) return undefined;
      worst = Math.max(worst, 3);
    } else if (name.startsWith(word)) worst = Math.max(worst, 0);
    else if (name.includes(word) || type.startsWith(word) || title.startsWith(word)) worst = Math.max(worst, 1);
    else if (type.includes(word) || title.includes(word)) worst = Math.max(worst, 2);
    else if (parameters.some(([own, value]) => own.includes(word) || value === word)) worst = Math.max(worst, 3);
    else return undefined;
  }
  return worst;
}
