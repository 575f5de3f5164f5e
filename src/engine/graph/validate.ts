import { EngineError } from '../errors.ts';

/** @throws EngineError `bad-document`: the place and what is wrong there. */
export function refuse(where: string, problem: string): never {
  throw new EngineError('bad-document', `The document can't be opened: ${where} ${problem}.`, where);
}

/** A plain object. A key `__proto__` is refused: it would change what the object is. */
export function record(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuse(where, `must be an object, got ${nameOf(value)}`);
  }
  if (Object.hasOwn(value, '__proto__')) refuse(where, 'has the key "__proto__"');
  return value as Readonly<Record<string, unknown>>;
}

/** A list of numbers, each still to be looked at. */
export function list(value: unknown, where: string, most: number): readonly unknown[] {
  return items(value, where, most, 'a list of numbers');
}

export function items(value: unknown, where: string, most: number, what = 'a list'): readonly unknown[] {
  if (!Array.isArray(value)) refuse(where, `must be ${what}, got ${nameOf(value)}`);
  if (value.length > most) refuse(where, `has ${value.length} entries, at most ${most} are possible`);
  return value;
}

export function integer(value: unknown, where: string, low: number, high: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < low || value > high) {
    refuse(where, `must be a whole number from ${low} to ${high}, got ${nameOf(value)}`);
  }
  // JSON knows −0; the document does not.
  return value + 0;
}

export function finite(value: unknown, where: string, most: number): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || Math.abs(value) > most) {
    refuse(where, `must be a finite number${most < 1e300 ? ` within ±${most}` : ''}, got ${nameOf(value)}`);
  }
  return value + 0;
}

const LONGEST = 500;

export function text(value: unknown, where: string, longest = LONGEST): string {
  if (typeof value !== 'string') refuse(where, `must be text, got ${nameOf(value)}`);
  if (value.length > longest) refuse(where, `is ${value.length} characters long, at most ${longest} are possible`);
  return value;
}

// Control characters, and the separators that end a line in some languages: a name also stands in comments of code.
const UNSAFE = /[\p{Cc}\u2028\u2029]/gu;

/** Text that a person wrote; line breaks and control characters in it become spaces. */
export function cleanText(value: unknown, where: string, problems: string[]): string {
  const given = text(value, where);
  const clean = given.replace(UNSAFE, ' ');
  if (clean !== given) problems.push(`Control characters in ${where} were replaced by spaces.`);
  return clean;
}

function nameOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'number':
    case 'boolean':
      return String(value);
    case 'string':
      return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
    default:
      return 'an object';
  }
}

/** The entries of an object that may hold so many. */
export function entriesOf(value: unknown, where: string, most: number): [string, unknown][] {
  const entries = Object.entries(record(value, where));
  if (entries.length > most) refuse(where, `has ${entries.length} entries, at most ${most} are possible`);
  return entries;
}

/** An id is used as a key and shown in code: letters, digits, `_` and `-`, and no name that objects have by themselves. */
export function identifier(value: unknown, where: string): string {
  const id = text(value, where);
  if (!/^[\w-]{1,64}$/.test(id) || id in Object.prototype) {
    refuse(where, `is ${JSON.stringify(id)}: ids are 1 to 64 letters, digits, "_" or "-"`);
  }
  return id;
}

/** Canvas units; further out, coordinates lose their fractions. */
const FARTHEST = 1e7;

/** A point of the canvas. */
export function place(value: unknown, where: string): { readonly x: number; readonly y: number } {
  const { x, y } = record(value, where);
  return { x: finite(x, `${where}.x`, FARTHEST), y: finite(y, `${where}.y`, FARTHEST) };
}
