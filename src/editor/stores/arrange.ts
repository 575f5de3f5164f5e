import type { GraphChange } from '../../engine/graph/changes.ts';
import { graphStore } from './graph.ts';

/**
 * Lays everything out in the direction of the data, in one step of undo. The layout's code is fetched when it is first
 * asked for.
 */
export async function arrange(
  direction: 'right' | 'down',
  sizeOf: (id: string) => { readonly width: number; readonly height: number },
): Promise<void> {
  const { layoutGraph } = await import('./layout.ts');
  const { document, dispatch } = graphStore.getState();
  const places = layoutGraph(document, direction, sizeOf);
  const moves: GraphChange[] = [
    ...[...places.nodes].map(([node, position]): GraphChange => ({ kind: 'moveNode', node, position })),
    ...[...places.notes].map(([id, position]): GraphChange => {
      return { kind: 'setNote', note: { ...document.notes![id]!, position } };
    }),
  ];
  if (moves.length === 0) return;
  dispatch({ kind: 'group', changes: [{ kind: 'setDirection', direction }, ...moves] }, { label: 'Arrange layers' });
}
