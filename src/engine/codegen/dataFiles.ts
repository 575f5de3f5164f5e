import type { Dataset } from '../data/dataset.ts';
import { writeIdx } from '../data/idx.ts';

/** What each number of a table was in the file that it comes from, where a number is predicted: `mean + deviation · number`. */
export const TABLE_FILE = 'data/table.json.gz';

/** A file of a generated project's data, not yet gzipped. */
export interface DataFile {
  /** Relative to the project's folder; ends in `.gz`. */
  readonly path: string;
  /** IDX, or JSON: what must be gzipped into that file. */
  readonly content: Uint8Array;
}

/**
 * The data set as generated projects expect it. Every one has the same form, whatever it was stored as, so that one
 * small loader reads them all: samples as bytes or float32, labels as bytes where they suffice, as MNIST has them, or as float32.
 */
export function dataFiles(dataset: Dataset): DataFile[] {
  const { columns, target } = dataset;
  const scales: DataFile[] = target
    ? [{ path: TABLE_FILE, content: new TextEncoder().encode(JSON.stringify({ columns, target }, null, 1)) }]
    : [];
  const splits = (['train', 'test'] as const).flatMap((name) => {
    const { count, inputs, labels } = dataset[name];
    // Where there are no labels these are zeros, which no program reads.
    const bytes = labels instanceof Int32Array && dataset.classes.length <= 256;
    const stored = bytes ? Uint8Array.from(labels) : labels;
    // Ids of few characters are bytes as well: the loader does not take them for brightness.
    const few = inputs instanceof Int32Array && (dataset.vocabulary?.length ?? 0) <= 256;
    const samples = few ? Uint8Array.from(inputs) : inputs;
    return [
      { path: `data/${name}-samples.idx.gz`, content: writeIdx(samples, [count, ...dataset.sample]) },
      { path: `data/${name}-labels.idx.gz`, content: writeIdx(stored, [count, ...(dataset.label ?? [])]) },
    ];
  });
  return [...splits, ...scales];
}
