import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { ModelPicture } from './picture.ts';

/** How well the last run of a project did on its test set. */
export interface Score {
  readonly metric: 'accuracy' | 'loss';
  readonly value: number;
}

/** What the list of projects shows; the document itself is kept beside it, as text. */
export interface ProjectRecord {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly edited: number;
  readonly picture: ModelPicture;
  readonly score?: Score;
}

/** Where projects are kept. */
export interface ProjectStorage {
  /** The last edited first. */
  list(): Promise<ProjectRecord[]>;
  read(id: string): Promise<string | undefined>;
  /** Both or neither. */
  write(record: ProjectRecord, text: string): Promise<void>;
  setRecord(record: ProjectRecord): Promise<void>;
  remove(id: string): Promise<void>;
  /** Keeps a text that can't be read, out of the list. Gives the name it is kept under. */
  setAside(id: string, text: string): Promise<string>;
}

/** The document of the time when there was only one. */
export const SINGLE = 'current';

interface Schema extends DBSchema {
  /** By project id; damaged ones are set aside under `damaged-TIME`. */
  documents: { key: string; value: string };
  projects: { key: string; value: ProjectRecord };
}

/** @throws Error where the browser keeps nothing, as in some private windows. */
export async function openProjectStorage(): Promise<ProjectStorage> {
  let refuse: (reason: Error) => void = () => undefined;
  const refusal = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  const opening: Promise<IDBPDatabase<Schema>> = openDB<Schema>('gradloom', 2, {
    upgrade: (fresh, before) => {
      if (before < 1) fresh.createObjectStore('documents');
      fresh.createObjectStore('projects', { keyPath: 'id' });
    },
    // Another tab brings a newer version: it must not wait for this one.
    blocking: () => void opening.then((old) => old.close()),
    blocked: () => refuse(new Error('another tab shows an older version: close it and reload')),
  });
  const database = await Promise.race([opening, refusal]);
  return {
    list: async () => (await database.getAll('projects')).sort((a, b) => b.edited - a.edited),
    read: (id) => database.get('documents', id),
    write: async (record, text) => {
      const transaction = database.transaction(['documents', 'projects'], 'readwrite');
      await Promise.all([
        transaction.objectStore('documents').put(text, record.id),
        transaction.objectStore('projects').put(record),
        transaction.done,
      ]);
    },
    setRecord: async (record) => {
      await database.put('projects', record);
    },
    remove: async (id) => {
      const transaction = database.transaction(['documents', 'projects'], 'readwrite');
      await Promise.all([
        transaction.objectStore('documents').delete(id),
        transaction.objectStore('projects').delete(id),
        transaction.done,
      ]);
    },
    setAside: async (id, text) => {
      const key = `damaged-${new Date().toISOString()}`;
      const transaction = database.transaction(['documents', 'projects'], 'readwrite');
      await Promise.all([
        transaction.objectStore('documents').put(text, key),
        transaction.objectStore('documents').delete(id),
        transaction.objectStore('projects').delete(id),
        transaction.done,
      ]);
      return key;
    },
  };
}
