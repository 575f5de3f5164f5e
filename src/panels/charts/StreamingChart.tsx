import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import { messages } from '../../editor/i18n/language.ts';
import type { RunState } from '../../editor/stores/run.ts';
import { runStore } from '../../editor/stores/training.ts';
import { useThemeVersion } from '../../editor/ui/themeColors.ts';
import type { ChartPlace } from './chartOptions.ts';
import { type Points, valueAt } from './series.ts';

/** Steps, rising, and the points of each curve at them. */
export type Columns = readonly [steps: number[], ...curves: Points[]];

/** One curve in the line above a chart, with what it shows where the pointer is, or at the end. */
export interface ChartKey {
  readonly name: string;
  /** Its place in the columns. */
  readonly column: number;
  /** A class for its dot. */
  readonly color: string;
}

/**
 * A chart that draws from the run store by itself: React renders only its read-out. A change of `source` or `options`
 * makes a new chart.
 */
export function StreamingChart(props: {
  readonly title: string;
  /** Makes what gives the columns of a state; it may keep what it has computed for the same run. */
  readonly source: () => (state: RunState) => Columns;
  readonly options: (place: ChartPlace) => uPlot.Options;
  readonly keys: readonly ChartKey[];
  readonly format: (value: number | undefined) => string;
}) {
  const { title, source, options, keys, format } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [readout, setReadout] = useState<readonly (number | undefined)[]>([]);
  const theme = useThemeVersion();

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of theme means new colours
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    let hovered: number | undefined;
    let columns: Columns = [[]];
    let read = source();
    let log = runStore.getState().metrics;
    let drawn = '';
    const show = (): void => {
      const [steps, ...curves] = columns;
      const index = hovered ?? steps.length - 1;
      setReadout([steps[index], ...curves.map((curve) => valueAt(curve, index))]);
    };
    const place = {
      width: element.clientWidth,
      height: element.clientHeight,
      onHover: (index: number | undefined) => {
        hovered = index;
        show();
      },
    };
    const made = options(place);
    const chart = new uPlot(made, [[], ...made.series.slice(1).map(() => [])], element);
    const draw = (): void => {
      const state = runStore.getState();
      const { metrics, metricsLength, evaluations, id } = state;
      const version = `${id} ${metricsLength} ${evaluations.length}`;
      if (version === drawn) return;
      drawn = version;
      if (metrics !== log) {
        log = metrics;
        read = source();
      }
      columns = read(state);
      const { min, max } = chart.scales.x ?? {};
      const shown = chart.data[0];
      const zoomed = min != null && max != null && (min > (shown[0] ?? min) || max < (shown.at(-1) ?? max));
      chart.batch(() => {
        chart.setData([...columns]);
        // What was zoomed into stays in view while the run goes on.
        if (zoomed && metrics.length > 1) chart.setScale('x', { min, max });
      });
      show();
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
  }, [source, options, theme]);

  const [step] = readout;
  return (
    <figure className="@container flex min-h-0 min-w-0 flex-col" aria-label={messages().charts.byStep(title)}>
      <figcaption className="flex items-baseline gap-3 px-1 pb-1 text-xs">
        <span className="font-medium whitespace-nowrap text-ink">{title}</span>
        <span className="ml-auto flex flex-wrap items-baseline justify-end gap-x-3 tabular-nums text-muted">
          {keys.map(({ name, column, color }) => (
            <span key={column} className="inline-flex items-baseline gap-1.5">
              <span aria-hidden className={`size-2 self-center rounded-full ${color}`} />
              {name} <span className="text-ink">{format(readout[column])}</span>
            </span>
          ))}
          {step !== undefined && (
            <span className="hidden text-muted @[22rem]:inline">{messages().charts.step(step)}</span>
          )}
        </span>
      </figcaption>
      <div ref={frame} className="min-h-0 min-w-0 flex-1 overflow-hidden" />
    </figure>
  );
}
