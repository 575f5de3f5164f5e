import { Panel, useReactFlow, useStoreApi } from '@xyflow/react';
import { type PointerEvent, useEffect, useMemo, useRef } from 'react';
import { messages } from '../i18n/language.ts';
import { useThemeColors } from '../ui/themeColors.ts';
import { type MapView, mapOf, seenPart } from './minimapView.ts';
import { categoryToken, rectOf } from './overviewScene.ts';
import type { CanvasNode } from './useAnnotations.ts';

const WIDTH = 150;
const HEIGHT = 92;

/** All layers on a small map, and which part of them is seen. A press goes there, dragging pans, the wheel zooms. */
export function Minimap({ nodes }: { readonly nodes: readonly CanvasNode[] }) {
  const flow = useStoreApi();
  const { setCenter, zoomTo } = useReactFlow();
  const canvas = useRef<HTMLCanvasElement>(null);
  const map = useRef<MapView>({ x: 0, y: 0, width: 1, height: 1, scale: 1 });
  const colors = useThemeColors();
  const blocks = useMemo(() => nodes.map((node) => ({ ...rectOf(node), ...lookOf(node) })), [nodes]);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return undefined;
    element.width = WIDTH * devicePixelRatio;
    element.height = HEIGHT * devicePixelRatio;
    let frame = 0;
    const draw = (): void => {
      frame = 0;
      const { transform, width, height } = flow.getState();
      const seen = seenPart(transform, width, height);
      const around = mapOf(blocks, seen, { width: WIDTH, height: HEIGHT });
      map.current = around;
      const { scale } = around;
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      context.clearRect(0, 0, WIDTH, HEIGHT);
      context.scale(scale, scale);
      context.translate(-around.x, -around.y);
      for (const { x, y, width: w, height: h, token, opacity } of blocks) {
        context.fillStyle = colors(token, opacity);
        // A layer is a dot at least.
        context.fillRect(x, y, Math.max(w, 1 / scale), Math.max(h, 1 / scale));
      }
      context.beginPath();
      context.rect(around.x, around.y, around.width, around.height);
      context.rect(seen.x, seen.y, seen.width, seen.height);
      context.fillStyle = colors('canvas', 0.7);
      context.fill('evenodd');
      context.strokeStyle = colors('muted');
      context.lineWidth = 1 / scale;
      context.strokeRect(seen.x, seen.y, seen.width, seen.height);
    };
    draw();
    const unsubscribe = flow.subscribe((state, last) => {
      const same = state.transform === last.transform && state.width === last.width && state.height === last.height;
      if (!same && frame === 0) frame = requestAnimationFrame(draw);
    });
    return () => {
      cancelAnimationFrame(frame);
      unsubscribe();
    };
  }, [flow, blocks, colors]);

  const goTo = (event: PointerEvent<HTMLCanvasElement>): void => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const { x, y, scale } = map.current;
    const zoom = flow.getState().transform[2];
    void setCenter(x + (event.clientX - left) / scale, y + (event.clientY - top) / scale, { zoom });
  };
  return (
    <Panel position="bottom-right" className="minimap nowheel">
      <canvas
        ref={canvas}
        role="img"
        aria-label={messages().canvas.minimap}
        style={{ width: WIDTH, height: HEIGHT }}
        className="block cursor-pointer touch-none"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          goTo(event);
        }}
        onPointerMove={(event) => {
          if (event.buttons !== 0) goTo(event);
        }}
        onWheel={(event) => void zoomTo(flow.getState().transform[2] * 2 ** (-event.deltaY / 400))}
      />
    </Panel>
  );
}

function lookOf(node: CanvasNode): { readonly token: string; readonly opacity: number } {
  switch (node.type) {
    case 'frame':
      return { token: `tag-${node.data.frame.color ?? 'grey'}`, opacity: 0.25 };
    case 'note':
      return { token: `tag-${node.data.note.color ?? 'yellow'}`, opacity: 0.4 };
    default:
      return { token: categoryToken(node), opacity: 1 };
  }
}
