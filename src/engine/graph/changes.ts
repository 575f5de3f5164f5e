import type {
  DataSettings,
  EdgeId,
  GraphDocument,
  GraphEdge,
  GraphNode,
  NodeId,
  ParameterValue,
  TrainingSettings,
} from './document.ts';

/** Every edit of a document. The union is closed: undo, autosave, tests and the history list read it. */
export type GraphChange =
  | { readonly kind: 'addNode'; readonly node: GraphNode }
  /** Removes the node and every wire that ends at it. */
  | { readonly kind: 'removeNode'; readonly node: NodeId }
  | { readonly kind: 'moveNode'; readonly node: NodeId; readonly position: GraphNode['position'] }
  | { readonly kind: 'setParameter'; readonly node: NodeId; readonly parameter: string; readonly value: ParameterValue }
  | { readonly kind: 'nameNode'; readonly node: NodeId; readonly name: string | undefined }
  | { readonly kind: 'freezeNode'; readonly node: NodeId; readonly frozen: boolean }
  /** How its weights are drawn; undefined: as the layer has it. */
  | { readonly kind: 'setInitial'; readonly node: NodeId; readonly initial: GraphNode['initial'] | undefined }
  /** Adds a wire; a wire that already ends at the same input port is replaced unless that port takes many. */
  | { readonly kind: 'addEdge'; readonly edge: GraphEdge; readonly many?: boolean }
  | { readonly kind: 'removeEdge'; readonly edge: EdgeId }
  | { readonly kind: 'setTraining'; readonly training: Partial<TrainingSettings> }
  | { readonly kind: 'setData'; readonly data: DataSettings }
  | { readonly kind: 'rename'; readonly name: string }
  /** Several changes as one step of undo. */
  | { readonly kind: 'group'; readonly changes: readonly GraphChange[] };

/**
 * The document after a change. Pure: parts that did not change are shared, and a change that does nothing gives the
 * same object back.
 * @throws RangeError if the change names a node that does not exist.
 */
export function apply(document: GraphDocument, change: GraphChange): GraphDocument {
  switch (change.kind) {
    case 'addNode':
      return { ...document, nodes: { ...document.nodes, [change.node.id]: change.node } };
    case 'removeNode': {
      if (!document.nodes[change.node]) return document;
      const { [change.node]: _removed, ...nodes } = document.nodes;
      const edges = Object.fromEntries(
        Object.entries(document.edges).filter(
          ([, edge]) => edge.source.node !== change.node && edge.target.node !== change.node,
        ),
      ) as GraphDocument['edges'];
      return { ...document, nodes: nodes as GraphDocument['nodes'], edges };
    }
    case 'moveNode':
      return withNode(document, change.node, (node) => ({ ...node, position: change.position }));
    case 'setParameter':
      return withNode(document, change.node, (node) => ({
        ...node,
        parameters: { ...node.parameters, [change.parameter]: asSaved(change.value) },
      }));
    case 'nameNode':
      return withNode(document, change.node, ({ name: _old, ...node }) =>
        change.name === undefined ? node : { ...node, name: change.name },
      );
    case 'freezeNode':
      return withNode(document, change.node, ({ frozen: _old, ...node }) =>
        change.frozen ? { ...node, frozen: true } : node,
      );
    case 'setInitial':
      return withNode(document, change.node, ({ initial: _old, ...node }) =>
        change.initial ? { ...node, initial: change.initial } : node,
      );
    case 'addEdge': {
      const { target } = change.edge;
      const kept = Object.entries(document.edges).filter(
        ([, edge]) => change.many || edge.target.node !== target.node || edge.target.port !== target.port,
      );
      return {
        ...document,
        edges: { ...(Object.fromEntries(kept) as GraphDocument['edges']), [change.edge.id]: change.edge },
      };
    }
    case 'removeEdge': {
      if (!document.edges[change.edge]) return document;
      const { [change.edge]: _removed, ...edges } = document.edges;
      return { ...document, edges: edges as GraphDocument['edges'] };
    }
    case 'setTraining':
      return { ...document, training: { ...document.training, ...change.training } };
    case 'setData':
      return { ...document, data: change.data };
    case 'rename':
      return { ...document, name: change.name };
    case 'group':
      return change.changes.reduce(apply, document);
  }
}

function withNode(document: GraphDocument, id: NodeId, edit: (node: GraphNode) => GraphNode): GraphDocument {
  const node = document.nodes[id];
  if (!node) throw new RangeError(`no node "${id}" in the document`);
  return { ...document, nodes: { ...document.nodes, [id]: edit(node) } };
}

/** A value as it comes back from a file: JSON has no −0. */
function asSaved(value: ParameterValue): ParameterValue {
  if (Array.isArray(value)) return value.map((item) => item + 0);
  return typeof value === 'number' ? value + 0 : value;
}
