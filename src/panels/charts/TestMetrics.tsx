import { messages, translate } from '../../editor/i18n/language.ts';
import type { InspectQuery } from '../../workers/protocol.ts';
import { useInspection } from '../parts/useInspection.ts';

const METRICS: InspectQuery = { kind: 'metrics' };

/** What the model reaches on the test set besides loss and accuracy, after each epoch. */
export function TestMetrics() {
  const { result } = useInspection(METRICS, 'evaluation');
  if (result?.kind !== 'metrics' || result.metrics.length === 0) return null;
  return (
    <div className="flex gap-x-4 text-[11px] tabular-nums">
      <span className="shrink-0 font-medium text-ink">{messages().charts.testSet}</span>
      <dl aria-label={messages().charts.testMetrics} className="flex flex-wrap gap-x-4 gap-y-0.5">
        {result.metrics.map(({ name, title, value, isShare }) => (
          <div key={name} className="flex gap-1.5">
            <dt className="text-muted">{translate(title)}</dt>
            <dd className="text-ink">{isShare ? `${(100 * value).toFixed(1)}%` : value.toPrecision(4)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
