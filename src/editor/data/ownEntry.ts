import type { Table } from '../../engine/data/csv.ts';
import type { ManifestEntry } from '../../engine/data/manifest.ts';
import { type TableOptions, tableDataset } from '../../engine/data/table.ts';
import { OWN_FOLDER } from '../stores/ownTable.ts';

export interface OwnEntry {
  readonly entry: ManifestEntry;
  /** Rows left out because a cell of theirs is empty. */
  readonly incomplete: number;
}

/**
 * What is known of a table of the user's own, as of one that comes with the page; its check sum is that of nothing yet.
 * @throws EngineError `bad-data` naming the column and what is possible.
 */
export function ownEntry(file: string, bytes: Uint8Array, table: Table, options: TableOptions): OwnEntry {
  const title = file.replace(/\.[a-z]+$/i, '');
  const name = title.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '-');
  const id = `own-${name.replace(/^-|-$/g, '').toLowerCase() || 'table'}`;
  const { dataset, incomplete } = tableDataset(table, { id, title }, options);
  const entry: ManifestEntry = {
    id,
    title,
    kind: 'csv',
    source: `${file}, a file of your own`,
    licence: 'your own',
    sample: dataset.sample,
    classes: dataset.classes,
    ...(dataset.target && { target: dataset.target.name }),
    counts: { train: dataset.train.count, test: dataset.test.count },
    table: { file: { path: `${OWN_FOLDER}${id}.csv`, bytes: bytes.length, sha256: '' }, ...options },
  };
  return { entry, incomplete };
}

/** The same entry with the check sum of its file, where the page may compute one. */
export async function withSum(entry: ManifestEntry, bytes: Uint8Array): Promise<ManifestEntry> {
  const { table } = entry;
  if (!table || !globalThis.crypto?.subtle) return entry;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes)));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { ...entry, table: { ...table, file: { ...table.file, sha256 } } };
}
