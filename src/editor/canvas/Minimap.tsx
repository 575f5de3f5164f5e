import { Panel, useReactFlow, useStoreApi } from '@xyflow/react';
import { type PointerEvent, useEffect, useMemo, useRef } from 'react';
import { messages } from '../i18n/language.ts';
import { useThemeColors } from '../ui/themeColors.ts';
import { drawWithView } from './drawWithView.ts';
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
    const picture = document.createElement('canvas');
    for (const each of [element, picture]) {
      each.width = WIDTH * devicePixelRatio;
      each.height = HEIGHT * devicePixelRatio;
    }
    let pictured: MapView | undefined;
    /** All layers, on a canvas of their own: while the view moves among them, they stay as they are. */
    const drawBlocks = (around: MapView): void => {
      const brush = picture.getContext('2d');
      if (!brush || (pictured && sameView(pictured, around))) return;
      pictured = around;
      brush.setTransform(1, 0, 0, 1, 0, 0);
      brush.clearRect(0, 0, picture.width, picture.height);
      place(brush, around);
      for (const { x, y, width, height, token, opacity } of blocks) {
        brush.fillStyle = colors(token, opacity);
        // A layer is a dot at least.
        brush.fillRect(x, y, Math.max(width, 1 / around.scale), Math.max(height, 1 / around.scale));
      }
    };
    return drawWithView(flow, ({ transform, width, height }) => {
      const seen = seenPart(transform, width, height);
      const around = mapOf(blocks, seen, { width: WIDTH, height: HEIGHT });
      map.current = around;
      drawBlocks(around);
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, element.width, element.height);
      context.drawImage(picture, 0, 0);
      place(context, around);
      context.beginPath();
      context.rect(around.x, around.y, around.width, around.height);
      context.rect(seen.x, seen.y, seen.width, seen.height);
      context.fillStyle = colors('canvas', 0.7);
      context.fill('evenodd');
      context.strokeStyle = colors('muted');
      context.lineWidth = 1 / around.scale;
      context.strokeRect(seen.x, seen.y, seen.width, seen.height);
    });
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

/** Makes the canvas units of what is shown those of a brush. */
function place(brush: CanvasRenderingContext2D, { x, y, scale }: MapView): void {
  brush.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  brush.scale(scale, scale);
  brush.translate(-x, -y);
}

const sameView = (a: MapView, b: MapView): boolean => a.x === b.x && a.y === b.y && a.scale === b.scale;

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
