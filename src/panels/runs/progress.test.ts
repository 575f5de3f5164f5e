import { describe, expect, it } from 'vitest';
import { formatCount, formatDuration, pageTitle, progressOf } from './progress.ts';

const run = { stepsPerEpoch: 141, totalSteps: 423, samplesPerEpoch: 9000, samplesPerSecond: 4500 };

describe('progressOf', () => {
  it('starts in the first epoch with all of the time left', () => {
    const { share, epoch, epochs, secondsLeft } = progressOf({ ...run, step: 0 });
    expect([share, epoch, epochs]).toEqual([0, 1, 3]);
    expect(secondsLeft).toBeCloseTo(6);
  });

  it('is in the second epoch after the steps of the first', () => {
    expect(progressOf({ ...run, step: 140 }).epoch).toBe(1);
    expect(progressOf({ ...run, step: 141 }).epoch).toBe(2);
  });

  it('ends in the last epoch with no time left', () => {
    expect(progressOf({ ...run, step: 423 })).toMatchObject({ share: 1, epoch: 3, secondsLeft: 0 });
  });

  it('does not guess a time without a speed', () => {
    expect(progressOf({ ...run, samplesPerSecond: 0, step: 5 }).secondsLeft).toBeUndefined();
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [0.2, '1 s'],
    [59.5, '1 min'],
    [80, '1 min 20 s'],
    [3600, '1 h'],
    [7500, '2 h 5 min'],
  ])('%d seconds', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});

describe('formatCount', () => {
  it.each([
    [7.4, '7'],
    [999, '999'],
    [12_345, '12.3k'],
    [123_456, '123k'],
    [999_700, '1.0M'],
  ])('%d', (count, text) => expect(formatCount(count)).toBe(text));
});

it('names the page after its model, and says how far it is', () => {
  expect(pageTitle('LeNet-5', undefined)).toBe('LeNet-5 – Gradloom');
  expect(pageTitle('LeNet-5', 0.4299)).toBe('42% · LeNet-5 – Gradloom');
  expect(pageTitle(' ', 1)).toBe('100% · Gradloom');
});
