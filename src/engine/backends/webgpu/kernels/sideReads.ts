import type { Access } from '../../../kernels/access.ts';
import { readElement, type Storage } from '../bindings.ts';
import { affine, type Indices } from '../wgsl/indices.ts';
import { printChecked } from '../wgsl/load.ts';
import type { Shader } from '../wgsl/shader.ts';

/**
 * What some of the loop indices add to the place of a read: to its address, and to each index that is tested. An index that
 * depends on no others is tested at once: its place in `checked` is empty.
 */
export interface ReadPart {
  readonly base: string;
  readonly checked: readonly (string | undefined)[];
  readonly tests: readonly string[];
}

/**
 * Prints the part that the dims in `own` have in a read. Offsets, and rows that are looked up (`rowOf` gives their code),
 * belong to the part that is made `first`.
 */
export function readPart(
  shader: Shader,
  lines: string[],
  read: Access,
  own: ReadonlySet<number>,
  indices: Indices,
  first: boolean,
  rowOf: (load: number) => string = refuse,
): ReadPart {
  let offset = 0;
  const terms = [];
  const checked: (string | undefined)[] = [];
  const tests: string[] = [];
  const settled: string[] = [];
  for (const axis of read.axes) {
    const kept = axis.terms.filter(({ dim }) => own.has(dim));
    if (axis.checked) {
      const sum = affine(kept, first ? axis.offset : 0, indices);
      const at = named(shader, lines, first && axis.gather !== undefined ? `${sum} + ${rowOf(axis.gather)}` : sum);
      const alone = kept.length === axis.terms.length;
      if (first && alone) settled.push(printChecked(shader, lines, tests, at, axis));
      checked.push(first && alone ? undefined : at);
    } else {
      if (first) offset += axis.offset * axis.stride;
      for (const { dim, scale } of kept) terms.push({ dim, scale: scale * axis.stride });
    }
  }
  const test = tests.length === 0 ? [] : [named(shader, lines, tests.map((each) => `(${each})`).join(' & '))];
  return { base: named(shader, lines, sumOf([affine(terms, offset, indices), ...settled])), checked, tests: test };
}

/** Code of the f32 that two parts address, and the tests that must hold for it. */
export function readParts(
  shader: Shader,
  lines: string[],
  read: Access,
  storage: Storage,
  parts: readonly ReadPart[],
): { readonly value: string; readonly tests: readonly string[] } {
  const tests = parts.flatMap((part) => part.tests);
  const address = parts.map(({ base }) => base);
  let place = 0;
  for (const axis of read.axes) {
    if (!axis.checked) continue;
    const own = parts.map(({ checked }) => checked[place]);
    place++;
    if (own.includes(undefined)) continue;
    const at = named(shader, lines, sumOf(own as string[]));
    address.push(printChecked(shader, lines, tests, at, axis));
  }
  const element = readElement(storage, sumOf(address));
  return { value: storage.dtype === 'f32' ? element : `f32(${element})`, tests };
}

function sumOf(parts: readonly string[]): string {
  return parts.filter((part) => part !== '0').join(' + ') || '0';
}

function named(shader: Shader, lines: string[], code: string): string {
  if (/^\w+$/.test(code)) return code;
  return shader.named(lines, 'part', code);
}

function refuse(load: number): never {
  throw new Error(`load ${load} says which row is read where rows are not looked up`);
}
