import type { GraphChange } from '../../engine/graph/changes.ts';
import type { NodeId } from '../../engine/graph/document.ts';
import { graphStore } from './graph.ts';

/** Lays all layers out in the direction of the data, in one step of undo. The layout's code is fetched when it is first asked for. */
export async function arrange(
  direction: 'right' | 'down',
  sizeOf: (id: string) => { readonly width: number; readonly height: number },
): Promise<void> {
  const { Graph, layout } = await import('@dagrejs/dagre');
  const { document, dispatch } = graphStore.getState();
  const graph = new Graph();
  graph.setGraph({
    rankdir: direction === 'right' ? 'LR' : 'TB',
    nodesep: 36,
    ranksep: direction === 'right' ? 60 : 56,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of Object.keys(document.nodes)) graph.setNode(id, { ...sizeOf(id) });
  for (const { source, target } of Object.values(document.edges)) graph.setEdge(source.node, target.node);
  layout(graph);
  const moves = graph.nodes().map((id: string): GraphChange => {
    const { x, y, width, height } = graph.node(id) as { x: number; y: number; width: number; height: number };
    const position = { x: Math.round((x - width / 2) / 10) * 10, y: Math.round((y - height / 2) / 10) * 10 };
    return { kind: 'moveNode', node: id as NodeId, position };
  });
  if (moves.length === 0) return;
  dispatch({ kind: 'group', changes: [{ kind: 'setDirection', direction }, ...moves] }, { label: 'Arrange layers' });
}
