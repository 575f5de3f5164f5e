import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { messages, reasonOf } from '../i18n/language.ts';
import { notify } from '../ui/notify.ts';
import type { OwnTable } from './ownTable.ts';

interface Schema extends DBSchema {
  tables: { key: string; value: OwnTable };
}

let opening: Promise<IDBPDatabase<Schema>> | undefined;
/** What this visit knows: where the browser keeps nothing, that is all there is. */
let known: Promise<Map<string, OwnTable>> | undefined;

/** The user's own tables, in the order in which they were added. */
export async function ownTables(): Promise<readonly OwnTable[]> {
  return [...(await all()).values()];
}

/** Keeps a table, in place of one with the same id. Says so where the browser refuses to keep it longer than the visit. */
export async function keepOwnTable(table: OwnTable): Promise<void> {
  (await all()).set(table.entry.id, table);
  try {
    await (await database()).put('tables', table, table.entry.id);
  } catch (error) {
    notify.warning(messages().tables.notKept, { description: reasonOf(error) });
  }
}

export async function forgetOwnTable(id: string): Promise<void> {
  (await all()).delete(id);
  await (await database()).delete('tables', id);
}

function all(): Promise<Map<string, OwnTable>> {
  known ??= (async () => {
    try {
      const tables = await (await database()).getAll('tables');
      return new Map(tables.map((table) => [table.entry.id, table]));
    } catch {
      // A private window: nothing was kept, and keepOwnTable says so when something is to be.
      return new Map<string, OwnTable>();
    }
  })();
  return known;
}

function database(): Promise<IDBPDatabase<Schema>> {
  opening ??= openDB<Schema>('gradloom-tables', 1, {
    upgrade: (fresh) => void fresh.createObjectStore('tables'),
  });
  return opening;
}
