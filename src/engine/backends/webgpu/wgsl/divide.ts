import type { Shader } from './shader.ts';

/** Below this, `(x + ½)·(1/d)` in float32 has the right whole part: its error stays below ½/d. */
export const EXACT_IN_FLOAT = 2 ** 22 - 1;

/**
 * Code (i32) of `at / divisor` for an i32 `at` from 0 to `most`. What it gives for a negative one is either negative too or
 * does not give `at` back when multiplied by the divisor.
 */
export function quotientOf(shader: Shader, at: string, divisor: number, most: number): string {
  if (divisor === 1) return at;
  if (Number.isInteger(Math.log2(divisor))) return `(${at}) >> ${Math.log2(divisor)}u`;
  // CPUs divide integers one by one, and slowly.
  if (shader.software && most < EXACT_IN_FLOAT) return `i32((f32(${at}) + 0.5) * ${Math.fround(1 / divisor)}f)`;
  return `(${at}) / ${divisor}`;
}
