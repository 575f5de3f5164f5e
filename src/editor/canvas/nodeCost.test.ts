import { expect, it } from 'vitest';
import { costOf } from './nodeCost.ts';

const layer = (node: string | undefined, milliseconds: number) => {
  const [weightBytes, resultBytes] = [2 * milliseconds, 3 * milliseconds];
  return { node, milliseconds, share: milliseconds / 16, flops: 0, bytes: 0, weightBytes, resultBytes, kernels: [] };
};
const profile = {
  layers: [
    layer('body.0.conv1', 1),
    layer('body.1.conv1', 2),
    layer('body.1.deep.0.conv1', 4),
    layer('body2', 8),
    layer(undefined, 1),
  ],
};

/** Of a node with so much time; all layers together have 15. */
const cost = (milliseconds: number) => ({
  milliseconds,
  share: milliseconds / 16,
  weightBytes: 2 * milliseconds,
  resultBytes: 3 * milliseconds,
  memoryShare: milliseconds / 15,
});

it('sums up what is inside of a block, in all repetitions and blocks within', () => {
  expect(costOf(profile, 'body')).toEqual(cost(7));
  expect(costOf(profile, 'body.conv1')).toEqual(cost(3));
  expect(costOf(profile, 'body.deep')).toEqual(cost(4));
  expect(costOf(profile, 'body2')).toEqual(cost(8));
});

it('is nothing for what takes no part in a step', () => {
  expect(costOf(profile, 'bod')).toBeUndefined();
  expect(costOf({ layers: [layer(undefined, 1)] }, 'body')).toBeUndefined();
});
