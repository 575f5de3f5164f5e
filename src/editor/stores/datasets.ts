import { createStore } from 'zustand/vanilla';
import type { Dataset } from '../../engine/data/dataset.ts';
import { type ManifestEntry, parseManifest } from '../../engine/data/manifest.ts';
import { EngineError } from '../../engine/errors.ts';
import { OWN_FOLDER, type OwnTable } from './ownTable.ts';
import { forgetOwnTable, keepOwnTable, ownTables } from './ownTables.ts';

export interface DatasetsState {
  /** Data sets that can be chosen; undefined until the manifest is read. */
  readonly entries: readonly ManifestEntry[] | undefined;
  /** Why the manifest can't be read. */
  readonly problem: string | undefined;
}

export const datasetsStore = createStore<DatasetsState>(() => ({ entries: undefined, problem: undefined }));

let manifest: Promise<readonly ManifestEntry[]> | undefined;
const loaded = new Map<string, Promise<Dataset>>();

/** Reads the list of data sets, once. A failure is kept in the store; the next call tries again. */
export async function readDatasets(): Promise<void> {
  const { entries, problem } = datasetsStore.getState();
  if (entries && problem === undefined) return;
  try {
    await readOwnTables();
    datasetsStore.setState({ problem: undefined });
  } catch (error) {
    datasetsStore.setState({ problem: (error as Error).message });
  }
}

/**
 * The samples of a data set, kept for the next time.
 * @throws EngineError `bad-data` naming the file and what is wrong with it.
 */
export function readDataset(id: string): Promise<Dataset> {
  const known = loaded.get(id);
  if (known) return known;
  const loading = read(id);
  loaded.set(id, loading);
  // A failure may pass, a network's for one: it is not kept.
  loading.catch(() => loaded.get(id) === loading && loaded.delete(id));
  return loading;
}

async function read(id: string): Promise<Dataset> {
  await readOwnTables();
  const entries = datasetsStore.getState().entries ?? [];
  const entry = entries.find((candidate) => candidate.id === id);
  if (!entry) {
    const names = entries.map((candidate) => candidate.id).join(', ');
    throw new EngineError('bad-option', `unknown data set "${id}": choose one of ${names}`);
  }
  const { loadDataset } = await import('../../engine/data/loadDataset.ts');
  return loadDataset(entry, fetchFile);
}

function listed(): Promise<readonly ManifestEntry[]> {
  manifest ??= fetchFile('manifest.json')
    .then((bytes) => parseManifest(new TextDecoder().decode(bytes)))
    .catch((error: unknown) => {
      manifest = undefined;
      throw error;
    });
  return manifest;
}

/** Puts the tables that are kept in this browser behind those that come with the page. */
async function readOwnTables(): Promise<void> {
  const [shipped, own] = await Promise.all([listed(), ownTables()]);
  datasetsStore.setState({ entries: [...shipped, ...own.map(({ entry }) => entry)] });
}

/** Keeps a table of the user's own; it can be chosen from now on. */
export async function addOwnTable(table: OwnTable): Promise<void> {
  await keepOwnTable(table);
  loaded.delete(table.entry.id);
  await readOwnTables();
}

/** Forgets a table of the user's own. */
export async function removeOwnTable(id: string): Promise<void> {
  await forgetOwnTable(id);
  loaded.delete(id);
  await readOwnTables();
}

async function fetchFile(path: string): Promise<Uint8Array> {
  if (path.startsWith(OWN_FOLDER)) {
    const own = (await ownTables()).find(({ entry }) => entry.table?.file.path === path);
    if (own) return own.bytes;
  }
  const url = new URL(`datasets/${path}`, document.baseURI);
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new EngineError(
      'bad-data',
      `${path} can't be fetched (${(error as Error).message}): is the server up?`,
      path,
    );
  }
  if (!response.ok) {
    throw new EngineError('bad-data', `${path} can't be fetched: the server answered ${response.status}`, path);
  }
  return new Uint8Array(await response.arrayBuffer());
}
