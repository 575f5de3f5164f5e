import { describe, expect, it } from 'vitest';
import { MetricsLog } from './metricsLog.ts';

describe('MetricsLog', () => {
  it('keeps each of several losses apart, with a gap where there is none', () => {
    const log = new MetricsLog();
    log.append([{ step: 1, loss: 3, accuracy: undefined }]);
    log.append(
      Array.from({ length: 2000 }, (_, i) => ({ step: i + 2, loss: 3, terms: { a: i, b: -i }, accuracy: undefined })),
    );
    log.append([{ step: 2002, loss: 3, accuracy: undefined }]);
    const { a, b } = Object.fromEntries(log.terms);
    expect([...a!.slice(0, 3)]).toEqual([Number.NaN, 0, 1]);
    expect([b![2000], b![2001], b!.length]).toEqual([-1999, Number.NaN, 2002]);
  });

  it('keeps every step in order while it grows', () => {
    const log = new MetricsLog();
    const count = 5000;
    for (let step = 1; step <= count; step += 7) {
      const batch = Array.from({ length: Math.min(7, count - step + 1) }, (_, i) => ({
        step: step + i,
        loss: 1 / (step + i),
        accuracy: (step + i) / count,
      }));
      log.append(batch);
    }
    expect(log.length).toBe(count);
    expect(log.lastStep).toBe(count);
    expect([...log.step]).toEqual(Array.from({ length: count }, (_, i) => i + 1));
    expect(log.loss[4321]).toBe(1 / 4322);
    expect(log.accuracy.at(-1)).toBe(1);
  });

  it('marks steps without an accuracy', () => {
    const log = new MetricsLog();
    log.append([{ step: 1, loss: 2, accuracy: undefined }]);
    expect(log.hasAccuracy).toBe(false);
    expect(log.accuracy[0]).toBeNaN();
    log.append([{ step: 2, loss: 1, accuracy: 0 }]);
    expect(log.hasAccuracy).toBe(true);
  });

  it('leaves what was read before an append as it was', () => {
    const log = new MetricsLog();
    log.append([{ step: 1, loss: 3, accuracy: 0.5 }]);
    const before = log.loss;
    log.append(Array.from({ length: 4000 }, (_, i) => ({ step: i + 2, loss: 0, accuracy: 1 })));
    expect([...before]).toEqual([3]);
  });
});
