import { getBezierPath, getSmoothStepPath, Position } from '@xyflow/react';
import { NODE_SPACING } from '../../engine/graph/edits.ts';

/** Where a wire begins and ends, and to which side it leaves there. */
export type WireEnds = Parameters<typeof getBezierPath>[0];

/** How far the control points of a skip connection lie above its ends: its line clears a node. */
const OVER = 90;
/** The same to the right of nodes, where data flows down, and how far apart rows are there. */
const ASIDE = 200;
const ROW_SPACING = 170;

/** The same where data flows down: a wire back up goes between the columns, a long one past the nodes at their right. */
function wireDown(ends: WireEnds): readonly [path: string, labelX: number, labelY: number] {
  const { sourceX, sourceY, targetX, targetY } = ends;
  if (targetY < sourceY) {
    const [path, x, y] = getSmoothStepPath({ ...ends, borderRadius: 14, offset: 22 });
    return [path, x, y];
  }
  if (targetY - sourceY > ROW_SPACING && Math.abs(targetX - sourceX) < ASIDE) {
    const [from, to] = [`${sourceX},${sourceY}`, `${targetX},${targetY}`];
    const path = `M${from} C${sourceX + ASIDE},${sourceY + OVER} ${targetX + ASIDE},${targetY - OVER} ${to}`;
    return [path, (sourceX + targetX) / 2 + 0.75 * ASIDE, (sourceY + targetY) / 2];
  }
  const [path, x, y] = getBezierPath(ends);
  return [path, x, y];
}

/** The line of a wire as the `d` of an SVG path, and where its label stands. In canvas units. */
export function wirePath(ends: WireEnds): readonly [path: string, labelX: number, labelY: number] {
  const { sourceX, sourceY, targetX, targetY } = ends;
  if (ends.sourcePosition === Position.Bottom) return wireDown(ends);
  // A wire back to the left goes between the rows; a curve would run through the nodes. One that passes a row goes back
  // in the last gap, a little above the wires between neighbours there.
  if (targetX < sourceX) {
    const passes = targetY - sourceY > 1.5 * ROW_SPACING ? { centerY: targetY - ROW_SPACING / 2 - 14 } : {};
    const [path, x, y] = getSmoothStepPath({ ...ends, ...passes, borderRadius: 14, offset: 22 });
    return [path, x, y];
  }
  // So would one past the next node of a row: a skip connection goes over it.
  if (targetX - sourceX > NODE_SPACING && Math.abs(targetY - sourceY) < OVER) {
    const [from, to] = [`${sourceX},${sourceY}`, `${targetX},${targetY}`];
    const path = `M${from} C${sourceX + OVER},${sourceY - OVER} ${targetX - OVER},${targetY - OVER} ${to}`;
    return [path, (sourceX + targetX) / 2, (sourceY + targetY) / 2 - 0.75 * OVER];
  }
  const [path, x, y] = getBezierPath(ends);
  return [path, x, y];
}
