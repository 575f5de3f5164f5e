import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { version } from '../../package.json';
import type { TuningStore } from '../engine/backends/backend.ts';

interface Schema extends DBSchema {
  /** By adapter. Layouts of another version of the engine mean nothing to this one. */
  choices: { key: string; value: { readonly version: string; readonly choices: Readonly<Record<string, string>> } };
}

/** Layouts that tuning found, kept in this browser for each adapter. */
export function browserTuning(): TuningStore {
  let opening: Promise<IDBPDatabase<Schema>> | undefined;
  const database = (): Promise<IDBPDatabase<Schema>> => {
    opening ??= openDB<Schema>('gradloom-tuning', 1, {
      upgrade: (fresh) => void fresh.createObjectStore('choices'),
    });
    return opening;
  };
  return {
    load: async (adapter) => {
      try {
        const kept = await (await database()).get('choices', adapter);
        return kept?.version === version ? kept.choices : {};
      } catch {
        // A private window keeps nothing: kernels go by estimate, and saving says why.
        return {};
      }
    },
    save: async (adapter, choices) => {
      await (await database()).put('choices', { version, choices }, adapter);
    },
  };
}
