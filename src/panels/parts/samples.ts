import type { Dataset, Split } from '../../engine/data/dataset.ts';

/** Shape of a picture: channels first, as in the engine. */
export interface ImageShape {
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
}

/** The shape of samples that can be shown as grey or coloured pictures; undefined for any other data. */
export function imageShape(sample: readonly number[]): ImageShape | undefined {
  const [channels, height, width] = sample;
  if (sample.length !== 3 || (channels !== 1 && channels !== 3) || !height || !width) return undefined;
  return { channels, height, width };
}

export const sampleSize = (sample: readonly number[]): number => sample.reduce((product, side) => product * side, 1);

/** One stored sample of the test set, without a copy. */
export function testSample(dataset: Dataset, index: number): Split['inputs'] {
  const size = sampleSize(dataset.sample);
  return dataset.test.inputs.subarray(index * size, (index + 1) * size);
}

/** A stored sample as floats: bytes become shares of full brightness. */
export function asFloats(values: Split['inputs']): Float32Array {
  if (values instanceof Float32Array) return values;
  return Float32Array.from(values, (value) => (values instanceof Uint8Array ? value / 255 : value));
}

/** RGBA bytes of a picture, row-major. Bytes are taken as they are, floats are shares of full brightness. */
export function imagePixels(
  values: Split['inputs'],
  { channels, height, width }: ImageShape,
): Uint8ClampedArray<ArrayBuffer> {
  const plane = height * width;
  const scale = values instanceof Uint8Array ? 1 : 255;
  const pixels = new Uint8ClampedArray(plane * 4);
  for (let i = 0; i < plane; i++) {
    for (let channel = 0; channel < 3; channel++) {
      pixels[i * 4 + channel] = (values[channels === 1 ? i : channel * plane + i] ?? 0) * scale;
    }
    pixels[i * 4 + 3] = 255;
  }
  return pixels;
}

export interface Guess {
  /** The class with the greatest probability. */
  readonly index: number;
  readonly confidence: number;
}

/** What a row of probabilities says. One number alone is the probability of the second of two classes. */
export function guessOf(probabilities: Float32Array): Guess {
  if (probabilities.length === 1) {
    const second = probabilities[0]!;
    return second >= 0.5 ? { index: 1, confidence: second } : { index: 0, confidence: 1 - second };
  }
  let index = 0;
  for (let i = 1; i < probabilities.length; i++) if (probabilities[i]! > probabilities[index]!) index = i;
  return { index, confidence: probabilities[index] ?? Number.NaN };
}

/** What the output of a model is to a person: classes, the sample given back, or something that has no picture. */
export type OutputKind = 'classes' | 'reconstruction' | 'other';

/** @param width numbers that the model gives for one sample. */
export function outputKind(dataset: Dataset, width: number, hasAccuracy: boolean): OutputKind {
  if (hasAccuracy) return 'classes';
  if (width === sampleSize(dataset.sample)) return 'reconstruction';
  return dataset.classes.length > 0 && width === dataset.classes.length ? 'classes' : 'other';
}
