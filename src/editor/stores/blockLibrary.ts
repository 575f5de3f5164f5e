import { createStore } from 'zustand/vanilla';
import { EngineError } from '../../engine/errors.ts';
import { type BlockBundle, bundleData, parseBundle } from '../../engine/graph/blockBundle.ts';
import { messages, translate } from '../i18n/language.ts';
import { notify } from '../ui/notify.ts';

/** A person's own blocks, kept in this browser for all projects. */
export interface LibraryState {
  readonly blocks: readonly BlockBundle[];
  /** Keeps a block, in the place of one of that name. @returns whether the browser kept it; else a notice says why. */
  save(block: BlockBundle): boolean;
  remove(name: string): void;
}

const KEY = 'gradloom.blocks';
const MOST_KEPT = 200;

const nameOf = ({ root, blocks }: BlockBundle): string => blocks[root]?.name ?? '';

export const libraryStore = createStore<LibraryState>((set, get) => {
  const keep = (blocks: readonly BlockBundle[]): boolean => {
    const kept = store(KEY, JSON.stringify(blocks.map(bundleData)));
    if (kept) set({ blocks });
    return kept;
  };
  return {
    blocks: read(globalThis.localStorage?.getItem(KEY) ?? null),
    save: (block) => {
      const others = get().blocks.filter((each) => nameOf(each) !== nameOf(block));
      return keep([...others, block].slice(-MOST_KEPT));
    },
    remove: (name) => void keep(get().blocks.filter((each) => nameOf(each) !== name)),
  };
});

// Another tab keeps blocks too.
globalThis.addEventListener?.('storage', ({ key, newValue }) => {
  if (key === KEY) libraryStore.setState({ blocks: read(newValue) });
});

/**
 * Stored text may be of another version, or damaged. What can't be read is set aside under a key of its own, where no
 * save overwrites it, and told.
 */
function read(text: string | null): readonly BlockBundle[] {
  if (text === null) return [];
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch (error) {
    setAside([text], (error as Error).message);
    return [];
  }
  if (!Array.isArray(entries)) {
    setAside([entries], 'it is no list');
    return [];
  }
  const unreadable: unknown[] = [];
  let reason = '';
  const blocks = entries.slice(-MOST_KEPT).flatMap((entry): BlockBundle[] => {
    try {
      return [parseBundle(entry)];
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      unreadable.push(entry);
      reason = error.message;
      return [];
    }
  });
  if (unreadable.length > 0) setAside(unreadable, reason, blocks);
  return blocks;
}

/** Moves what can't be read out of the library, which then holds the rest; unless there is no room for that. */
function setAside(entries: readonly unknown[], reason: string, rest: readonly BlockBundle[] = []): void {
  const key = `${KEY}.damaged-${Date.now()}`;
  const words = messages().blocks;
  if (store(key, JSON.stringify(entries)) && store(KEY, JSON.stringify(rest.map(bundleData)))) {
    notify.warning(words.setAside(entries.length), { description: words.setAsideHint(key, translate(reason)) });
  }
}

/** Whether the browser kept it. @returns false, with a notice, if it has no room or allows none. */
function store(key: string, text: string): boolean {
  try {
    globalThis.localStorage?.setItem(key, text);
    return true;
  } catch (error) {
    notify.error(messages().blocks.notKept, { description: (error as Error).message });
    return false;
  }
}
