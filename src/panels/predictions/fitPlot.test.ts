import { describe, expect, it } from 'vitest';
import { fitRange, ticks } from './fitPlot.ts';

describe('a plot of predicted against true numbers', () => {
  it('holds all that is finite, with room around', () => {
    expect(fitRange([0, 100], [-20, 50, Number.NaN])).toEqual({ low: -26, high: 106 });
    expect(fitRange([3], [3])).toEqual({ low: 2, high: 4 });
    expect(fitRange([Number.NaN], [])).toEqual({ low: 0, high: 1 });
  });

  it('has round numbers at its axes', () => {
    expect(ticks({ low: -26, high: 106 })).toEqual([0, 50, 100]);
    expect(ticks({ low: 0, high: 1 })).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticks({ low: 21, high: 349 })).toEqual([100, 200, 300]);
  });
});
