import { expect, it } from 'vitest';
import { inceptionScore } from './inceptionScore.ts';

it('is 1 for samples that look alike or like nothing, and the number of classes for the best', () => {
  expect(inceptionScore(Float32Array.of(1, 0, 0, 1, 0, 0), 3)).toBeCloseTo(1, 10);
  expect(inceptionScore(new Float32Array(12).fill(1 / 3), 3)).toBeCloseTo(1, 6);
  expect(inceptionScore(Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), 3)).toBeCloseTo(3, 6);
});

it('is what NumPy computes', () => {
  // p = [[.7, .2, .1], [.1, .8, .1], [.3, .3, .4], [.6, .1, .3]]; exp(mean(sum(p * log(p / p.mean(0)), 1)))
  const given = Float32Array.of(0.7, 0.2, 0.1, 0.1, 0.8, 0.1, 0.3, 0.3, 0.4, 0.6, 0.1, 0.3);
  expect(inceptionScore(given, 3)).toBeCloseTo(1.23342415, 6);
});
