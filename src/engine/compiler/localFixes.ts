import type { GraphChange } from '../graph/changes.ts';
import type { EdgeId, Graph, GraphDocument, NodeId } from '../graph/document.ts';
import { insertOnEdge, removeAndHeal } from '../graph/edits.ts';
import type { ExpandedDocument } from './expand.ts';

/** `['block1.0.', 'conv1']` of `block1.0.conv1`. */
export function splitPath(path: string): readonly [prefix: string, id: string] {
  const end = path.lastIndexOf('.') + 1;
  return [path.slice(0, end), path.slice(end)];
}

/** The use that a prefix `block1.0.` leads into; undefined for the document itself. */
export function pathOfUse(prefix: string): string | undefined {
  return prefix === '' ? undefined : prefix.replace(/\.\d+\.$/, '');
}

/**
 * A quick fix of the expanded document as a change of the document: an edit inside of a block becomes one of the block,
 * the setting of a parameter that a block exposes one of its use. Undefined if there is no such change.
 */
export function localFix(
  document: GraphDocument,
  expanded: ExpandedDocument,
  change: GraphChange,
): GraphChange | undefined {
  const within = (prefix: string, edit: (graph: GraphDocument) => GraphChange | undefined): GraphChange | undefined => {
    const path = pathOfUse(prefix);
    if (path === undefined) return edit(document);
    const block = expanded.uses.get(path)?.block;
    const inner = block && edit({ ...document, ...graphOf(block) });
    return inner && { kind: 'inBlock', block: block.id, change: inner };
  };

  switch (change.kind) {
    case 'setParameter': {
      const [prefix, id] = splitPath(change.node);
      const use = expanded.uses.get(pathOfUse(prefix) ?? '');
      const exposed = Object.entries(use?.block.parameters ?? {}).find(([, targets]) =>
        targets.some(({ node, parameter }) => node === id && parameter === change.parameter),
      );
      if (use && exposed) {
        return localFix(document, expanded, { ...change, node: use.path, parameter: exposed[0] });
      }
      return within(prefix, () => ({ ...change, node: id as NodeId }));
    }
    case 'setFormula': {
      const [prefix, id] = splitPath(change.node);
      return within(prefix, () => ({ ...change, node: id as NodeId }));
    }
    case 'removeEdge': {
      const [prefix, id] = splitPath(change.edge);
      return within(prefix, ({ edges }) =>
        edges[id as EdgeId] ? { kind: 'removeEdge', edge: id as EdgeId } : undefined,
      );
    }
    case 'group': {
      const removed = change.changes.find((each) => each.kind === 'removeNode');
      if (removed) {
        const [prefix, id] = splitPath(removed.node);
        return within(prefix, (graph) => removeAndHeal(graph, id as NodeId));
      }
      const added = change.changes.find((each) => each.kind === 'addNode');
      const cut = change.changes.find((each) => each.kind === 'removeEdge');
      const [into, from] = change.changes.flatMap((each) => (each.kind === 'addEdge' ? [each.edge] : []));
      if (!added || !cut || !into || !from) return undefined;
      const { type, version, parameters } = added.node;
      const [prefix, id] = splitPath(cut.edge);
      return within(prefix, (graph) => {
        const edge = graph.edges[id as EdgeId];
        const layer = { type, version, parameters, input: into.target.port, output: from.source.port };
        return edge && insertOnEdge(graph, edge, layer);
      });
    }
    default:
      return undefined;
  }
}

function graphOf({ nodes, edges }: Graph): Graph {
  return { nodes, edges };
}
