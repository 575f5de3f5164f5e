import type { Evaluation } from '../../workers/protocol.ts';
import type { MetricsLog } from './metricsLog.ts';
import { runStore } from './training.ts';

/**
 * The numbers of a run as CSV, one line a step: step, loss, accuracy, the test set's loss and accuracy after the steps
 * that an evaluation followed, and each of several losses by itself. What there is not stays empty.
 */
export function metricsFile(metrics: MetricsLog, evaluations: readonly Evaluation[]): string {
  const tested = new Map(evaluations.map((evaluation) => [evaluation.step, evaluation]));
  const { step, loss, accuracy } = metrics;
  const terms = [...metrics.terms];
  const known = (value: number | undefined) => (Number.isNaN(value) ? '' : value);
  const lines = Array.from(step, (at, i) => {
    const test = tested.get(at);
    const apart = terms.map(([, values]) => known(values[i]));
    return [at, loss[i], known(accuracy[i]), test?.loss ?? '', test?.accuracy ?? '', ...apart].join(',');
  });
  const names = terms.map(([name]) => `"${name.replaceAll('"', '""')}"`);
  return [['step,loss,accuracy,test_loss,test_accuracy', ...names].join(','), ...lines, ''].join('\n');
}

/** Gives the curves of the run to the person as a file. */
export function downloadMetrics(): void {
  const { metrics, evaluations, id } = runStore.getState();
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([metricsFile(metrics, evaluations)], { type: 'text/csv' }));
  link.download = `${id ?? 'run'}.csv`;
  link.click();
  // After the browser has taken it up.
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
