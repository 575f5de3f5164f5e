import type { ParameterValue } from '../graph/document.ts';

/** Longest list that a parameter holds. */
export const LONGEST_LIST = 1024;

interface Common {
  /** One sentence; shown beside the field. */
  readonly help: string;
}

/** Longest text that a parameter holds. */
const LONGEST_TEXT = 400;

/** What a number counts; shown behind it. */
export type Unit = 'epochs' | 'batches' | 'samples';

interface Numeric extends Common {
  readonly unit?: Unit;
}

/** One parameter of a layer, an optimizer or a data reader, declared once: form, default, validation and JSON follow from it. */
export type ParameterSpec =
  | (Numeric & { readonly kind: 'integer'; readonly default: number; readonly min?: number; readonly max?: number })
  /** An integer that is found from the input shape while it is null. */
  | (Numeric & { readonly kind: 'autoInteger'; readonly default: null; readonly min?: number })
  | (Numeric & {
      readonly kind: 'number';
      readonly default: number;
      readonly min?: number;
      readonly max?: number;
      readonly step?: number;
      /** A decay: what matters is how far it is from 1, so that a slider goes 0.9, 0.99, 0.999. */
      readonly scale?: 'decay';
    })
  | (Common & { readonly kind: 'boolean'; readonly default: boolean })
  /** One line; the layer reads it and says what is wrong with it. */
  | (Common & { readonly kind: 'text'; readonly default: string })
  | (Common & { readonly kind: 'choice'; readonly default: string; readonly choices: readonly string[] })
  /** A fixed number of integers, one a spatial axis: a kernel size. Or one of a few words: a padding of 'same'. */
  | (Common & {
      readonly kind: 'integers';
      readonly default: readonly number[];
      readonly min?: number;
      readonly words?: readonly string[];
    })
  /** Any number of numbers: a weight for each class. */
  | (Common & { readonly kind: 'numbers'; readonly default: readonly number[]; readonly min?: number })
  /** Any number of integers: a shape. */
  | (Common & { readonly kind: 'shape'; readonly default: readonly number[]; readonly min?: number });

export type ParameterSchema = Readonly<Record<string, ParameterSpec>>;

type ValueOf<Spec extends ParameterSpec> = Spec extends { kind: 'integer' | 'number' }
  ? number
  : Spec extends { kind: 'autoInteger' }
    ? number | null
    : Spec extends { kind: 'boolean' }
      ? boolean
      : Spec extends { kind: 'text' }
        ? string
        : Spec extends { kind: 'choice'; choices: readonly (infer Choice)[] }
          ? Choice
          : Spec extends { kind: 'integers'; words: readonly (infer Word)[] }
            ? readonly number[] | Word
            : readonly number[];

/** The values of a schema, with literal types for choices. */
export type ParametersOf<Schema extends ParameterSchema> = { readonly [Name in keyof Schema]: ValueOf<Schema[Name]> };

/** What is wrong with a value for this parameter, or undefined if it is good. */
export function parameterProblem(spec: ParameterSpec, value: unknown): string | undefined {
  switch (spec.kind) {
    case 'autoInteger':
      return value === null ? undefined : integerProblem(value, spec.min, undefined);
    case 'integer':
      return integerProblem(value, spec.min, spec.max);
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) return 'expects a number';
      return rangeProblem(value, spec.min, spec.max);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'expects true or false';
    case 'text':
      if (typeof value !== 'string') return 'expects text';
      return value.length > LONGEST_TEXT
        ? `expects at most ${LONGEST_TEXT} characters, got ${value.length}`
        : undefined;
    case 'choice':
      return spec.choices.includes(value as string) ? undefined : `expects one of ${spec.choices.join(', ')}`;
    case 'numbers': {
      if (!Array.isArray(value)) return 'expects a list of numbers';
      if (value.length > LONGEST_LIST) return `expects at most ${LONGEST_LIST} numbers`;
      for (const entry of value) {
        if (typeof entry !== 'number' || !Number.isFinite(entry)) return 'expects a list of numbers';
        const problem = rangeProblem(entry, spec.min, undefined);
        if (problem) return problem;
      }
      return undefined;
    }
    case 'integers':
    case 'shape': {
      if (spec.kind === 'integers' && spec.words?.includes(value as string)) return undefined;
      if (!Array.isArray(value)) {
        const words = spec.kind === 'integers' && spec.words ? ` or one of ${spec.words.join(', ')}` : '';
        return `expects a list of integers${words}`;
      }
      if (spec.kind === 'integers' && value.length !== spec.default.length)
        return `expects ${spec.default.length} integers`;
      if (value.length > 8) return 'expects at most 8 integers';
      for (const entry of value) {
        const problem = integerProblem(entry, spec.min, undefined);
        if (problem) return problem;
      }
      return undefined;
    }
  }
}

/** Fills in defaults. Values that are missing or bad become the default: `parameterProblem` reports the bad ones. */
export function completeParameters<Schema extends ParameterSchema>(
  schema: Schema,
  given: Readonly<Record<string, ParameterValue>>,
): ParametersOf<Schema> {
  const complete: Record<string, ParameterValue> = {};
  for (const [name, spec] of Object.entries(schema)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    complete[name] = value === undefined || parameterProblem(spec, value) ? spec.default : value;
  }
  return complete as ParametersOf<Schema>;
}

function integerProblem(value: unknown, min: number | undefined, max: number | undefined): string | undefined {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return 'expects a whole number';
  return rangeProblem(value, min, max);
}

function rangeProblem(value: number, min: number | undefined, max: number | undefined): string | undefined {
  if (min !== undefined && value < min) return `expects at least ${min}, got ${value}`;
  if (max !== undefined && value > max) return `expects at most ${max}, got ${value}`;
  return undefined;
}
