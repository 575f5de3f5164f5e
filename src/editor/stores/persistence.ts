import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { StoreApi } from 'zustand/vanilla';
import { parseDocument, serializeDocument } from '../../engine/graph/schema.ts';
import type { DocumentState } from './document.ts';
import { sessionStore } from './session.ts';

interface Schema extends DBSchema {
  /** Key `current` is the open document; damaged ones are set aside under `damaged-TIME`. */
  documents: { key: string; value: string };
}

const CURRENT = 'current';
/** Edits are saved this soon after the last one, in milliseconds. */
const DELAY = 300;

export interface Restored {
  /** What a person should know: a document that could not be read, or problems in it. */
  readonly notices: readonly string[];
}

/**
 * Brings back the document of the last visit and saves every edit from now on. A document that can't be read is set
 * aside, never overwritten, and reported.
 */
export async function persist(store: StoreApi<DocumentState>): Promise<Restored> {
  let database: IDBPDatabase<Schema>;
  try {
    database = await openDB<Schema>('gradloom', 1, { upgrade: (fresh) => void fresh.createObjectStore('documents') });
  } catch (error) {
    sessionStore.setState({ saved: 'failed' });
    return {
      notices: [
        `This browser keeps nothing here (${(error as Error).message}): your work is lost when the page closes.`,
      ],
    };
  }
  const notices: string[] = [];
  const text = await database.get('documents', CURRENT);
  if (text !== undefined) {
    try {
      const { document, problems } = parseDocument(text);
      store.getState().open(document);
      notices.push(...problems.map(String));
    } catch (error) {
      const key = `damaged-${new Date().toISOString()}`;
      await database.put('documents', text, key);
      await database.delete('documents', CURRENT);
      notices.push(
        `The saved document can't be read and was set aside as "${key}": ${(error as Error).message} A fresh one is open.`,
      );
    }
  }
  saveEdits(store, database);
  return { notices };
}

function saveEdits(store: StoreApi<DocumentState>, database: IDBPDatabase<Schema>): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let saved = store.getState().document;
  const save = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const { document } = store.getState();
    if (document === saved) return;
    saved = document;
    try {
      await database.put('documents', serializeDocument(document), CURRENT);
      if (store.getState().document === document) sessionStore.setState({ saved: 'saved' });
    } catch {
      // Shown in the status bar; the next edit tries again.
      sessionStore.setState({ saved: 'failed' });
    }
  };
  store.subscribe(({ document }) => {
    if (document === saved) return;
    sessionStore.setState({ saved: 'saving' });
    clearTimeout(timer);
    timer = setTimeout(() => void save(), DELAY);
  });
  addEventListener('pagehide', () => void save());
  addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void save();
  });
}
