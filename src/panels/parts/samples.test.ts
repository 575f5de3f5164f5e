import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../engine/data/dataset.ts';
import { asFloats, guessOf, imagePixels, imageShape, outputKind, testSample } from './samples.ts';

const images: Dataset = {
  id: 'tiny',
  title: 'Tiny',
  sample: [1, 2, 2],
  classes: ['a', 'b', 'c'],
  train: { count: 0, inputs: new Uint8Array(0), labels: new Int32Array(0) },
  test: { count: 2, inputs: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 255), labels: Int32Array.of(0, 1) },
};

describe('samples', () => {
  it('knows which samples are pictures', () => {
    expect(imageShape([1, 28, 28])).toEqual({ channels: 1, height: 28, width: 28 });
    expect(imageShape([3, 4, 5])).toEqual({ channels: 3, height: 4, width: 5 });
    expect(imageShape([2])).toBeUndefined();
    expect(imageShape([2, 4, 4])).toBeUndefined();
  });

  it('finds a test sample and its floats', () => {
    expect([...testSample(images, 1)]).toEqual([4, 5, 6, 255]);
    expect(asFloats(testSample(images, 1))[3]).toBe(1);
  });

  it('paints grey bytes and coloured floats', () => {
    expect([...imagePixels(Uint8Array.of(7, 9), { channels: 1, height: 1, width: 2 })]).toEqual([
      7, 7, 7, 255, 9, 9, 9, 255,
    ]);
    expect([...imagePixels(Float32Array.of(1, 0, 2), { channels: 3, height: 1, width: 1 })]).toEqual([
      255, 0, 255, 255,
    ]);
  });

  it('reads probabilities', () => {
    const { index, confidence } = guessOf(Float32Array.of(0.25, 0.5, 0.125));
    expect({ index, confidence }).toEqual({ index: 1, confidence: 0.5 });
    expect(guessOf(Float32Array.of(0.25))).toEqual({ index: 0, confidence: 0.75 });
  });

  it('tells classes from samples given back', () => {
    expect(outputKind(images, 3, true)).toBe('classes');
    expect(outputKind(images, 3, false)).toBe('classes');
    expect(outputKind(images, 4, false)).toBe('reconstruction');
    expect(outputKind(images, 5, false)).toBe('other');
    expect(outputKind({ ...images, sample: [3] }, 3, true)).toBe('classes');
  });
});
