import { useCallback } from 'react';
import { messages } from '../../editor/i18n/language.ts';
import type { RunState } from '../../editor/stores/run.ts';
import { type ChartPlace, chartOptions, type Metric, metricSeries, SMOOTH, VALIDATION } from './chartOptions.ts';
import { type Columns, StreamingChart } from './StreamingChart.tsx';
import { chartColumns, Smoother } from './series.ts';

/** Loss or accuracy: each training batch, their moving average, and the test set after each epoch. */
export function MetricChart(props: {
  readonly metric: Metric;
  readonly title: string;
  readonly logarithmic: boolean;
  readonly smoothing: number;
}) {
  const { metric, title, logarithmic, smoothing } = props;
  const source = useCallback(() => {
    const smoother = new Smoother(smoothing);
    return ({ metrics, evaluations }: RunState): Columns => {
      const raw = metrics[metric];
      const smooth = smoother.update(raw);
      const columns = chartColumns({
        step: metrics.step,
        raw,
        smooth,
        evaluations,
        metric,
        positiveOnly: logarithmic,
      });
      return [columns.step, columns.raw, columns.smooth, columns.validation];
    };
  }, [metric, logarithmic, smoothing]);
  const options = useCallback(
    (place: ChartPlace) => chartOptions({ ...place, metric, logarithmic, series: metricSeries() }),
    [metric, logarithmic],
  );
  const words = messages().charts;
  return (
    <StreamingChart
      title={title}
      source={source}
      options={options}
      keys={[
        { name: words.train, column: SMOOTH, color: 'bg-series-1' },
        { name: words.validation, column: VALIDATION, color: 'bg-series-2' },
      ]}
      format={metric === 'accuracy' ? formatAccuracy : formatLoss}
    />
  );
}

export const formatLoss = (value: number | undefined): string => (value === undefined ? '–' : value.toPrecision(4));
const formatAccuracy = (value: number | undefined): string =>
  value === undefined ? '–' : `${(value * 100).toFixed(1)}%`;
