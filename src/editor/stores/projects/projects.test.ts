import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inferGraph } from '../../../engine/compiler/infer.ts';
import { serializeDocument } from '../../../engine/graph/schema.ts';
import { createDocumentStore } from '../document.ts';
import { emptyDocument } from './emptyDocument.ts';
import { type Memory, type ProjectNotice, Projects } from './projects.ts';
import { type ProjectRecord, type ProjectStorage, SINGLE } from './storage.ts';
import type { TabMessage, Tabs } from './tabs.ts';

/** Storage, locks and messages as all tabs of one browser share them. */
class Browser {
  readonly documents = new Map<string, string>();
  readonly records = new Map<string, ProjectRecord>();
  readonly lasting = memory();
  readonly #pens = new Map<string, { owner: object; waiting: (() => void)[] }>();
  readonly #listeners = new Map<object, (message: TabMessage) => void>();
  #ids = 0;

  readonly storage: ProjectStorage = {
    list: async () => [...this.records.values()].sort((a, b) => b.edited - a.edited),
    read: async (id) => this.documents.get(id),
    write: async (record, text) => {
      this.documents.set(record.id, text);
      this.records.set(record.id, record);
    },
    setRecord: async (record) => void this.records.set(record.id, record),
    remove: async (id) => {
      this.documents.delete(id);
      this.records.delete(id);
    },
    setAside: async (id, text) => {
      await this.storage.remove(id);
      this.documents.set('damaged-1', text);
      return 'damaged-1';
    },
  };

