import type { ModuleBuilder } from './assembler.ts';

/**
 * A module of device code. Every thread makes an instance of its own, all over the same memory. Its function `run` takes
 * addresses, then the range [begin, end) of its units of work, which may be done in any order and on any thread.
 */
export interface Code {
  readonly id: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Functions of other modules, by the name under which this one imports them. */
  readonly imports: Readonly<Record<string, { readonly code: number; readonly name: string }>>;
}

/** Code whose range is known: `run` over [0, range) does all of it. */
export interface Compiled {
  readonly code: Code;
  readonly range: number;
}

/**
 * What a phase hands to its code before the range: an operand or a result of the kernel by number, or scratch memory,
 * which all threads share or which each has for itself. `bytes` are added to the address.
 */
export interface Argument {
  readonly of: 'operand' | 'result' | 'shared' | 'own';
  readonly number: number;
  readonly bytes: number;
}

/**
 * A part of a kernel that threads can do together: each takes some of the range. What it computes does not depend on how
 * the range is divided, so results are the same bits for any number of threads.
 */
export interface Phase {
  readonly code: Code;
  readonly arguments: readonly Argument[];
  readonly range: number;
  /** A thread takes multiples of so many units. */
  readonly grain: number;
  /** Whether it may run at the same time as the phase before it in the same kernel. */
  readonly independent: boolean;
}

/** What a kernel is to the threads: phases in order, and scratch memory that all share, and that each has for itself. */
export interface Kernel {
  readonly phases: readonly Phase[];
  readonly sharedBytes: number;
  readonly ownBytes: number;
}

export const operand = (number: number, bytes = 0): Argument => ({ of: 'operand', number, bytes });
export const result = (number: number, bytes = 0): Argument => ({ of: 'result', number, bytes });
export const shared = (bytes: number): Argument => ({ of: 'shared', number: 0, bytes });
export const own = (bytes: number): Argument => ({ of: 'own', number: 0, bytes });

/** Collects the modules of a backend; each is handed on to the threads once. */
export class CodeStore {
  readonly codes: Code[] = [];
  readonly #shared: boolean;

  constructor(shared: boolean) {
    this.#shared = shared;
  }

  add(module: ModuleBuilder, imports: Code['imports'] = {}): Code {
    const code = { id: this.codes.length, bytes: module.bytes(this.#shared), imports };
    this.codes.push(code);
    return code;
  }
}
