import { describe, expect, it } from 'vitest';
import fixtures from '../../../conformance/metrics/fixtures.json' with { type: 'json' };
import type { MetricResult } from './defineMetric.ts';
import { allMetrics, classMetrics, numberMetrics } from './registry.ts';

function expectSame(ours: readonly MetricResult[], theirs: Readonly<Record<string, number | undefined>>): void {
  const wanted = Object.entries(theirs).filter(([, value]) => value !== undefined);
  expect(ours.map(({ name }) => name).sort()).toEqual(wanted.map(([name]) => name).sort());
  // Keras works in float32.
  for (const { name, value } of ours) expect(Math.abs(value - theirs[name]!), name).toBeLessThan(2e-6 * (1 + value));
}

function confusionOf(scores: Float32Array, labels: readonly number[], classes: number): number[] {
  const counts = new Array<number>(classes * classes).fill(0);
  labels.forEach((label, i) => {
    const row = [...scores.subarray(i * classes, (i + 1) * classes)];
    const cell = label * classes + row.indexOf(Math.max(...row));
    counts[cell] = counts[cell]! + 1;
  });
  return counts;
}

describe('metrics', () => {
  it.each(fixtures.classification)('of $classes classes are those of Keras and PyTorch', (fixture) => {
    const { labels, classes, metrics } = fixture;
    const scores = Float32Array.from(fixture.scores);
    expectSame(classMetrics({ scores, labels, classes, confusion: confusionOf(scores, labels, classes) }), metrics);
  });

  it.each(fixtures.regression)('of $width numbers are those of Keras', ({ targets, outputs, width, metrics }) => {
    expectSame(
      numberMetrics({ outputs: Float32Array.from(outputs), targets: Float32Array.from(targets), width }),
      metrics,
    );
  });

  it('are left out where they have no meaning', () => {
    const none = classMetrics({
      scores: Float32Array.of(3, 1, 2, 5),
      labels: [0, 0],
      classes: 2,
      confusion: [1, 1, 0, 0],
    });
    // One class only, and scores that are no probabilities.
    expect(none.map(({ name }) => name)).not.toContain('auc');
    expect(none.map(({ name }) => name)).not.toContain('perplexity');
    const flat = numberMetrics({ outputs: Float32Array.of(1, 2), targets: Float32Array.of(3, 3), width: 1 });
    expect(flat.map(({ name }) => name).sort()).toEqual(['mae', 'rmse']);
  });

  it.each(allMetrics())('$name says what it is', ({ title, help }) => {
    expect(title.length).toBeGreaterThan(0);
    expect(help.summary).toMatch(/\.$/);
    expect(help.reference).toMatch(/^https:/);
  });
});
