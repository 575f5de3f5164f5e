import type { MetricsLog } from '../../editor/stores/metricsLog.ts';
import type { Evaluation } from '../../workers/protocol.ts';

/**
 * The numbers of a run as CSV, one line a step: step, loss, accuracy, and the test set's loss and accuracy after the steps
 * that an evaluation followed. What there is not stays empty.
 */
export function metricsFile(metrics: MetricsLog, evaluations: readonly Evaluation[]): string {
  const tested = new Map(evaluations.map((evaluation) => [evaluation.step, evaluation]));
  const { step, loss, accuracy } = metrics;
  const lines = Array.from(step, (at, i) => {
    const test = tested.get(at);
    return [at, loss[i], Number.isNaN(accuracy[i]) ? '' : accuracy[i], test?.loss ?? '', test?.accuracy ?? ''].join(
      ',',
    );
  });
  return ['step,loss,accuracy,test_loss,test_accuracy', ...lines, ''].join('\n');
}
