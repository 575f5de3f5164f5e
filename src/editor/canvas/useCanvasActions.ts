import { type FitViewOptions, getViewportForBounds, useReactFlow } from '@xyflow/react';
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { surrounding } from '../stores/alignment.ts';
import { canvasActions, NODE_SIZE } from '../stores/canvasActions.ts';
import { shownBoxes } from '../stores/frameBoxes.ts';
import { graphStore } from '../stores/graph.ts';
import { projects } from '../stores/persistence.ts';
import { sessionStore } from '../stores/session.ts';
import { LARGE } from './handles.ts';
import { type Rect, rectOf } from './overviewScene.ts';
import type { CanvasNode } from './useAnnotations.ts';

/** Room for the zoom buttons below the model. */
const MARGIN = { x: '40px', top: '36px', bottom: '56px' } as const;
export const FIT = { padding: MARGIN, maxZoom: 1.1, minZoom: 0.15 } satisfies FitViewOptions;
/** Of a large model, a part that can be read is shown first. */
export const FIT_LARGE: FitViewOptions = { ...FIT, minZoom: 0.5 };

/** Who asks to see everything sees everything, even where it can't be read. */
export const leastZoom = (items: number): number => (items > LARGE ? 0.02 : 0.1);

/** Gives the commands what only React Flow can do. */
export function useCanvasActions(area: RefObject<HTMLElement | null>, nodes: readonly CanvasNode[]): void {
  const flow = useReactFlow();
  // React Flow itself does not know all of them: see `useOverview`.
  const rects = useRef<ReadonlyMap<string, Rect>>(new Map());
  useLayoutEffect(() => {
    rects.current = new Map(nodes.map((node) => [node.id, rectOf(node)]));
  }, [nodes]);
  useEffect(() => {
    canvasActions.fit = () => {
      const { document } = graphStore.getState();
      const box = area.current?.getBoundingClientRect();
      if (!box || Object.keys(document.nodes).length + Object.keys(document.notes ?? {}).length === 0) return;
      // By the places in the document: nodes may still be on their way there.
      const bounds = surrounding(shownBoxes(document, ({ id }) => canvasActions.sizeOf(id)));
      const { maxZoom, padding } = FIT;
      const viewport = getViewportForBounds(
        bounds,
        box.width,
        box.height,
        leastZoom(rects.current.size),
        maxZoom,
        padding,
      );
      void flow.setViewport(viewport, { duration: 250 });
    };
    canvasActions.fitTo = (ids) => {
      const box = area.current?.getBoundingClientRect();
      const shown = ids.flatMap((id) => rects.current.get(id) ?? []);
      if (!box || shown.length === 0) return;
      const viewport = getViewportForBounds(
        surrounding(shown),
        box.width,
        box.height,
        leastZoom(rects.current.size),
        1.25,
        0.3,
      );
      void flow.setViewport(viewport, { duration: 250 });
    };
    canvasActions.zoom = (factor) => {
      const zoom = factor === 'actual' ? 1 : flow.getZoom() * factor;
      void flow.zoomTo(zoom, { duration: 150 });
    };
    canvasActions.screenOf = (id) => {
      const rect = rects.current.get(id);
      return rect && flow.flowToScreenPosition(rect);
    };
    canvasActions.sizeOf = (id) => {
      const { width, height } = rects.current.get(id) ?? NODE_SIZE;
      return { width, height };
    };
    canvasActions.centre = () => {
      const box = area.current?.getBoundingClientRect() ?? new DOMRect();
      const screen = { x: box.left + box.width / 2 - 128, y: box.top + box.height / 3 };
      return { screen, canvas: flow.screenToFlowPosition(screen) };
    };
    // Another project is another place.
    return projects.state.subscribe(({ current }, before) => {
      if (current === before.current) return;
      sessionStore.getState().select([]);
      requestAnimationFrame(() => requestAnimationFrame(() => canvasActions.fit()));
    });
  }, [flow, area]);
}
