import { describe, expect, it } from 'vitest';
import { classScores, formatShare } from './scores.ts';

describe('classScores', () => {
  it('counts recall by rows and precision by columns', () => {
    const { support, recall, precision, accuracy } = classScores(Uint32Array.of(8, 2, 1, 9), 2);
    expect(support).toEqual([10, 10]);
    expect(recall).toEqual([0.8, 0.9]);
    expect(precision[0]).toBeCloseTo(8 / 9);
    expect(precision[1]).toBeCloseTo(9 / 11);
    expect(accuracy).toBeCloseTo(0.85);
  });

  it('has no share of nothing', () => {
    const { recall, precision } = classScores(Uint32Array.of(0, 0, 3, 0), 2);
    expect(recall[0]).toBeNaN();
    expect(precision[1]).toBeNaN();
    expect(formatShare(recall[0]!)).toBe('–');
    expect(formatShare(0.9736)).toBe('97.4%');
  });
});
