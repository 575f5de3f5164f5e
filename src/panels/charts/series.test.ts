import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chartColumns, MAX_POINTS, pickExtremes, Smoother, termColumns, valueAt } from './series.ts';

describe('Smoother', () => {
  it('leaves a constant as it is from the first value on', () => {
    const smooth = new Smoother(0.9).update(Float64Array.of(2, 2, 2, 2));
    for (const value of smooth) expect(value).toBeCloseTo(2, 12);
  });

  it('is the debiased moving average', () => {
    const smooth = new Smoother(0.5).update(Float64Array.of(4, 0));
    expect(smooth[0]).toBeCloseTo(4);
    expect(smooth[1]).toBeCloseTo((0.5 * 2 + 0) / 0.75);
  });

  it('gives the same numbers whether values come at once or bit by bit', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true })), fc.nat(), (list, cut) => {
        const values = Float64Array.from(list);
        const parts = new Smoother(0.8);
        parts.update(values.subarray(0, cut % (values.length + 1)));
        expect([...parts.update(values)]).toEqual([...new Smoother(0.8).update(values)]);
      }),
    );
  });

  it('passes over what is not finite', () => {
    const smooth = new Smoother(0.5).update(Float64Array.of(Number.NaN, 1, Number.NaN, 1));
    expect(smooth[0]).toBeNaN();
    expect([...smooth.slice(1)]).toEqual([1, 1, 1]);
  });

  it('refuses a weight that would never forget', () => {
    expect(() => new Smoother(1)).toThrow(RangeError);
  });
});

describe('pickExtremes', () => {
  it('keeps everything while there is little', () => {
    expect([...pickExtremes(Float64Array.of(3, 1, 2), 5)]).toEqual([0, 1, 2]);
  });

  it('keeps the ends, the least and the greatest, in order, within the limit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 30, maxLength: 400 }),
        (list) => {
          const values = Float64Array.from(list);
          const picked = [...pickExtremes(values, 20)];
          expect(picked.length).toBeLessThanOrEqual(20);
          expect(picked[0]).toBe(0);
          expect(picked.at(-1)).toBe(list.length - 1);
          expect(picked).toEqual([...new Set(picked)].sort((a, b) => a - b));
          const kept = picked.map((index) => values[index]!);
          expect(Math.min(...kept)).toBe(Math.min(...values));
          expect(Math.max(...kept)).toBe(Math.max(...values));
        },
      ),
    );
  });
});

describe('chartColumns', () => {
  const evaluation = (step: number, loss: number) => ({ step, epoch: 1, loss, accuracy: undefined });

  it('joins evaluations at, between and after steps', () => {
    const columns = chartColumns({
      step: Float64Array.of(1, 2, 4),
      raw: Float64Array.of(5, 4, 3),
      smooth: Float64Array.of(5, 4.5, 4),
      evaluations: [evaluation(2, 9), evaluation(3, 8), evaluation(6, 7)],
      metric: 'loss',
      positiveOnly: false,
    });
    expect(columns.step).toEqual([1, 2, 3, 4, 6]);
    expect(columns.raw).toEqual([5, 4, null, 3, null]);
    expect(columns.smooth).toEqual([5, 4.5, null, 4, null]);
    expect(columns.validation).toEqual([null, 9, 8, null, 7]);
  });

  it('leaves out what a logarithmic axis or any axis cannot show', () => {
    const columns = chartColumns({
      step: Float64Array.of(1, 2, 3),
      raw: Float64Array.of(0, Number.NaN, 1),
      smooth: Float64Array.of(-1, Number.POSITIVE_INFINITY, 1),
      evaluations: [],
      metric: 'loss',
      positiveOnly: true,
    });
    expect(columns.raw).toEqual([null, null, 1]);
    expect(columns.smooth).toEqual([null, null, 1]);
  });

  it('thins a long run', () => {
    const count = 60_000;
    const step = Float64Array.from({ length: count }, (_, i) => i + 1);
    const raw = step.map((x) => Math.sin(x / 100));
    const columns = chartColumns({ step, raw, smooth: raw, evaluations: [], metric: 'loss', positiveOnly: false });
    expect(columns.step.length).toBeLessThanOrEqual(MAX_POINTS);
    expect(columns.step.at(-1)).toBe(count);
  });
});

describe('termColumns', () => {
  it('gives every curve a point at every step, and leaves out what cannot be drawn', () => {
    const curves = [Float64Array.of(1, 0, 3), Float64Array.of(Number.NaN, 5, 6)];
    expect(termColumns(Float64Array.of(1, 2, 3), curves, true)).toEqual([
      [1, 2, 3],
      [1, null, 3],
      [null, 5, 6],
    ]);
  });

  it('thins a long run, and keeps the greatest of each curve', () => {
    const step = Float64Array.from({ length: 60_000 }, (_, i) => i + 1);
    const curves = [step.map((x) => Number(x === 777)), step.map((x) => Number(x === 44_444))];
    const [steps, ...drawn] = termColumns(step, curves, false);
    expect(steps.length).toBeLessThanOrEqual(MAX_POINTS);
    expect(drawn.map((curve) => Math.max(...curve.map(Number)))).toEqual([1, 1]);
  });
});

describe('valueAt', () => {
  it('reads the last point at or before an index', () => {
    expect(valueAt([1, null, 3, null], 1)).toBe(1);
    expect(valueAt([1, null, 3, null], 9)).toBe(3);
    expect(valueAt([null, 2], 0)).toBeUndefined();
  });
});
