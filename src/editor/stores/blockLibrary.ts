import { createStore } from 'zustand/vanilla';
import { EngineError } from '../../engine/errors.ts';
import { type BlockBundle, bundleData, parseBundle } from '../../engine/graph/blockBundle.ts';

/** A person's own blocks, kept in this browser for all projects. */
export interface LibraryState {
  readonly blocks: readonly BlockBundle[];
  /** Keeps a block, in the place of one of that name. */
  save(block: BlockBundle): void;
  remove(name: string): void;
}

const KEY = 'gradloom.blocks';
const MOST_KEPT = 200;

const nameOf = ({ root, blocks }: BlockBundle): string => blocks[root]?.name ?? '';

export const libraryStore = createStore<LibraryState>((set, get) => {
  const keep = (blocks: readonly BlockBundle[]): void => {
    globalThis.localStorage?.setItem(KEY, JSON.stringify(blocks.map(bundleData)));
    set({ blocks });
  };
  return {
    blocks: read(globalThis.localStorage?.getItem(KEY) ?? null),
    save: (block) => {
      const others = get().blocks.filter((each) => nameOf(each) !== nameOf(block));
      keep([...others, block].slice(-MOST_KEPT));
    },
    remove: (name) => keep(get().blocks.filter((each) => nameOf(each) !== name)),
  };
});

// Another tab keeps blocks too.
globalThis.addEventListener?.('storage', ({ key, newValue }) => {
  if (key === KEY) libraryStore.setState({ blocks: read(newValue) });
});

/** Stored text may be of another version, or damaged: blocks that can't be read are passed over. */
function read(text: string | null): readonly BlockBundle[] {
  let entries: unknown;
  try {
    entries = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(entries)) return [];
  return entries.slice(-MOST_KEPT).flatMap((entry): BlockBundle[] => {
    try {
      return [parseBundle(entry)];
    } catch (error) {
      if (error instanceof EngineError) return [];
      throw error;
    }
  });
}
