import { describe, expect, it } from 'vitest';
import { drawn, generateText } from './generateText.ts';

const vocabulary = ['a', 'b', 'c'];
const data = { vocabulary, sample: [3] };

/** A model that is sure that the alphabet goes on. */
const seen: number[][] = [];
const alphabet = async (inputs: Int32Array) => {
  seen.push([...inputs]);
  const outputs = new Float32Array(9);
  inputs.forEach((id, step) => {
    outputs[step * 3 + ((id + 1) % 3)] = 1;
  });
  return { outputs, width: 9 };
};

describe('text generation', () => {
  it('reads what comes after the last character, and moves on with it', async () => {
    const written = await generateText(data, alphabet, {
      prompt: Int32Array.of(0),
      count: 5,
      temperature: 1,
      seed: 1,
    });
    expect([...written]).toEqual([1, 2, 0, 1, 2]);
    expect(seen).toEqual([
      [0, 0, 0],
      [0, 1, 0],
      [0, 1, 2],
      [1, 2, 0],
      [2, 0, 1],
    ]);
  });

  it('draws by temperature', () => {
    const probabilities = Float32Array.of(0.5, 0.3, 0.2);
    expect([0, 0.49, 0.51, 0.79, 0.81].map((u) => drawn(probabilities, 1, u))).toEqual([0, 0, 1, 1, 2]);
    expect(drawn(probabilities, 0, 0.99)).toBe(0);
    // At half the temperature the odds are squared: 0.25, 0.09, 0.04 of 0.38.
    expect([0.65, 0.67, 0.88, 0.9].map((u) => drawn(probabilities, 0.5, u))).toEqual([0, 1, 1, 2]);
    expect(drawn(Float32Array.of(1e-30, 1), 0.01, 0.5)).toBe(1);
  });

  it('refuses what it can not go on from', async () => {
    const request = { prompt: Int32Array.of(0), count: 1, temperature: 1, seed: 1 };
    const odd = async () => ({ outputs: new Float32Array(4), width: 4 });
    await expect(generateText(data, odd, request)).rejects.toThrow('it gives 4 numbers a sample');
    const empty = { ...request, prompt: new Int32Array(0) };
    await expect(generateText(data, alphabet, empty)).rejects.toThrow('at least one character');
    await expect(generateText(data, alphabet, { ...request, prompt: Int32Array.of(9) })).rejects.toThrow(
      'one character',
    );
  });
});
