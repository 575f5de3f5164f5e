import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TuningStore } from '../engine/backends/backend.ts';

/** Where `gradloom tune` keeps what it found: in the user's cache folder. */
export const TUNING_FILE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'gradloom', 'tuning.json');

/** Layouts that were found to be the fastest, in a file of JSON: `{ ADAPTER: { KERNEL: LAYOUT } }`. */
export function tuningFile(path = TUNING_FILE): TuningStore {
  const read = async (): Promise<Record<string, Record<string, string>>> => {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw error;
    }
    return parseTuning(text);
  };
  return {
    load: async (adapter) => (await read())[adapter] ?? {},
    save: async (adapter, choices) => {
      const all = { ...(await read()), [adapter]: choices };
      await mkdir(dirname(path), { recursive: true });
      // Whole or not at all, whatever happens while it is written.
      await writeFile(`${path}.new`, `${JSON.stringify(all, null, 1)}\n`);
      await rename(`${path}.new`, path);
    },
  };
}

/** What stands in a file that anybody may have changed: entries of another form are left out, kernels go by estimate then. */
export function parseTuning(text: string): Record<string, Record<string, string>> {
  let all: unknown;
  try {
    all = JSON.parse(text);
  } catch {
    // A cache that can't be read is as good as none: it is written anew by the next tuning.
    return {};
  }
  return Object.fromEntries(
    entriesOf(all).map(([adapter, choices]) => [
      adapter,
      Object.fromEntries(entriesOf(choices).filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
    ]),
  );
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
