import { useEffect, useRef, useState } from 'react';
import { messages } from '../../editor/i18n/language.ts';
import type { Dataset, InputColumn } from '../../engine/data/dataset.ts';
import { fitRange, ticks } from './fitPlot.ts';
import { useTestPredictions } from './useTestPredictions.ts';

/** Samples of the test set that are drawn: more would hide one another. */
const MOST_POINTS = 2000;
/** Room for the axes, in CSS pixels. */
const LEFT = 52;
const BELOW = 34;
const RIGHT = 12;

/** What the model predicts for each test sample against what is true: on the line it is right. In the table's units. */
export function FitPlot(props: { readonly dataset: Dataset; readonly target: InputColumn }) {
  const { dataset, target } = props;
  const { result, error } = useTestPredictions(dataset, MOST_POINTS);
  const words = messages().predictions;
  if (error) {
    return (
      <p role="alert" className="p-3 text-xs text-danger">
        {error}
      </p>
    );
  }
  if (result?.kind !== 'predictions') return null;
  const { outputs, width } = result;
  if (width !== 1) return <p className="p-3 text-xs text-muted">{words.noNumber(width)}</p>;
  const inUnits = (value: number): number => target.mean + target.deviation * value;
  const predicted = Float32Array.from(outputs, inUnits);
  const truth = Float32Array.from(dataset.test.labels.subarray(0, predicted.length), inUnits);
  return (
    <section aria-label={messages().docks.names.predictions} className="flex h-full min-h-0 flex-col gap-2 p-3">
      <p className="text-xs text-muted">
        <span className="font-medium text-ink">{target.name}</span> · {words.fitHint(predicted.length)}
      </p>
      <Plot
        truth={truth}
        predicted={predicted}
        label={words.fitLabel(target.name, predicted.length, meanDistance(truth, predicted))}
      />
    </section>
  );
}

function Plot(props: { readonly truth: Float32Array; readonly predicted: Float32Array; readonly label: string }) {
  const { truth, predicted, label } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const across = Math.max(1, size.width - LEFT - RIGHT);
  const up = Math.max(1, size.height - BELOW);
  const range = fitRange(truth, predicted);
  const share = (value: number): number => (value - range.low) / (range.high - range.low);
  const x = (value: number): number => LEFT + share(value) * across;
  const y = (value: number): number => (1 - share(value)) * up;
  const words = messages().predictions;
  const marks = ticks(range);
  return (
    <div ref={frame} className="relative min-h-0 flex-1">
      <svg role="img" aria-label={label} className="absolute inset-0 size-full text-[11px] text-muted">
        {marks.map((mark) => (
          <g key={mark} className="tabular-nums">
            <line x1={x(mark)} x2={x(mark)} y1={0} y2={up} stroke="var(--line)" />
            <line x1={LEFT} x2={LEFT + across} y1={y(mark)} y2={y(mark)} stroke="var(--line)" />
            <text x={x(mark)} y={up + 14} textAnchor="middle" fill="currentColor">
              {mark}
            </text>
            <text x={LEFT - 6} y={y(mark) + 3} textAnchor="end" fill="currentColor">
              {mark}
            </text>
          </g>
        ))}
        <line
          x1={x(range.low)}
          y1={y(range.low)}
          x2={x(range.high)}
          y2={y(range.high)}
          stroke="var(--muted)"
          strokeDasharray="4 4"
        />
        {Array.from(predicted, (value, i) => {
          const real = truth[i] as number;
          if (!Number.isFinite(value)) return null;
          return (
            <circle key={i} cx={x(real)} cy={y(value)} r={3.2} fill="var(--accent)" fillOpacity={0.55}>
              <title>{words.fitPoint(i, rounded(real), rounded(value))}</title>
            </circle>
          );
        })}
        <text x={LEFT + across / 2} y={up + 30} textAnchor="middle" fill="currentColor">
          {words.fitTruth}
        </text>
        <text transform={`translate(10 ${up / 2}) rotate(-90)`} textAnchor="middle" fill="currentColor">
          {words.fitAnswer}
        </text>
      </svg>
    </div>
  );
}

const rounded = (value: number): string => String(Number(value.toPrecision(4)));

function meanDistance(truth: Float32Array, predicted: Float32Array): string {
  const sum = truth.reduce((all, value, i) => all + Math.abs(value - (predicted[i] as number)), 0);
  return rounded(sum / Math.max(1, truth.length));
}
