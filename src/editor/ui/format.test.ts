import { expect, it } from 'vitest';
import { byteSize, compactNumber, milliseconds, parameterLabel, shapeText, wholeNumber } from './format.ts';

it('writes shapes and names', () => {
  expect(shapeText([32, 26, 26])).toBe('32×26×26');
  expect(shapeText([])).toBe('scalar');
  expect(shapeText(undefined)).toBe('?');
  expect(parameterLabel('outChannels')).toBe('Out channels');
  expect(parameterLabel('lr')).toBe('Learning rate');
});

it('groups the digits of whole numbers as the browser does', () => {
  for (const value of [0, 7, 999, 1000, 54_000, 693_962, 1_234_567, 12_345_678_901, -1, -999, -1000, -693_962]) {
    expect(wholeNumber(value)).toBe(value.toLocaleString('en'));
    expect(wholeNumber(value)).toBe(value.toLocaleString('zh-CN'));
  }
});

it('writes numbers, sizes and durations with three digits', () => {
  expect([7, 999, 1000, 693_962, 1e6].map(compactNumber)).toEqual(['7', '999', '1k', '694k', '1M']);
  expect([0, 512, 62_784, 6.3e6].map(byteSize)).toEqual(['0 B', '512 B', '62.8 kB', '6.3 MB']);
  expect([0, 0.0421, 7.254, 72.54, 804, 1300].map(milliseconds)).toEqual([
    '0.000 ms',
    '0.042 ms',
    '7.25 ms',
    '72.5 ms',
    '804 ms',
    '1.30 s',
  ]);
});
