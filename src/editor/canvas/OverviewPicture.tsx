import { useStoreApi } from '@xyflow/react';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { flushSync } from 'react-dom';
import { type EdgeId, edgeId, type NodeId, nodeId } from '../../engine/graph/document.ts';
import { messages } from '../i18n/language.ts';
import type { Point } from '../stores/canvasActions.ts';
import { sessionStore } from '../stores/session.ts';
import { useThemeColors } from '../ui/themeColors.ts';
import { drawWithView } from './drawWithView.ts';
import { contains, EMPTY_SCENE, overlap, type Scene, sceneOf } from './overviewScene.ts';
import { paintOverview, shapeOf, type View } from './paintOverview.ts';
import type { OverviewProps } from './useOverview.ts';

/** How near to a wire a point is on it. In CSS pixels. */
const REACH = 9;

/** A large model seen from afar, drawn anew whenever it moves; see `useOverview`. */
export function Picture({ nodes, edges, pointed, onPoint, onKeyboard }: OverviewProps) {
  const flow = useStoreApi();
  const canvas = useRef<HTMLCanvasElement>(null);
  const before = useRef<Scene>(EMPTY_SCENE);
  const scene = useMemo(() => sceneOf(nodes, edges, before.current), [nodes, edges]);
  before.current = scene;
  const colors = useThemeColors();

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return undefined;
    const font = getComputedStyle(element).fontFamily;
    return drawWithView(flow, (state) => {
      const view = viewOf(state);
      fitInto(element, context, view);
      paintOverview(context, scene, view, pointed, colors, font);
    });
  }, [flow, scene, pointed, colors]);

  useEffect(() => {
    shown = { scene, at: (screen) => toCanvas(flow.getState(), screen), zoom: () => flow.getState().transform[2] };
    return () => {
      shown = undefined;
    };
  }, [flow, scene]);

  // The layer under the pointer becomes an element at once: the next event may press on it.
  useEffect(() => {
    const area = flow.getState().domNode;
    let last: string | undefined;
    const point = (event: PointerEvent): void => {
      // Of what a hand holds, nothing else takes the place.
      if (event.pointerType === 'touch' || event.buttons !== 0) return;
      const found = layerAt({ x: event.clientX, y: event.clientY });
      if (found === last) return;
      last = found;
      flushSync(() => onPoint(found));
    };
    area?.addEventListener('pointermove', point);
    return () => area?.removeEventListener('pointermove', point);
  }, [flow, onPoint]);

  useEffect(
    () =>
      flow.subscribe(({ userSelectionRect: box }, { userSelectionRect: last }) => {
        if (!box || box === last || !shown) return;
        const [x, y, zoom] = flow.getState().transform;
        const rect = {
          x: (box.x - x) / zoom,
          y: (box.y - y) / zoom,
          width: box.width / zoom,
          height: box.height / zoom,
        };
        const inside = shown.scene.blocks.flatMap((block) => (overlap(block, rect) ? [nodeId(block.id)] : []));
        const chosen = sessionStore.getState().nodes;
        if (inside.length !== chosen.length || inside.some((id, i) => chosen[i] !== id)) {
          sessionStore.setState({ nodes: inside });
        }
      }),
    [flow],
  );

  const words = messages().canvas.overview;
  const count = scene.blocks.length;
  return (
    <>
      <canvas
        ref={canvas}
        role="img"
        aria-label={words.label(count)}
        data-testid="overview"
        className="pointer-events-none absolute inset-0 size-full"
      />
      <button
        type="button"
        onClick={() => {
          flushSync(onKeyboard);
          flow.getState().domNode?.querySelector<HTMLElement>('.react-flow__node')?.focus();
        }}
        className="sr-only z-10 rounded-md bg-accent px-3 py-1.5 text-xs font-medium text-accent-ink focus-visible:not-sr-only focus-visible:absolute focus-visible:top-3 focus-visible:left-3"
      >
        {words.reach(count)}
      </button>
    </>
  );
}

/** What is drawn at the moment; there is one canvas. */
let shown: { readonly scene: Scene; readonly at: (screen: Point) => Point; readonly zoom: () => number } | undefined;

/** The layer that is drawn at a point of the screen. */
export function layerAt(screen: Point): NodeId | undefined {
  const place = shown?.at(screen);
  // What is drawn later lies on top.
  const found = place && shown?.scene.blocks.findLast((block) => contains(block, place));
  return found && nodeId(found.id);
}

/** The wire that is drawn at a point of the screen. */
export function wireAt(screen: Point): EdgeId | undefined {
  const context = document.createElement('canvas').getContext('2d');
  if (!shown || !context) return undefined;
  const { x, y } = shown.at(screen);
  context.lineWidth = (2 * REACH) / shown.zoom();
  const found = shown.scene.wires.find(
    (wire) => contains(wire.bounds, { x, y }) && context.isPointInStroke(shapeOf(wire), x, y),
  );
  return found && edgeId(found.id);
}

/** What a click on the canvas selects: the layer or the wire that is drawn there. */
export function pick(screen: Point, adding: boolean): void {
  const { nodes, edges, select } = sessionStore.getState();
  const toggled = <Id,>(all: readonly Id[], id: Id): readonly Id[] =>
    all.includes(id) ? all.filter((each) => each !== id) : [...all, id];
  const layer = layerAt(screen);
  const wire = layer ? undefined : wireAt(screen);
  if (!adding) select(layer ? [layer] : [], wire ? [wire] : []);
  else if (layer) select(toggled(nodes, layer), edges);
  else if (wire) select(nodes, toggled(edges, wire));
}

type FlowState = ReturnType<ReturnType<typeof useStoreApi>['getState']>;

function viewOf({ transform: [x, y, zoom], width, height }: FlowState): View {
  return { x, y, zoom, width, height };
}

function toCanvas({ transform: [x, y, zoom], domNode }: FlowState, screen: Point): Point {
  const { left, top } = domNode?.getBoundingClientRect() ?? new DOMRect();
  return { x: (screen.x - left - x) / zoom, y: (screen.y - top - y) / zoom };
}

/** As many pixels as the screen has; a canvas that gets another size is empty. */
function fitInto(element: HTMLCanvasElement, context: CanvasRenderingContext2D, { width, height }: View): void {
  const ratio = devicePixelRatio;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (element.width !== w || element.height !== h) {
    element.width = w;
    element.height = h;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
}
