import {
  BaseEdge,
  type Edge,
  EdgeLabelRenderer,
  type EdgeProps,
  getBezierPath,
  getSmoothStepPath,
} from '@xyflow/react';
import { memo } from 'react';
import { NODE_SPACING } from '../../engine/graph/edits.ts';

type Ends = Parameters<typeof getBezierPath>[0];

/** How far the control points of a skip connection lie above its ends: its line clears a node. */
const OVER = 90;

export type FlowEdge = Edge<{ readonly label: string; readonly broken: boolean }, 'shape'>;

/** A wire with the shape of what runs along it. */
export const ShapeEdge = memo(function ShapeEdge(props: EdgeProps<FlowEdge>) {
  const { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data, selected } = props;
  const ends = { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition };
  const [path, x, y] = wirePath(ends);
  const long = Math.abs(targetX - sourceX) > 44 || Math.abs(targetY - sourceY) > 20;
  return (
    <>
      <BaseEdge
        id={props.id}
        path={path}
        {...(data?.broken ? { style: { stroke: 'var(--danger)', strokeDasharray: '5 4' } } : {})}
        interactionWidth={18}
      />
      {data && long && (
        <EdgeLabelRenderer>
          <span
            className={`nopan pointer-events-none absolute rounded px-1 font-mono text-[10px] leading-4 ${selected ? 'bg-accent text-accent-ink' : 'bg-canvas text-muted'}`}
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y - 11}px)` }}
          >
            {data.label}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

/** The line of a wire, and where its label stands. */
function wirePath(ends: Ends): readonly [path: string, labelX: number, labelY: number] {
  const { sourceX, sourceY, targetX, targetY } = ends;
  // A wire back to the left goes between the rows; a curve would run through the nodes.
  if (targetX < sourceX) {
    const [path, x, y] = getSmoothStepPath({ ...ends, borderRadius: 14, offset: 22 });
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
