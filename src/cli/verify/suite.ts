import type { Backend, BackendName } from '../../engine/backends/backend.ts';

/** What became of one case. Unsupported is what our ops can't express, by name; wrong numbers are failures. */
export type Verdict =
  | { readonly verdict: 'passed'; readonly [detail: string]: unknown }
  | { readonly verdict: 'unsupported'; readonly reason: string; readonly [detail: string]: unknown }
  | { readonly verdict: 'failed'; readonly reason: string; readonly [detail: string]: unknown };

export interface SuiteRun {
  readonly backend: Backend;
  /** Folder of the repository, where fixtures are. */
  readonly root: string;
  /** Only cases whose name has this in it. */
  readonly filter: string | undefined;
  /** A share of the cases that ends within 50 seconds. */
  readonly quick: boolean;
}

/** A suite of comparisons with references that we did not write: one file `NAME.suite.ts` each. */
export interface Suite {
  readonly name: string;
  readonly title: string;
  /** Whether the suite is about what a device computes. One that is not runs on `wasm` alone, unless it is asked for by name. */
  readonly comparesDevices: boolean;
  /** Cases in order; `name` and `verdict` of each are printed with whatever else it says. */
  run(run: SuiteRun): AsyncIterable<{ readonly name: string } & Verdict>;
}

// Rule of this table: a file `NAME.suite.ts` in this folder is a suite, found by its name pattern; there is no other list.
const modules = import.meta.glob<Suite>('./*.suite.ts', { eager: true, import: 'default' });

export const suites: readonly Suite[] = Object.values(modules).sort((a, b) => a.name.localeCompare(b.name));

/** Every so many-th case for `--quick`, by device. */
export type QuickShare = Readonly<Record<BackendName, number>>;
