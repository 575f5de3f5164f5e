import type { Emitter } from '../../engine/ir/emitter.ts';
import type { Value } from '../../engine/ir/types.ts';
import { Unsupported } from './unsupported.ts';

/** An argument of a case after its tensors became values of a program. */
export type Argument = Value | number | boolean | string | null | undefined | readonly Argument[];

/** The arguments of one call of PyTorch's, by place or by name. Negative places are for arguments given by name only. */
export class CaseArguments {
  readonly #emit: Emitter;
  readonly #places: readonly Argument[];
  readonly #names: Readonly<Record<string, Argument>>;

  constructor(emit: Emitter, places: readonly Argument[], names: Readonly<Record<string, Argument>>) {
    this.#emit = emit;
    this.#places = places;
    this.#names = names;
  }

  get count(): number {
    return this.#places.length;
  }

  optional(name: string, place: number): Argument {
    const given = Object.hasOwn(this.#names, name) ? this.#names[name] : this.#places[place];
    return given ?? undefined;
  }

  tensor(place: number, name = ''): Value {
    const given = this.optional(name, place);
    if (isValue(given)) return given;
    throw new Unsupported(`argument ${name || place} that is no tensor`);
  }

  optionalTensor(name: string, place: number): Value | undefined {
    const given = this.optional(name, place);
    return given === undefined ? undefined : this.tensor(place, name);
  }

  /** A tensor, or a number as one. */
  operand(place: number, name = ''): Value {
    const given = this.optional(name, place);
    if (typeof given === 'number') return this.#emit.fill([], given);
    return this.tensor(place, name);
  }

  optionalOperand(name: string, place: number): Value | undefined {
    return this.optional(name, place) === undefined ? undefined : this.operand(place, name);
  }

  number(name: string, place: number, usual?: number): number {
    const given = this.optional(name, place) ?? usual;
    if (typeof given === 'number') return given;
    throw new Unsupported(`argument ${name} that is no number`);
  }

  text(name: string, place: number, usual: string): string {
    const given = this.optional(name, place) ?? usual;
    if (typeof given === 'string') return given;
    throw new Unsupported(`argument ${name} that is no text`);
  }

  flag(name: string, place: number, usual = false): boolean {
    return (this.optional(name, place) ?? usual) === true;
  }

  /** Integers; a single one stands for a list of one. */
  numbers(name: string, place: number): readonly number[] | undefined {
    const given = this.optional(name, place);
    if (given === undefined) return undefined;
    const list = Array.isArray(given) ? given : [given];
    if (list.every((each) => typeof each === 'number')) return list;
    throw new Unsupported(`argument ${name} that is no list of numbers`);
  }

  /** As many sizes as there are spatial axes. */
  sizes(name: string, place: number, count: number, usual: number | readonly number[]): readonly number[] {
    const given = this.numbers(name, place) ?? [usual].flat();
    return given.length === 1 ? new Array<number>(count).fill(given[0]!) : given;
  }

  tensors(place: number): readonly Value[] {
    const given = this.#places[place];
    if (Array.isArray(given) && given.every(isValue)) return given;
    throw new Unsupported('an argument that is no list of tensors');
  }

  axis(name: string, place: number, x: Value): number {
    const dim = this.number(name, place);
    return dim < 0 ? dim + x.type.shape.length : dim;
  }

  /** Axes to reduce; all where none are given. */
  axes(name: string, place: number, x: Value): readonly number[] {
    const rank = x.type.shape.length;
    const given = this.numbers(name, place);
    if (given === undefined || given.length === 0) return x.type.shape.map((_, axis) => axis);
    if (rank === 0) return [];
    return given.map((dim) => (dim < 0 ? dim + rank : dim));
  }
}

function isValue(given: unknown): given is Value {
  return typeof given === 'object' && given !== null && 'type' in given && 'id' in given;
}
