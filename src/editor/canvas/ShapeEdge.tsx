import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { wirePath } from './wirePath.ts';

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
            className={`nopan pointer-events-none absolute rounded px-1 font-mono text-[10px] leading-4 ${selected ? 'bg-primary text-primary-ink' : 'bg-canvas text-muted'}`}
            style={{
              transform: `translate(-50%, -50%) translate(${x}px, ${props.sourcePosition === Position.Bottom ? y : y - 11}px)`,
            }}
          >
            {data.label}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
});
