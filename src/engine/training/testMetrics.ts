import type { GraphInference } from '../compiler/infer.ts';
import type { Dataset } from '../data/dataset.ts';
import { EngineError } from '../errors.ts';
import { sizeOf } from '../ir/shape.ts';
import { lossTarget } from '../layers/lossTarget.ts';
import type { MetricResult } from '../metrics/defineMetric.ts';
import { classMetrics, numberMetrics } from '../metrics/registry.ts';
import { samplesOf } from './deviceSplit.ts';

/**
 * Counts over the test set, `[true class][predicted class]`, from the network's output for each sample.
 * @throws EngineError `unsupported` where that is not one number a class.
 */
export function confusionCounts({ classes: names, test }: Dataset, outputs: Float32Array, width: number): Uint32Array {
  const classes = names.length;
  const labels = test.labels.length;
  if (classes === 0 || width * test.count !== classes * labels) {
    throw new EngineError(
      'unsupported',
      `a confusion matrix needs one output a class: ${width} outputs, ${classes} classes`,
    );
  }
  const counts = new Uint32Array(classes * classes);
  for (let i = 0; i < labels; i++) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (outputs[i * classes + c]! > outputs[i * classes + best]!) best = c;
    const cell = test.labels[i]! * classes + best;
    counts[cell] = counts[cell]! + 1;
  }
  return counts;
}

/** Metrics of what a network gave for the whole test set: of classes, of numbers, or of how well samples are given back. */
export function testMetrics(
  dataset: Dataset,
  outputs: Float32Array,
  width: number,
  predicts: 'classes' | 'samples' | 'numbers' | undefined,
): MetricResult[] {
  const { classes, test, sample, target } = dataset;
  const perLabel = (width * test.count) / test.labels.length;
  if (predicts === 'classes' && perLabel === classes.length && perLabel > 0) {
    const confusion = confusionCounts(dataset, outputs, width);
    return classMetrics({ scores: outputs, labels: test.labels, classes: perLabel, confusion });
  }
  if (predicts === 'samples' && width === sizeOf(sample)) {
    const all = Array.from({ length: test.count }, (_, i) => i);
    const targets = Float32Array.from(samplesOf(dataset, test, all));
    return numberMetrics({ outputs, targets, width });
  }
  if (predicts === 'numbers' && target && width === 1) {
    // In the units of the table.
    const inUnits = (values: ArrayLike<number>) =>
      Float32Array.from(values, (value) => target.mean + target.deviation * value);
    return numberMetrics({ outputs: inUnits(outputs), targets: inUnits(test.labels), width });
  }
  return [];
}

/** What the network's output is about, by its losses. */
export function whatIsPredicted(
  inference: GraphInference,
  dataset: Dataset,
): 'classes' | 'samples' | 'numbers' | undefined {
  const losses = inference.order.flatMap((id) => {
    const { definition, parameters } = inference.nodes[id] ?? {};
    if (definition?.role !== 'loss' || !parameters) return [];
    const target = lossTarget(definition, parameters);
    return [{ target, classifies: target === 'label' && definition.classifies !== false }];
  });
  if (dataset.target && losses.some(({ target }) => target === 'label')) return 'numbers';
  if (losses.some(({ classifies }) => classifies)) return 'classes';
  return losses.find(({ target }) => target !== 'none')?.target === 'input' ? 'samples' : undefined;
}
