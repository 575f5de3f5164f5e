import { EngineError } from '../errors.ts';
import { formatShape, sameShape, sizeOf } from '../ir/shape.ts';
import { parseCsv } from './csv.ts';
import type { Dataset, Split } from './dataset.ts';
import { gunzip } from './gunzip.ts';
import { readIdx } from './idx.ts';
import { type ManifestEntry, type ManifestFile, parseManifest } from './manifest.ts';
import { tableDataset } from './table.ts';
import { textDataset } from './text.ts';
import { generateToy } from './toys.ts';

/** What a text may unpack to, in bytes. */
const LARGEST_TEXT = 16 * 2 ** 20;

/** Reads a file by its path below the folder of the data sets. */
export type FetchBytes = (path: string) => Promise<Uint8Array>;

export async function loadManifest(fetchBytes: FetchBytes): Promise<ManifestEntry[]> {
  return parseManifest(new TextDecoder().decode(await fetchBytes('manifest.json')));
}

/**
 * Loads or generates a data set.
 * @throws EngineError `bad-data` naming the file that is damaged and what is wrong with it.
 */
export async function loadDataset(entry: ManifestEntry, fetchBytes: FetchBytes): Promise<Dataset> {
  const { id, title, sample, classes, counts, files, table, text } = entry;
  if (text) return loadText(entry, text, fetchBytes);
  if (table) return loadTable(entry, table, fetchBytes);
  if (!files) return generateToy(id, counts, title, classes);
  const split = async (inputs: ManifestFile, labels: ManifestFile, count: number): Promise<Split> => {
    const [pixels, numbers] = await Promise.all([
      loadIdx(inputs, [count, ...sample], fetchBytes),
      loadIdx(labels, [count], fetchBytes),
    ]);
    const wrong = numbers.findIndex((label) => label >= classes.length);
    if (wrong >= 0) {
      throw new EngineError(
        'bad-data',
        `${labels.path}: label ${numbers[wrong]} of sample ${wrong} is none of ${classes.length} classes`,
        labels.path,
      );
    }
    return { count, inputs: pixels, labels: Int32Array.from(numbers) };
  };
  const [train, test] = await Promise.all([
    split(files.trainInputs, files.trainLabels, counts.train),
    split(files.testInputs, files.testLabels, counts.test),
  ]);
  return { id, title, sample, classes, train, test };
}

async function loadTable(
  entry: ManifestEntry,
  table: NonNullable<ManifestEntry['table']>,
  fetchBytes: FetchBytes,
): Promise<Dataset> {
  const bytes = Uint8Array.from(await fetchBytes(table.file.path));
  await checkSum(bytes, table.file);
  const { dataset } = tableDataset(parseCsv(bytes, table.file.path), entry, table);
  if (!sameShape(dataset.sample, entry.sample) || dataset.classes.join() !== entry.classes.join()) {
    throw new EngineError(
      'bad-data',
      `${table.file.path} does not hold what manifest.json says of it`,
      table.file.path,
    );
  }
  return dataset;
}

async function loadText(entry: ManifestEntry, file: ManifestFile, fetchBytes: FetchBytes): Promise<Dataset> {
  const dataset = textDataset(new TextDecoder().decode(await fetchPacked(file, LARGEST_TEXT, fetchBytes)), entry);
  if (dataset.classes.join('') !== entry.classes.join('') || dataset.train.count !== entry.counts.train) {
    throw new EngineError('bad-data', `${file.path} does not hold what manifest.json says of it`, file.path);
  }
  return dataset;
}

/** The content of a gzipped file, its sum checked. */
async function fetchPacked(file: ManifestFile, most: number, fetchBytes: FetchBytes): Promise<Uint8Array> {
  const fetched = Uint8Array.from(await fetchBytes(file.path));
  // Many servers send *.gz as a content encoding: then the browser has unpacked it, and no sum of the packed file is
  // left to check. What the content says of itself still is.
  if (fetched[0] !== 0x1f || fetched[1] !== 0x8b) return fetched;
  await checkSum(fetched, file);
  return gunzip(fetched, most, file.path);
}

/** Bytes of an IDX file that holds `shape`, or the same elements without axes of size 1. */
async function loadIdx(file: ManifestFile, shape: readonly number[], fetchBytes: FetchBytes): Promise<Uint8Array> {
  const content = await fetchPacked(file, sizeOf(shape) + 64, fetchBytes);
  const { shape: found, data } = readIdx(content, file.path);
  const bare = (sizes: readonly number[]) => sizes.filter((extent) => extent !== 1);
  if (!(data instanceof Uint8Array) || !sameShape(bare(found), bare(shape))) {
    throw new EngineError(
      'bad-data',
      `${file.path} holds ${formatShape(found)}, expected bytes of ${formatShape(shape)}`,
      file.path,
    );
  }
  return data;
}

async function checkSum(bytes: Uint8Array<ArrayBuffer>, file: ManifestFile): Promise<void> {
  if (bytes.length !== file.bytes) {
    throw new EngineError(
      'bad-data',
      `${file.path} has ${bytes.length} bytes, expected ${file.bytes}: load it again`,
      file.path,
    );
  }
  // Pages that are neither https nor localhost have no crypto.subtle; gzip's own check sum remains.
  if (!globalThis.crypto?.subtle) return;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const sum = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (sum !== file.sha256) {
    throw new EngineError(
      'bad-data',
      `${file.path} is damaged: its SHA-256 is ${sum}, expected ${file.sha256}`,
      file.path,
    );
  }
}
