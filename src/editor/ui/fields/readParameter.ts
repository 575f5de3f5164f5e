import type { ParameterValue } from '../../../engine/graph/document.ts';
import { type ParameterSpec, parameterProblem } from '../../../engine/layers/parameters.ts';

/** What a field's text comes to: a value that its parameter can have, or what is wrong with it. */
export type Reading<Value> = { readonly value: Value } | { readonly problem: string };

/** A number, with `check` for what it may be; `1e-3` is one. */
export function readNumber(text: string, check: (value: number) => string | undefined): Reading<number> {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const problem = Number.isNaN(value) ? 'expects a number' : check(value);
  return problem === undefined ? { value } : { problem };
}

/** Numbers with commas, spaces or × between. */
export function readList(text: string, spec: ParameterSpec): Reading<readonly number[]> {
  const numbers = text
    .split(/[\s,×x]+/)
    .filter(Boolean)
    .map(Number);
  if (!numbers.every(Number.isFinite)) return { problem: 'expects numbers with commas between' };
  const problem = parameterProblem(spec, numbers);
  return problem === undefined ? { value: numbers } : { problem };
}

/** How a value is written in a field. */
export function written(value: ParameterValue): string {
  if (value === null) return '';
  return Array.isArray(value) ? value.join(', ') : String(value);
}
