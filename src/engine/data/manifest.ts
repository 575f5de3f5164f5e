import { EngineError } from '../errors.ts';
import type { Shape } from '../ir/types.ts';
import type { TableOptions } from './table.ts';

/** One file of a data set. */
export interface ManifestFile {
  /** Relative to the folder of the data sets. */
  readonly path: string;
  readonly bytes: number;
  /** Of the file as stored, in hexadecimal. */
  readonly sha256: string;
}

/** What is known of a data set before it is loaded. */
export interface ManifestEntry {
  readonly id: string;
  readonly title: string;
  /** `idx`: gzipped IDX files; `csv`: a table; `text`: characters; `generated`: drawn from a seed, no files. */
  readonly kind: 'idx' | 'csv' | 'text' | 'generated';
  readonly source: string;
  readonly licence: string;
  /** Shape of one sample. */
  readonly sample: Shape;
  readonly classes: readonly string[];
  /** As in a data set; of a text. */
  readonly label?: Shape;
  readonly vocabulary?: readonly string[];
  /** The column of a table that is predicted as a number. */
  readonly target?: string;
  readonly counts: { readonly train: number; readonly test: number };
  readonly files?: {
    readonly trainInputs: ManifestFile;
    readonly trainLabels: ManifestFile;
    readonly testInputs: ManifestFile;
    readonly testLabels: ManifestFile;
  };
  /** A gzipped text in UTF-8: `classes` are its characters, a sample is a piece of it. */
  readonly text?: ManifestFile;
  /** A file of comma-separated values and how it becomes samples. */
  readonly table?: { readonly file: ManifestFile } & TableOptions;
}

/** Reads the list of data sets. @throws EngineError `bad-data` saying which entry is wrong and how. */
export function parseManifest(text: string): ManifestEntry[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new EngineError('bad-data', `manifest.json is no JSON: ${(error as Error).message}`, 'manifest.json');
  }
  if (!Array.isArray(parsed)) throw new EngineError('bad-data', 'manifest.json must be a list', 'manifest.json');
  return parsed.map((entry, i) => {
    const problem = entryProblem(entry);
    if (problem) throw new EngineError('bad-data', `entry ${i} of manifest.json: ${problem}`, 'manifest.json');
    const known = entry as ManifestEntry;
    // A text's characters are both what its samples consist of and its classes, at each step.
    if (known.text) return { ...known, label: known.sample, vocabulary: known.classes };
    return known.table?.predict === 'number' ? { ...known, target: known.table.target } : known;
  });
}

function entryProblem(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'expected an object';
  const entry = value as Record<string, unknown>;
  for (const key of ['id', 'title', 'source', 'licence'])
    if (typeof entry[key] !== 'string') return `"${key}" must be text`;
  if (!isSizes(entry.sample)) return '"sample" must be a list of sizes';
  if (!Array.isArray(entry.classes) || entry.classes.some((name) => typeof name !== 'string'))
    return '"classes" must be names';
  const counts = entry.counts as Record<string, unknown> | undefined;
  if (!counts || !isSizes([counts.train, counts.test])) return '"counts" must give train and test';
  if (entry.kind === 'generated') return undefined;
  if (entry.kind === 'csv') return tableProblem(entry.table);
  if (entry.kind === 'text') {
    return isFile(entry.text) ? undefined : '"text" must have a path below the folder, bytes and sha256';
  }
  if (entry.kind !== 'idx') return '"kind" must be "idx", "csv", "text" or "generated"';
  const files = entry.files as Record<string, unknown> | undefined;
  for (const key of ['trainInputs', 'trainLabels', 'testInputs', 'testLabels']) {
    if (!isFile(files?.[key])) return `"files.${key}" must have a path below the folder, bytes and sha256`;
  }
  return undefined;
}

function tableProblem(value: unknown): string | undefined {
  const table = value as Record<string, unknown> | undefined;
  if (!isFile(table?.file)) return '"table.file" must have a path below the folder, bytes and sha256';
  const { target, predict, leaveOut, testShare, seed, standardize } = table as Record<string, unknown>;
  if (typeof target !== 'string') return '"table.target" must be the name of a column';
  if (predict !== undefined && predict !== 'class' && predict !== 'number')
    return '"table.predict" must be "class" or "number"';
  if (!Array.isArray(leaveOut) || leaveOut.some((name) => typeof name !== 'string'))
    return '"table.leaveOut" must be names of columns';
  if (typeof testShare !== 'number' || !(testShare > 0 && testShare < 1))
    return '"table.testShare" must be between 0 and 1';
  if (!Number.isSafeInteger(seed)) return '"table.seed" must be a whole number';
  return typeof standardize === 'boolean' ? undefined : '"table.standardize" must be true or false';
}

function isFile(value: unknown): boolean {
  const file = value as Record<string, unknown> | undefined;
  return (
    typeof file?.path === 'string' &&
    /^[\w-]+(\/[\w.-]+)*$/.test(file.path) &&
    !file.path.includes('..') &&
    Number.isSafeInteger(file.bytes) &&
    /^[0-9a-f]{64}$/.test(String(file.sha256))
  );
}

function isSizes(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((size) => Number.isSafeInteger(size) && size > 0);
}
