import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import { messages } from '../../editor/i18n/language.ts';
import { runStore } from '../../editor/stores/training.ts';
import { useThemeVersion } from '../parts/themeColors.ts';
import { chartOptions, type Metric, SMOOTH, VALIDATION } from './chartOptions.ts';
import { type ChartColumns, chartColumns, Smoother, valueAt } from './series.ts';

interface Readout {
  readonly step: number | undefined;
  readonly train: number | undefined;
  readonly validation: number | undefined;
}

const NOTHING: Readout = { step: undefined, train: undefined, validation: undefined };

/** One streaming chart. It draws from the run store by itself: React renders only its read-out. */
export function MetricChart(props: {
  readonly metric: Metric;
  readonly title: string;
  readonly logarithmic: boolean;
  readonly smoothing: number;
}) {
  const { metric, title, logarithmic, smoothing } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [readout, setReadout] = useState(NOTHING);
  const theme = useThemeVersion();

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of theme means new colours
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    let hovered: number | undefined;
    let columns = emptyColumns();
    let smoother = new Smoother(smoothing);
    let log = runStore.getState().metrics;
    let drawn = '';
    const read = (): void => {
      const index = hovered ?? columns.step.length - 1;
      setReadout({
        step: columns.step[index],
        train: valueAt(columns.smooth, index),
        validation: valueAt(columns.validation, index),
      });
    };
    const chart = new uPlot(
      chartOptions({
        metric,
        logarithmic,
        width: element.clientWidth,
        height: element.clientHeight,
        onHover: (index) => {
          hovered = index;
          read();
        },
      }),
      [[], [], [], []],
      element,
    );
    const draw = (): void => {
      const { metrics, metricsLength, evaluations, id } = runStore.getState();
      const version = `${id} ${metricsLength} ${evaluations.length}`;
      if (version === drawn) return;
      drawn = version;
      if (metrics !== log) {
        log = metrics;
        smoother = new Smoother(smoothing);
      }
      const raw = metrics[metric];
      columns = chartColumns({
        step: metrics.step,
        raw,
        smooth: smoother.update(raw),
        evaluations,
        metric,
        positiveOnly: logarithmic,
      });
      const { min, max } = chart.scales.x ?? {};
      const shown = chart.data[0];
      const zoomed = min != null && max != null && (min > (shown[0] ?? min) || max < (shown.at(-1) ?? max));
      chart.batch(() => {
        chart.setData([columns.step, columns.raw, columns.smooth, columns.validation]);
        // What was zoomed into stays in view while the run goes on.
        if (zoomed && metrics.length > 1) chart.setScale('x', { min, max });
      });
      read();
    };
    draw();
    const unsubscribe = runStore.subscribe(draw);
    const observer = new ResizeObserver(() =>
      chart.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => {
      unsubscribe();
      observer.disconnect();
      chart.destroy();
    };
  }, [metric, logarithmic, smoothing, theme]);

  const format = metric === 'accuracy' ? formatAccuracy : formatLoss;
  return (
    <figure className="flex min-h-0 min-w-0 flex-col" aria-label={messages().charts.byStep(title)}>
      <figcaption className="flex items-baseline gap-3 px-1 pb-1 text-xs">
        <span className="font-medium text-ink">{title}</span>
        <span className="ml-auto flex items-baseline gap-3 tabular-nums text-muted">
          <Key series={SMOOTH} name={messages().charts.train} value={format(readout.train)} />
          <Key series={VALIDATION} name={messages().charts.validation} value={format(readout.validation)} />
          {readout.step !== undefined && <span className="text-muted">{messages().charts.step(readout.step)}</span>}
        </span>
      </figcaption>
      <div ref={frame} className="min-h-0 min-w-0 flex-1 overflow-hidden" />
    </figure>
  );
}

function Key({ series, name, value }: { series: number; name: string; value: string }) {
  return (
    <span className="inline-flex items-baseline gap-1.5">
      <span
        aria-hidden
        className={`size-2 self-center rounded-full ${series === SMOOTH ? 'bg-series-1' : 'bg-series-2'}`}
      />
      {name} <span className="text-ink">{value}</span>
    </span>
  );
}

const emptyColumns = (): ChartColumns => ({ step: [], raw: [], smooth: [], validation: [] });
const formatLoss = (value: number | undefined): string => (value === undefined ? '–' : value.toPrecision(4));
const formatAccuracy = (value: number | undefined): string =>
  value === undefined ? '–' : `${(value * 100).toFixed(1)}%`;
