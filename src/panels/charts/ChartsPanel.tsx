import { ChartSpline } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { CommandButton } from '../../editor/commands/CommandButton.tsx';
import { downloadMetrics, TRAIN_KEY } from '../../editor/commands/trainCommands.ts';
import { messages } from '../../editor/i18n/language.ts';
import { runStore } from '../../editor/stores/training.ts';
import { EmptyState } from '../../editor/ui/EmptyState.tsx';
import { keyText } from '../../editor/ui/Keys.tsx';
import { Range } from '../../editor/ui/Range.tsx';
import { LossTermsChart } from './LossTermsChart.tsx';
import { MetricChart } from './MetricChart.tsx';
import { TestMetrics } from './TestMetrics.tsx';

/**
 * Loss and accuracy of the run as they come, on the training batches and on the test set; where several losses are added
 * up, each of them too.
 */
function ChartsPanel() {
  const hasData = useStore(runStore, ({ metricsLength }) => metricsLength > 0);
  const hasAccuracy = useStore(runStore, ({ metrics }) => metrics.hasAccuracy);
  const terms = useStore(
    runStore,
    useShallow(({ metrics }) => [...metrics.terms.keys()]),
  );
  const preparing = useStore(runStore, ({ status }) => status === 'preparing');
  const [smoothing, setSmoothing] = useState(0.9);
  const [logarithmic, setLogarithmic] = useState(false);
  if (!hasData) {
    return (
      <EmptyState icon={ChartSpline} title={preparing ? messages().run.preparingTitle : messages().charts.none}>
        {preparing ? messages().charts.preparing : messages().charts.pressTrain(keyText(TRAIN_KEY))}
      </EmptyState>
    );
  }
  return (
    <section
      aria-label={messages().docks.names.charts}
      className="group @container flex h-full min-h-0 flex-col gap-2 p-3"
    >
      <div className="flex items-center gap-4 text-xs text-muted">
        <label className="flex items-center gap-2">
          {messages().charts.smoothing}
          <Range
            min={0}
            max={0.99}
            step={0.01}
            value={smoothing}
            onChange={(event) => setSmoothing(event.target.valueAsNumber)}
            className="w-28"
          />
          <output className="w-8 tabular-nums text-ink">{smoothing.toFixed(2)}</output>
        </label>
        <label className="flex items-center gap-1.5">
          <input type="checkbox" checked={logarithmic} onChange={(event) => setLogarithmic(event.target.checked)} />
          {messages().charts.logLoss}
        </label>
        {/* Of use where the pointer is over the curves already. */}
        <span className="ml-auto hidden text-muted opacity-0 transition-opacity group-hover:opacity-100 @2xl:inline">
          {messages().charts.zoom}
        </span>
        <CommandButton command={downloadMetrics} />
      </div>
      <TestMetrics />
      <div
        className={`grid min-h-0 flex-1 auto-rows-[minmax(7.5rem,1fr)] grid-cols-1 gap-4 ${hasAccuracy || terms.length > 0 ? '@2xl:grid-cols-2' : ''}`}
      >
        <MetricChart metric="loss" title={messages().charts.loss} logarithmic={logarithmic} smoothing={smoothing} />
        {terms.length > 0 && <LossTermsChart names={terms} logarithmic={logarithmic} smoothing={smoothing} />}
        {hasAccuracy && (
          <MetricChart metric="accuracy" title={messages().charts.accuracy} logarithmic={false} smoothing={smoothing} />
        )}
      </div>
    </section>
  );
}

export default ChartsPanel;
