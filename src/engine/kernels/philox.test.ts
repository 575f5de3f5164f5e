import { expect, it } from 'vitest';
import { philox4x32, philoxUniforms } from './philox.ts';

// Known answers published with the reference implementation of Random123 (kat_vectors, philox4x32 with 10 rounds).
it.each([
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
] as [[number, number, number, number], [number, number], number[]][])(
  'gives the published words for %j',
  (counter, key, words) => {
    expect(philox4x32(counter, key)).toEqual(words);
  },
);

it('draws uniforms of mean 1/2 that depend on seed, step and stream', () => {
  const draw = philoxUniforms(40_000, 1, 2, 3);
  expect(draw.every((u) => u >= 0 && u < 1)).toBe(true);
  expect(draw.reduce((sum, u) => sum + u, 0) / draw.length).toBeCloseTo(0.5, 2);
  for (const other of [philoxUniforms(8, 2, 2, 3), philoxUniforms(8, 1, 3, 3), philoxUniforms(8, 1, 2, 4)]) {
    expect([...other]).not.toEqual([...draw.subarray(0, 8)]);
  }
});
