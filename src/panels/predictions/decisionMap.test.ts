import { describe, expect, it } from 'vitest';
import { gridPoints, squareAround } from './decisionMap.ts';

describe('decision map', () => {
  it('puts a square with a margin around the points', () => {
    const { left, right, top, bottom } = squareAround(Float32Array.of(0, 0, 4, 1));
    expect(right - left).toBeCloseTo(top - bottom);
    expect((left + right) / 2).toBeCloseTo(2);
    expect((top + bottom) / 2).toBeCloseTo(0.5);
    expect(left).toBeLessThan(0);
    expect(right).toBeGreaterThan(4);
  });

  it('has a square for no points', () => {
    expect(squareAround(new Float32Array(0))).toEqual({ left: -1, right: 1, bottom: -1, top: 1 });
  });

  it('lists the middles of cells from the top left', () => {
    const points = gridPoints({ left: 0, right: 4, bottom: 0, top: 4 }, 2);
    expect([...points]).toEqual([1, 3, 3, 3, 1, 1, 3, 1]);
  });
});
