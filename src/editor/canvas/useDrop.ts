import { useReactFlow } from '@xyflow/react';
import { type MouseEvent as ReactMouseEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { GraphChange } from '../../engine/graph/changes.ts';
import { type EdgeId, type GraphNode, nodeId } from '../../engine/graph/document.ts';
import { canvasActions } from '../stores/canvasActions.ts';
import { type Dragged, drawnFrames, NO_REFRAMING, type Reframing, reframe, reframing } from '../stores/frameMoves.ts';
import { graphStore } from '../stores/graph.ts';
import type { CanvasNode } from './useAnnotations.ts';
import { type Splice, splice, spliceUnder } from './wireUnder.ts';

/** Layers and notes that are dragged into frames, out of them, and onto wires. */
export interface Drop {
  /** What letting go would do now; frames show it. */
  readonly reframing: Reframing;
  /** The wire that what is dragged would be put on. */
  readonly wire: EdgeId | undefined;
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

/** What is dragged just now: by which layer, with which others, and where the pointer is on the screen. */
interface Hand {
  readonly point: { readonly x: number; readonly y: number };
  readonly held: CanvasNode | undefined;
  readonly nodes: readonly CanvasNode[];
}

const sizeOf = ({ id }: GraphNode) => canvasActions.sizeOf(id);

/** Follows a drag over frames and wires. With Ctrl or Cmd held, these are left as they are. */
export function useDrop(): Drop {
  const flow = useReactFlow<CanvasNode>();
  const [shown, setShown] = useState<Reframing>(NO_REFRAMING);
  const now = useRef<{ readonly reframing: Reframing; readonly boxes: Dragged['boxes'] }>(AT_REST);
  const hand = useRef<Hand | undefined>(undefined);
  const onWire = useRef<Splice | undefined>(undefined);
  const [wire, setWire] = useState<EdgeId | undefined>();
  /** As they were drawn when the drag began. */
  const frames = useRef<ReturnType<typeof drawnFrames>>([]);

  const show = useCallback((next: Reframing) => {
    setShown((before) => (same(before, next) ? before : next));
  }, []);

  const begin = useCallback(() => {
    now.current = AT_REST;
    onWire.current = undefined;
    frames.current = drawnFrames(graphStore.getState().document, sizeOf);
  }, []);

  /** What letting go comes to; `leftAlone`: nothing but a move. */
  const look = useCallback(
    ({ point, held, nodes }: Hand, leftAlone: boolean) => {
      const free = leftAlone || held?.type !== 'layer' || nodes.length > 1;
      onWire.current = free ? undefined : spliceUnder(nodeId(held.id), pointsOf(held, point, flow.getZoom()));
      setWire(onWire.current?.edge);
      if (frames.current.length === 0) return;
      const boxes = nodes
        .filter(({ type }) => type !== 'frame')
        .map(({ id, position }) => ({ id, ...position, ...canvasActions.sizeOf(id) }));
      const next =
        leftAlone || held?.type === 'frame'
          ? NO_REFRAMING
          : reframing(graphStore.getState().document, frames.current, {
              boxes,
              held: held?.id,
              pointer: flow.screenToFlowPosition(point, { snapToGrid: false }),
            });
      now.current = { reframing: next, boxes };
      show(next);
    },
    [flow, show],
  );

  const follow = useCallback(
    (event: MouseEvent | ReactMouseEvent | TouchEvent, held: CanvasNode | undefined, nodes: readonly CanvasNode[]) => {
      const touch = 'touches' in event ? (event.touches[0] ?? event.changedTouches[0]) : event;
      if (!touch) return;
      hand.current = { point: { x: touch.clientX, y: touch.clientY }, held, nodes };
      look(hand.current, event.ctrlKey || event.metaKey);
    },
    [look],
  );

  // The key counts where the hand rests, too.
  useEffect(() => {
    const onKey = ({ key, ctrlKey, metaKey }: KeyboardEvent) => {
      if (hand.current && (key === 'Control' || key === 'Meta')) look(hand.current, ctrlKey || metaKey);
    };
    window.addEventListener('keydown', onKey);
    window.addEventListener('keyup', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
      window.removeEventListener('keyup', onKey);
    };
  }, [look]);

  const take = useCallback(() => {
    const { reframing: last, boxes } = now.current;
    now.current = AT_REST;
    hand.current = undefined;
    show(NO_REFRAMING);
    const { document } = graphStore.getState();
    const spliced = onWire.current ? splice(document, onWire.current) : [];
    onWire.current = undefined;
    setWire(undefined);
    return [...spliced, ...reframe(document, last, boxes, sizeOf)];
  }, [show]);

  const handlers = useMemo(
    (): Drop['handlers'] => ({
      onNodeDragStart: begin,
      onNodeDrag: follow,
      onSelectionDragStart: begin,
      onSelectionDrag: (event, nodes) => follow(event, undefined, nodes),
    }),
    [begin, follow],
  );
  return { reframing: shown, wire, take, handlers };
}

/** Where a wire is looked for: under the pointer, and under the middle of the layer. */
function pointsOf({ id }: CanvasNode, pointer: Hand['point'], zoom: number) {
  const corner = canvasActions.screenOf(id);
  const { width, height } = canvasActions.sizeOf(id);
  const middle = corner && { x: corner.x + (width * zoom) / 2, y: corner.y + (height * zoom) / 2 };
  return [pointer, ...(middle ? [middle] : [])];
}

const AT_REST = { reframing: NO_REFRAMING, boxes: [] };

const same = (a: Reframing, b: Reframing): boolean =>
  a.into === b.into && sameSet(a.entering, b.entering) && sameSet(a.leaving, b.leaving);

const sameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((each) => b.has(each));
