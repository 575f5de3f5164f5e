import { useEffect, useMemo, useRef, useState } from 'react';
import { messages } from '../../editor/i18n/language.ts';
import { themeColor, useThemeVersion } from '../../editor/ui/themeColors.ts';
import type { Dataset } from '../../engine/data/dataset.ts';
import type { InspectQuery } from '../../workers/protocol.ts';
import { asFloats, guessOf } from '../parts/samples.ts';
import { useInspection } from '../parts/useInspection.ts';
import { type Bounds, gridPoints, squareAround } from './decisionMap.ts';

/** Cells across and down for which the model is asked. */
const CELLS = 72;
const SERIES = 4;

/** Points of the plane, over the class that the model gives each place: the stronger the colour, the surer it is. */
export function DecisionPlot({ dataset }: { dataset: Dataset }) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [side, setSide] = useState(0);
  const theme = useThemeVersion();
  const points = useMemo(() => asFloats(dataset.test.inputs), [dataset]);
  const bounds = useMemo(() => squareAround(asFloats(dataset.train.inputs)), [dataset]);
  const query = useMemo<InspectQuery>(
    () => ({ kind: 'predict', inputs: gridPoints(bounds, CELLS), count: CELLS * CELLS }),
    [bounds],
  );
  const { result, error } = useInspection(query, 'second');
  const predictions = result?.kind === 'predictions' ? result : undefined;

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() =>
      setSide(Math.max(0, Math.floor(Math.min(element.clientWidth, element.clientHeight)))),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of theme means new colours
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || side === 0) return;
    const density = devicePixelRatio;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, side, side);
    if (predictions) drawGround(context, side, predictions.outputs, predictions.width);
    drawPoints(context, side, points, dataset.test.labels, bounds);
  }, [side, predictions, points, bounds, dataset, theme]);

  return (
    <section aria-label={messages().predictions.decisionMap} className="flex h-full min-h-0 flex-col gap-2 p-3">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-muted">
        {dataset.classes.map((name, index) => (
          <span key={name} className="inline-flex items-center gap-1.5">
            <span aria-hidden className="size-2 rounded-full" style={{ background: `var(--${seriesToken(index)})` }} />
            {name}
          </span>
        ))}
        <span className="text-muted">{messages().predictions.decisionHint}</span>
      </header>
      {error && (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
      <div ref={frame} className="grid min-h-0 flex-1 place-items-center overflow-hidden">
        <canvas
          ref={canvas}
          role="img"
          aria-label={messages().predictions.decisionLabel(dataset.title, dataset.test.count)}
          width={side * devicePixelRatio}
          height={side * devicePixelRatio}
          style={{ width: side, height: side }}
          className="rounded-lg border border-line"
        />
      </div>
    </section>
  );
}

const seriesToken = (index: number): string => `series-${(index % SERIES) + 1}`;

function drawGround(context: CanvasRenderingContext2D, side: number, outputs: Float32Array, width: number): void {
  const cell = side / CELLS;
  const colors = Array.from({ length: SERIES }, (_, index) => themeColor(seriesToken(index)));
  for (let i = 0; i < CELLS * CELLS; i++) {
    const { index, confidence } = guessOf(outputs.subarray(i * width, (i + 1) * width));
    if (!Number.isFinite(confidence)) continue;
    // From no colour where all classes are equally likely to the full ground where one is certain.
    const classes = Math.max(2, width);
    context.globalAlpha = 0.42 * Math.max(0, (confidence - 1 / classes) / (1 - 1 / classes));
    context.fillStyle = colors[index % SERIES]!;
    const column = i % CELLS;
    const row = Math.floor(i / CELLS);
    const left = Math.round(column * cell);
    const top = Math.round(row * cell);
    context.fillRect(left, top, Math.round((column + 1) * cell) - left, Math.round((row + 1) * cell) - top);
  }
  context.globalAlpha = 1;
}

function drawPoints(
  context: CanvasRenderingContext2D,
  side: number,
  points: Float32Array,
  labels: ArrayLike<number>,
  { left, right, top, bottom }: Bounds,
): void {
  context.strokeStyle = themeColor('surface');
  context.lineWidth = 1;
  const colors = Array.from({ length: SERIES }, (_, index) => themeColor(seriesToken(index)));
  for (let i = 0; i < labels.length; i++) {
    const x = ((points[i * 2]! - left) / (right - left)) * side;
    const y = ((top - points[i * 2 + 1]!) / (top - bottom)) * side;
    context.fillStyle = colors[labels[i]! % SERIES]!;
    context.beginPath();
    context.arc(x, y, Math.max(2.5, side / 130), 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}
