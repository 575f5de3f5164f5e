import { useCallback } from 'react';
import { messages } from '../../editor/i18n/language.ts';
import type { RunState } from '../../editor/stores/run.ts';
import { type ChartPlace, chartOptions, termSeries } from './chartOptions.ts';
import { formatLoss } from './MetricChart.tsx';
import { type Columns, StreamingChart } from './StreamingChart.tsx';
import { Smoother, termColumns } from './series.ts';

// Whole words, so that the build finds them.
const COLORS = ['bg-series-1', 'bg-series-2', 'bg-series-3', 'bg-series-4'];

/** Each of several losses by itself, named by its layer: in a GAN, who is ahead. */
export function LossTermsChart(props: {
  readonly names: readonly string[];
  readonly logarithmic: boolean;
  readonly smoothing: number;
}) {
  const { names, logarithmic, smoothing } = props;
  const count = names.length;
  const source = useCallback(() => {
    const smoothers = names.map(() => new Smoother(smoothing));
    return ({ metrics }: RunState): Columns => {
      // A run that has just begun has none of them yet.
      const smooth = names.map((name, i) => smoothers[i]!.update(metrics.terms.get(name) ?? new Float64Array()));
      return termColumns(metrics.step, smooth, logarithmic);
    };
  }, [names, logarithmic, smoothing]);
  const options = useCallback(
    (place: ChartPlace) => chartOptions({ ...place, metric: 'loss', logarithmic, series: termSeries(count) }),
    [logarithmic, count],
  );
  return (
    <StreamingChart
      title={messages().charts.losses}
      source={source}
      options={options}
      keys={names.map((name, i) => ({ name, column: i + 1, color: COLORS[i % COLORS.length]! }))}
      format={formatLoss}
    />
  );
}
