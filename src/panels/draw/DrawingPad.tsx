import { type PointerEvent, useEffect, useRef } from 'react';
import { messages } from '../../editor/i18n/language.ts';
import { type ImageShape, imagePixels } from '../parts/samples.ts';
import type { Stroke, StrokePoint } from './digitRaster.ts';

/** Side of the pad in canvas pixels; its points are shares of it. */
const SIDE = 392;
const LINE_WIDTH = SIDE * 0.075;

/** A black square to draw on with a white line; shows a stored sample instead if there is one. */
export function DrawingPad(props: {
  readonly strokes: readonly Stroke[];
  readonly sample: Float32Array | undefined;
  readonly shape: ImageShape;
  readonly onDraw: (strokes: readonly Stroke[]) => void;
}) {
  const { strokes, sample, shape, onDraw } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  /** The stroke under way belongs to one pointer; a second finger does not draw. */
  const drawing = useRef<number>(undefined);

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.fillStyle = 'black';
    context.fillRect(0, 0, SIDE, SIDE);
    if (sample) drawSample(context, sample, shape);
    context.strokeStyle = 'white';
    context.lineWidth = LINE_WIDTH;
    context.lineCap = 'round';
    context.lineJoin = 'round';
    for (const stroke of strokes) {
      context.beginPath();
      const [first] = stroke;
      if (first) context.moveTo(first.x * SIDE, first.y * SIDE);
      for (const { x, y } of stroke) context.lineTo(x * SIDE, y * SIDE);
      context.stroke();
    }
  }, [strokes, sample, shape]);

  const pointsOf = (event: PointerEvent): StrokePoint[] => {
    const box = event.currentTarget.getBoundingClientRect();
    const events = event.nativeEvent.getCoalescedEvents?.() ?? [];
    return (events.length > 0 ? events : [event.nativeEvent]).map(({ clientX, clientY }) => ({
      x: (clientX - box.left) / box.width,
      y: (clientY - box.top) / box.height,
    }));
  };
  const begin = (event: PointerEvent): void => {
    if (drawing.current !== undefined || event.button !== 0) return;
    drawing.current = event.pointerId;
    event.currentTarget.setPointerCapture(event.pointerId);
    onDraw([...(sample ? [] : strokes), pointsOf(event)]);
  };
  const extend = (event: PointerEvent): void => {
    if (event.pointerId !== drawing.current) return;
    const last = strokes.at(-1) ?? [];
    onDraw([...strokes.slice(0, -1), [...last, ...pointsOf(event)]]);
  };
  const end = (event: PointerEvent): void => {
    if (event.pointerId === drawing.current) drawing.current = undefined;
  };
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={messages().draw.pad}
      width={SIDE}
      height={SIDE}
      onPointerDown={begin}
      onPointerMove={extend}
      onPointerUp={end}
      onPointerCancel={end}
      className="size-46 cursor-crosshair touch-none rounded-lg border border-line bg-black"
    />
  );
}

function drawSample(context: CanvasRenderingContext2D, values: Float32Array, shape: ImageShape): void {
  const small = new OffscreenCanvas(shape.width, shape.height);
  small.getContext('2d')?.putImageData(new ImageData(imagePixels(values, shape), shape.width, shape.height), 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, SIDE, SIDE);
}
