import type { NodeChange } from '@xyflow/react';
import type { Point } from '../stores/canvasActions.ts';
import type { CanvasNode } from './useAnnotations.ts';

/**
 * Changes that React Flow asks for, extended to the selected layers that it does not know of, because they are only
 * drawn: they move along with a selected one that is dragged, and are let go of when another one is selected.
 *
 * @param unknown selected layers that are only drawn, and where each stood before the drag
 * @param lead where a layer stood before the drag, if it is one of the selected
 * @param adding whether what is selected joins the selection
 */
export function extendChanges(
  changes: readonly NodeChange<CanvasNode>[],
  unknown: ReadonlyMap<string, Point>,
  lead: (id: string) => Point | undefined,
  adding: boolean,
): NodeChange<CanvasNode>[] {
  const extended = [...changes];
  if (unknown.size === 0) return extended;
  if (!adding && changes.some((change) => change.type === 'select' && change.selected)) {
    for (const id of unknown.keys()) extended.push({ type: 'select', id, selected: false });
    return extended;
  }
  for (const change of changes) {
    if (change.type !== 'position' || !change.position) continue;
    const start = lead(change.id);
    if (!start) continue;
    const by = { x: change.position.x - start.x, y: change.position.y - start.y };
    for (const [id, { x, y }] of unknown) {
      const position = { x: x + by.x, y: y + by.y };
      extended.push({ ...change, id, position });
    }
    break;
  }
  return extended;
}
