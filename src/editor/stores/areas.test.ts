import { describe, expect, it } from 'vitest';
import { LIMITS, parseSizes, within } from './areas.ts';

const usual = { palette: 196, side: 340, bottom: 264 };

describe('sizes of areas', () => {
  it('stay within limits; a small one is put away', () => {
    expect(within('palette', 5000)).toBe(LIMITS.palette.most);
    expect(within('palette', 100)).toBe(LIMITS.palette.least);
    expect(within('palette', 60)).toBe(0);
    expect(within('bottom', 10)).toBe(36);
    expect(within('side', 400.4)).toBe(400);
  });

  it('are read back, also those that were put away', () => {
    const sizes = { palette: 0, side: 500, bottom: 36 };
    expect(parseSizes(JSON.stringify(sizes))).toEqual(sizes);
  });

  it.each([undefined, '', '7', 'null', '[]', '{"palette":"wide","side":null,"bottom":1e999}'])(
    'are the usual ones after reading %s',
    (text) => {
      expect(parseSizes(text)).toEqual(usual);
    },
  );
});
