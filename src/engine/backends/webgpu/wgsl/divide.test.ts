import { describe, expect, it } from 'vitest';
import { EXACT_IN_FLOAT, quotientOf } from './divide.ts';
import { Shader } from './shader.ts';

/** What the code computes, in the arithmetic of a GPU. */
function computed(code: string, at: number): number {
  const shift = /^\(x\) >> (\d+)u$/.exec(code);
  if (shift) return at >> Number(shift[1]);
  const product = /^i32\(\(f32\(x\) \+ 0\.5\) \* ([\d.e-]+)f\)$/.exec(code);
  if (product) return Math.trunc(Math.fround(Math.fround(Math.fround(at) + 0.5) * Math.fround(Number(product[1]))));
  const quotient = /^\(x\) \/ (\d+)$/.exec(code);
  if (quotient) return Math.trunc(at / Number(quotient[1]));
  return code === 'x' ? at : Number.NaN;
}

describe('quotientOf', () => {
  it.each([true, false])('divides exactly up to the largest index (software: %s)', (software) => {
    const shader = new Shader(software);
    for (let divisor = 1; divisor < 3000; divisor += divisor < 300 ? 1 : 53) {
      const code = quotientOf(shader, 'x', divisor, EXACT_IN_FLOAT - 1);
      for (let k = 0; k <= 64; k++) {
        // Rounding is most likely wrong beside multiples, and there where numbers are large.
        const multiple = divisor * Math.floor((k / 64) * Math.floor((EXACT_IN_FLOAT - 1) / divisor));
        for (const at of [multiple - 1, multiple, multiple + divisor - 1]) {
          if (at >= 0 && at < EXACT_IN_FLOAT) {
            expect(computed(code, at), `${at} / ${divisor}`).toBe(Math.floor(at / divisor));
          }
        }
      }
    }
  });

  it('gives a negative index no multiple that is the index again', () => {
    for (const software of [true, false]) {
      for (const divisor of [2, 3, 4, 5, 7, 12]) {
        const code = quotientOf(new Shader(software), 'x', divisor, 1000);
        for (let at = -100; at < 0; at++) {
          const quotient = computed(code, at);
          expect(quotient < 0 || quotient * divisor !== at, `${at} / ${divisor}`).toBe(true);
        }
      }
    }
  });

  it('divides as integers what a float32 cannot hold', () => {
    expect(quotientOf(new Shader(true), 'x', 13, EXACT_IN_FLOAT)).toBe('(x) / 13');
  });
});
