import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import residual from '../../engine/blocks/residual.block.ts';
import { bundleData } from '../../engine/graph/blockBundle.ts';

const notices: { readonly message: string; readonly description: string | undefined }[] = [];
vi.mock('../ui/notify.ts', () => {
  const told = (message: string, { description }: { description?: string } = {}) =>
    notices.push({ message, description });
  return { notify: { info: told, success: told, warning: told, error: told } };
});

/** A `localStorage` with room for so many characters. */
function storage(room = Infinity): Map<string, string> {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => {
      if (text.length > room) throw new DOMException('no room', 'QuotaExceededError');
      kept.set(key, text);
    },
  });
  return kept;
}

async function openLibrary() {
  vi.resetModules();
  return (await import('./blockLibrary.ts')).libraryStore;
}

const KEY = 'gradloom.blocks';
const bundle = residual.build();
const asideIn = (kept: Map<string, string>) =>
  [...kept].filter(([key]) => key.startsWith(`${KEY}.damaged-`)).map(([, text]) => JSON.parse(text) as unknown);

describe('the library of blocks', () => {
  beforeEach(() => void notices.splice(0));
  afterEach(() => vi.unstubAllGlobals());

  it('keeps a block for the next visit', async () => {
    const kept = storage();
    expect((await openLibrary()).getState().save(bundle)).toBe(true);
    expect((await openLibrary()).getState().blocks).toEqual([bundle]);
    expect([...kept.keys()]).toEqual([KEY]);
    expect(notices).toEqual([]);
  });

  it('sets blocks aside that it can not read, and says so', async () => {
    const kept = storage();
    const newer = { ...(bundleData(bundle) as object), version: 99 };
    kept.set(KEY, JSON.stringify([bundleData(bundle), newer, 'no block']));
    expect((await openLibrary()).getState().blocks).toEqual([bundle]);
    expect(asideIn(kept)).toEqual([[newer, 'no block']]);
    expect(notices).toEqual([
      { message: '2 blocks of your library can’t be read', description: expect.stringContaining(`${KEY}.damaged-`) },
    ]);
    // Once: the next visit finds the rest alone.
    notices.splice(0);
    const again = await openLibrary();
    expect(again.getState().blocks).toEqual([bundle]);
    expect(notices).toEqual([]);
    again.getState().remove('Residual block');
    expect(asideIn(kept)).toEqual([[newer, 'no block']]);
  });

  it.each(['{"half', '{}', '"words"'])('sets %s aside as a whole', async (text) => {
    const kept = storage();
    kept.set(KEY, text);
    expect((await openLibrary()).getState().blocks).toEqual([]);
    expect(asideIn(kept)).toHaveLength(1);
    expect(notices).toHaveLength(1);
  });

  it('says so where the browser keeps nothing, and does not pretend', async () => {
    storage(10);
    const library = await openLibrary();
    expect(library.getState().save(bundle)).toBe(false);
    expect(library.getState().blocks).toEqual([]);
    expect(notices).toEqual([{ message: 'The browser did not keep the block', description: 'no room' }]);
  });
});
