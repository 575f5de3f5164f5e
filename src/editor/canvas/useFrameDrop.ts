import { useReactFlow } from '@xyflow/react';
import { type MouseEvent as ReactMouseEvent, useCallback, useMemo, useRef, useState } from 'react';
import type { GraphChange } from '../../engine/graph/changes.ts';
import type { GraphNode } from '../../engine/graph/document.ts';
import { canvasActions } from '../stores/canvasActions.ts';
import { type Dragged, drawnFrames, NO_REFRAMING, type Reframing, reframe, reframing } from '../stores/frameMoves.ts';
import { graphStore } from '../stores/graph.ts';
import { FRAME_PREFIX } from './annotationNodes.tsx';
import type { CanvasNode } from './useAnnotations.ts';

/** Layers and notes that are dragged into frames and out of them. */
export interface FrameDrop {
  /** What letting go would do now; frames show it. */
  readonly reframing: Reframing;
  /** The edits that letting go comes to, once. */
  readonly take: () => readonly GraphChange[];
  /** For React Flow. */
  readonly handlers: {
    readonly onNodeDragStart: () => void;
    readonly onNodeDrag: (event: MouseEvent | TouchEvent, node: CanvasNode, nodes: CanvasNode[]) => void;
    readonly onSelectionDragStart: () => void;
    readonly onSelectionDrag: (event: ReactMouseEvent, nodes: CanvasNode[]) => void;
  };
}

const sizeOf = ({ id }: GraphNode) => canvasActions.sizeOf(id);

/** Follows a drag over frames. With Ctrl or Cmd held, frames are left as they are. */
export function useFrameDrop(): FrameDrop {
  const flow = useReactFlow<CanvasNode>();
  const [shown, setShown] = useState<Reframing>(NO_REFRAMING);
  const now = useRef<{ readonly reframing: Reframing; readonly boxes: Dragged['boxes'] }>(AT_REST);
  /** As they were drawn when the drag began. */
  const frames = useRef<ReturnType<typeof drawnFrames>>([]);

  const show = useCallback((next: Reframing) => {
    setShown((before) => (same(before, next) ? before : next));
  }, []);

  const begin = useCallback(() => {
    now.current = AT_REST;
    frames.current = drawnFrames(graphStore.getState().document, sizeOf);
  }, []);

  const follow = useCallback(
    (event: MouseEvent | ReactMouseEvent | TouchEvent, held: CanvasNode | undefined, nodes: readonly CanvasNode[]) => {
      const point = 'touches' in event ? (event.touches[0] ?? event.changedTouches[0]) : event;
      if (frames.current.length === 0 || !point) return;
      const boxes = nodes
        .filter(({ type }) => type !== 'frame')
        .map(({ id, position }) => ({ id, ...position, ...canvasActions.sizeOf(id) }));
      const leftAlone = event.ctrlKey || event.metaKey || held?.id.startsWith(FRAME_PREFIX);
      const next = leftAlone
        ? NO_REFRAMING
        : reframing(graphStore.getState().document, frames.current, {
            boxes,
            held: held?.id,
            pointer: flow.screenToFlowPosition({ x: point.clientX, y: point.clientY }, { snapToGrid: false }),
          });
      now.current = { reframing: next, boxes };
      show(next);
    },
    [flow, show],
  );

  const take = useCallback(() => {
    const { reframing: last, boxes } = now.current;
    now.current = AT_REST;
    show(NO_REFRAMING);
    return reframe(graphStore.getState().document, last, boxes, sizeOf);
  }, [show]);

  const handlers = useMemo(
    (): FrameDrop['handlers'] => ({
      onNodeDragStart: begin,
      onNodeDrag: follow,
      onSelectionDragStart: begin,
      onSelectionDrag: (event, nodes) => follow(event, undefined, nodes),
    }),
    [begin, follow],
  );
  return { reframing: shown, take, handlers };
}

const AT_REST = { reframing: NO_REFRAMING, boxes: [] };

const same = (a: Reframing, b: Reframing): boolean =>
  a.into === b.into && sameSet(a.entering, b.entering) && sameSet(a.leaving, b.leaving);

const sameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((each) => b.has(each));
