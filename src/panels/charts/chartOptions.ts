import type uPlot from 'uplot';
import type { Options, Series } from 'uplot';
import { themeColor } from '../../editor/ui/themeColors.ts';

export type Metric = 'loss' | 'accuracy';

/** Series by their place in the columns: steps, raw training, smoothed training, validation. */
export const SMOOTH = 2;
export const VALIDATION = 3;

/** Steps are whole: so are the marks on their axis. */
const STEP_INCREMENTS = [1, 10, 100, 1000, 1e4, 1e5, 1e6].flatMap((ten) => [ten, 2 * ten, 5 * ten]);

const FONT = '11px Inter, ui-sans-serif, system-ui, sans-serif';

/** Where a chart stands, and who is told of the point under the pointer. */
export interface ChartPlace {
  readonly width: number;
  readonly height: number;
  readonly onHover: (index: number | undefined) => void;
}

/** Raw training, smoothed training, validation. */
export function metricSeries(): Series[] {
  const validation = themeColor('series-2');
  return [
    { stroke: themeColor('series-1', 0.28), width: 1, spanGaps: true, points: { show: false } },
    {
      stroke: themeColor('series-1'),
      fill: themeColor('series-1', 0.07),
      width: 2,
      spanGaps: true,
      points: { show: true, filter: lastPoint, size: 7, fill: themeColor('series-1'), width: 0 },
    },
    {
      stroke: validation,
      width: 2,
      spanGaps: true,
      points: { show: true, size: 7, fill: themeColor('surface'), stroke: validation, width: 2 },
    },
  ];
}

/** Where a curve is now: only its last point is drawn. */
function lastPoint(chart: uPlot, series: number): number[] {
  const last = (chart.data[series] ?? []).findLastIndex((value) => Number.isFinite(value));
  return last < 0 ? [] : [last];
}

/** Curves of one kind: the theme has four colours, more curves are dashed. */
export function termSeries(count: number): Series[] {
  return Array.from({ length: count }, (_, i) => ({
    stroke: themeColor(`series-${(i % 4) + 1}`),
    width: 2,
    spanGaps: true,
    points: { show: false },
    ...(i >= 4 && { dash: [6, 4] }),
  }));
}

/** How a metric is drawn, in the theme's colours of this moment. */
export function chartOptions(
  options: ChartPlace & {
    readonly metric: Metric;
    readonly logarithmic: boolean;
    /** All but the steps. */
    readonly series: readonly Series[];
  },
): Options {
  const { metric, logarithmic, width, height, onHover, series } = options;
  const axis = {
    stroke: themeColor('muted'),
    font: FONT,
    grid: { stroke: themeColor('line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height,
    padding: [8, 10, 0, 0],
    legend: { show: false },
    cursor: {
      // Both charts show the same step.
      sync: { key: 'metrics' },
      y: false,
      drag: { x: true, y: false },
      points: { size: 7 },
    },
    scales: {
      x: { time: false },
      y: metric === 'accuracy' ? { range: accuracyRange } : logarithmic ? { distr: 3, log: 10 } : {},
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        space: 70,
        incrs: STEP_INCREMENTS,
        values: (_chart, splits) => splits.map(stepLabel),
      },
      {
        ...axis,
        size: 46,
        space: 32,
        values: (_chart, splits) => splits.map((value) => (metric === 'accuracy' ? percent(value) : lossLabel(value))),
      },
    ],
    series: [{}, ...series],
    hooks: { setCursor: [(chart) => onHover(chart.cursor.idx ?? undefined)] },
  };
}

function accuracyRange(_chart: unknown, least: number | null, greatest: number | null): [number, number] {
  if (least === null || greatest === null) return [0, 1];
  return [Math.max(0, Math.floor(least * 10 - 0.2) / 10), 1];
}

const stepLabel = (step: number): string => (step >= 10_000 ? `${step / 1000}k` : String(step));

function lossLabel(value: number | null): string {
  if (value === null) return '';
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential(0);
  return String(Number(value.toPrecision(3)));
}

function percent(share: number | null): string {
  return share === null ? '' : `${Math.round(share * 100)}%`;
}
