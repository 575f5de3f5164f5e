import { expect, it } from 'vitest';
import { timeOf } from './nodeTime.ts';

const layer = (node: string | undefined, milliseconds: number) => {
  return { node, milliseconds, share: milliseconds / 16, flops: 0, bytes: 0, kernels: [] };
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

it('sums up what is inside of a block, in all repetitions and blocks within', () => {
  expect(timeOf(profile, 'body')).toEqual({ milliseconds: 7, share: 7 / 16 });
  expect(timeOf(profile, 'body.conv1')).toEqual({ milliseconds: 3, share: 3 / 16 });
  expect(timeOf(profile, 'body.deep')).toEqual({ milliseconds: 4, share: 4 / 16 });
  expect(timeOf(profile, 'body2')).toEqual({ milliseconds: 8, share: 8 / 16 });
});

it('is nothing for what takes no part in a step', () => {
  expect(timeOf(profile, 'bod')).toBeUndefined();
  expect(timeOf({ layers: [layer(undefined, 1)] }, 'body')).toBeUndefined();
});
