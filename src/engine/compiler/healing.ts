import { apply, type GraphChange } from '../graph/changes.ts';
import type { GraphDocument, GraphEdge, NodeId } from '../graph/document.ts';
import { newEdgeId } from '../graph/ids.ts';
import { edgesBySource, edgesByTarget } from '../graph/topology.ts';
import type { GraphInference } from './infer.ts';
import { type ConnectionCheck, canConnect } from './validateConnection.ts';

export interface Healing {
  readonly change: GraphChange;
  /** Why wires could not be joined again, one sentence each; none if all were. */
  readonly refused: readonly string[];
}

/**
 * Takes a node out and joins what it read from to what read from it, where a person could draw that wire: `canConnect`
 * decides. Of a node with several inputs, the first one whose wire fits goes on.
 */
export function removeAndRejoin(document: GraphDocument, node: NodeId, inference: GraphInference): Healing {
  const incoming = edgesByTarget(document).get(node) ?? [];
  const outgoing = edgesBySource(document).get(node) ?? [];
  const without = apply(document, { kind: 'removeNode', node });
  const changes: GraphChange[] = [{ kind: 'removeNode', node }];
  const refused: string[] = [];
  const taken = new Set<string>();
  for (const { target } of outgoing) {
    const found = fittingSource(without, incoming, target, inference);
    if (!found) continue;
    if (!found.check.ok) {
      refused.push(found.check.reason);
      continue;
    }
    const id = newEdgeId(document, taken);
    taken.add(id);
    changes.push({ kind: 'addEdge', edge: { id, source: found.source, target }, many: true });
  }
  return { change: { kind: 'group', changes }, refused: [...new Set(refused)] };
}

/** The first source that fits as it is, else the first that fits after a quick fix, else the first with why it does not. */
function fittingSource(
  document: GraphDocument,
  incoming: readonly GraphEdge[],
  target: GraphEdge['target'],
  inference: GraphInference,
): { readonly source: GraphEdge['source']; readonly check: ConnectionCheck } | undefined {
  const tried = incoming.map(({ source }) => ({ source, check: canConnect(document, source, target, inference) }));
  return (
    tried.find(({ check }) => check.ok && check.warning === undefined) ??
    tried.find(({ check }) => check.ok) ??
    tried[0]
  );
}