  /** `keeps`: whether the browser keeps anything. */
  tab(own: Memory = memory(), keeps = true) {
    const store = createDocumentStore(emptyDocument('first'), (document) =>
      inferGraph(document, { sample: [1, 28, 28], classes: 10 }),
    );
    const notices: ProjectNotice[] = [];
    const me = {};
    const letGo = () => {
      for (const [id, pen] of this.#pens) {
        if (pen.owner !== me) continue;
        this.#pens.delete(id);
        pen.waiting[0]?.();
      }
    };
    const tabs: Tabs = {
      take: async (id, later) => {
        letGo();
        const pen = this.#pens.get(id);
        if (pen) pen.waiting.push(later);
        else this.#pens.set(id, { owner: me, waiting: [] });
        return pen === undefined;
      },
      tell: (message) => {
        for (const [owner, listener] of this.#listeners) if (owner !== me) listener(message);
      },
      hear: (listener) => void this.#listeners.set(me, listener),
    };
    const projects = new Projects({
      store,
      storage: Promise.resolve(keeps ? this.storage : undefined),
      tabs,
      tab: own,
      lasting: this.lasting,
      tell: (notice) => notices.push(notice),
      newId: () => `p${++this.#ids}`,
      now: () => this.#ids * 1000 + this.records.size,
      whenIdle: (callback) => callback(),
    });
    return { store, projects, notices, own, close: letGo };
  }
}

function memory(): Memory {
  const entries = new Map<string, string>();
  return {
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
  };
}

const rename = (name: string) => ({ kind: 'rename', name }) as const;
const stored = (browser: Browser, id: string) => JSON.parse(browser.documents.get(id)!) as { name: string };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('Projects', () => {
  it('stores the first document with its first edit, and brings it back', async () => {
    const browser = new Browser();
    const { store, projects, own } = browser.tab();
    await projects.start();
    expect(browser.documents.size).toBe(0);
    store.getState().dispatch(rename('mine'));
    expect(projects.state.getState().saved).toBe('saving');
    await vi.advanceTimersByTimeAsync(350);
    expect(projects.state.getState().saved).toBe('saved');
    expect(stored(browser, 'p1').name).toBe('mine');
    const again = browser.tab(own);
    await again.projects.start();
    expect(again.store.getState().document.name).toBe('mine');
    expect(again.store.getState().history.past).toEqual([]);
  });

  it('opens a new project beside the old one, and goes back to it with its undo steps', async () => {
    const browser = new Browser();
    const { store, projects } = browser.tab();
    await projects.start();
    store.getState().dispatch(rename('mine'));
    // Not yet written: opening writes it.
    const before = await projects.openNew(emptyDocument('template'));
    expect(stored(browser, 'p1').name).toBe('mine');
    expect(store.getState().document.name).toBe('template');
    await projects.reopen(before);
    expect(store.getState().document.name).toBe('mine');
    store.getState().undo();
    expect(store.getState().document.name).toBe('first');
    // The template was only looked at.
    expect([...browser.records.keys()]).toEqual(['p1']);
  });

  it('keeps a new project that was edited or has a score', async () => {
    const browser = new Browser();
    const { store, projects } = browser.tab();
    await projects.start();
    await projects.openNew(emptyDocument('edited'));
    store.getState().dispatch(rename('edited!'));
    await projects.openNew(emptyDocument('trained'));
    await projects.setScore(projects.state.getState().current, { metric: 'accuracy', value: 0.97 });
    await projects.openNew(emptyDocument('looked at'));
    await projects.openNew(emptyDocument('last'), { keep: true });
    expect([...browser.records.values()].map(({ name }) => name)).toEqual(['edited!', 'trained', 'last']);
    expect(browser.records.get('p3')!.score).toEqual({ metric: 'accuracy', value: 0.97 });
  });

  it('renames, copies and deletes; what is deleted can be brought back', async () => {
    const browser = new Browser();
    const { projects } = browser.tab();
    await projects.start();
    await projects.openNew(emptyDocument('a'), { keep: true });
    await projects.openNew(emptyDocument('b'), { keep: true });
    await projects.rename('p2', 'renamed');
    expect(stored(browser, 'p2').name).toBe('renamed');
    const copy = await projects.duplicate('p2', 'copy');
    expect(stored(browser, copy!).name).toBe('copy');
    const bringBack = await projects.remove('p2');
    expect(projects.state.getState().list.map(({ id }) => id)).not.toContain('p2');
    await bringBack();
    expect(projects.state.getState().list.map(({ id }) => id)).toContain('p2');
    expect(stored(browser, 'p2').name).toBe('renamed');
  });

  it('lets one tab write; the other follows, is told, and may write when the first is closed', async () => {
    const browser = new Browser();
    const first = browser.tab();
    await first.projects.start();
    first.store.getState().dispatch(rename('one'));
    await vi.advanceTimersByTimeAsync(350);
    const second = browser.tab();
    await second.projects.start();
    expect(second.notices).toEqual([{ kind: 'otherTab' }]);
    second.store.getState().dispatch(rename('two'));
    expect(second.store.getState()).toMatchObject({ document: { name: 'one' }, refusals: 1 });
    first.store.getState().dispatch(rename('three'));
    await vi.advanceTimersByTimeAsync(350);
    expect(second.store.getState().document.name).toBe('three');
    first.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(second.notices.at(-1)).toEqual({ kind: 'yours' });
    second.store.getState().dispatch(rename('four'));
    await vi.advanceTimersByTimeAsync(350);
    expect(stored(browser, 'p1').name).toBe('four');
  });

  it('keeps what could not be written before the page closed', async () => {
    const browser = new Browser();
    const { store, projects } = browser.tab();
    await projects.start();
    store.getState().dispatch(rename('early'));
    await vi.advanceTimersByTimeAsync(350);
    const write = vi.spyOn(browser.storage, 'write').mockReturnValue(new Promise(() => undefined));
    store.getState().dispatch(rename('late'));
    projects.flush();
    write.mockRestore();
    expect(stored(browser, 'p1').name).toBe('early');
    const again = browser.tab();
    await again.projects.start();
    expect(again.store.getState().document.name).toBe('late');
  });

  it('keeps what was being written when the page closed', async () => {
    const browser = new Browser();
    const { store, projects } = browser.tab();
    await projects.start();
    store.getState().dispatch(rename('early'));
    await vi.advanceTimersByTimeAsync(350);
    const write = vi.spyOn(browser.storage, 'write').mockReturnValue(new Promise(() => undefined));
    store.getState().dispatch(rename('late'));
    await vi.advanceTimersByTimeAsync(350);
    expect(write).toHaveBeenCalledOnce();
    projects.flush();
    write.mockRestore();
    const again = browser.tab();
    await again.projects.start();
    expect(again.store.getState().document.name).toBe('late');
  });

  it('keeps the last edit when the write of the one before ends after the page was hidden', async () => {
    const browser = new Browser();
    const { store, projects } = browser.tab();
    await projects.start();
    let end = () => {};
    const slow = new Promise<void>((resolve) => {
      end = resolve;
    });
    const write = vi
      .spyOn(browser.storage, 'write')
      .mockReturnValueOnce(slow)
      .mockReturnValue(new Promise(() => {}));
    store.getState().dispatch(rename('early'));
    await vi.advanceTimersByTimeAsync(350);
    store.getState().dispatch(rename('late'));
    projects.flush();
    end();
    await vi.advanceTimersByTimeAsync(0);
    write.mockRestore();
    const again = browser.tab();
    await again.projects.start();
    expect(again.store.getState().document.name).toBe('late');
  });

  it('does not bring back what was left over before a later edit was stored', async () => {
    const browser = new Browser();
    const { store, projects } = browser.tab();
    await projects.start();
    store.getState().dispatch(rename('early'));
    projects.flush();
    store.getState().dispatch(rename('late'));
    await vi.advanceTimersByTimeAsync(350);
    const again = browser.tab();
    await again.projects.start();
    expect(again.store.getState().document.name).toBe('late');
  });

  it('takes over the one document of older versions', async () => {
    const browser = new Browser();
    browser.documents.set(SINGLE, serializeDocument(emptyDocument('old')));
    const { store, projects } = browser.tab();
    await projects.start();
    expect(store.getState().document.name).toBe('old');
    expect(browser.documents.has(SINGLE)).toBe(false);
    expect(projects.state.getState().list).toHaveLength(1);
  });

  it('sets a damaged document aside and says so', async () => {
    const browser = new Browser();
    browser.documents.set(SINGLE, '{"format":');
    const { store, projects, notices } = browser.tab();
    await projects.start();
    expect(store.getState().document.name).toBe('first');
    expect(browser.documents.get('damaged-1')).toBe('{"format":');
    expect(notices).toMatchObject([{ kind: 'damaged', key: 'damaged-1' }]);
  });

  it('opens a newer document to look at and never writes it', async () => {
    const browser = new Browser();
    const text = JSON.stringify({ ...emptyDocument('future'), version: 99, moods: ['calm'] });
    browser.documents.set(SINGLE, text);
    const { store, projects, notices } = browser.tab();
    await projects.start();
    expect(notices).toEqual([{ kind: 'newer' }]);
    expect(store.getState()).toMatchObject({ readOnly: true, document: { name: 'future' } });
    store.getState().dispatch(rename('mine'));
    projects.flush();
    await vi.advanceTimersByTimeAsync(1000);
    expect([...browser.documents.values()]).toEqual([text]);
  });

  it('says that nothing is kept where the browser has no storage', async () => {
    const browser = new Browser();
    const { store, projects } = browser.tab(memory(), false);
    await projects.start();
    expect(projects.state.getState().saved).toBe('failed');
    store.getState().dispatch(rename('mine'));
    await vi.advanceTimersByTimeAsync(350);
    expect(projects.state.getState().saved).toBe('failed');
    expect(store.getState().document.name).toBe('mine');
    expect(browser.documents.size).toBe(0);
  });

  it('says that nothing is kept where the browser refuses', async () => {
    const broken = new Browser();
    const { store, projects } = broken.tab();
    await projects.start();
    vi.spyOn(broken.storage, 'write').mockRejectedValue(new Error('full'));
    store.getState().dispatch(rename('mine'));
    await vi.advanceTimersByTimeAsync(350);
    expect(projects.state.getState().saved).toBe('failed');
  });
});
