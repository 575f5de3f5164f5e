import { createStore, type StoreApi } from 'zustand/vanilla';
import type { GraphDocument } from '../../../engine/graph/document.ts';
import { parseDocument, serializeDocument } from '../../../engine/graph/schema.ts';
import type { DocumentState } from '../document.ts';
import type { History } from '../history.ts';
import { pictureOf } from './picture.ts';
import { type ProjectRecord, type ProjectStorage, type Score, SINGLE } from './storage.ts';
import type { Tabs } from './tabs.ts';

/** Why a project can't be edited here. */
export type ReadOnlyReason = 'otherTab' | 'newer';

export interface ProjectsState {
  /** Stored projects, the last edited first. */
  readonly list: readonly ProjectRecord[];
  readonly current: string;
  readonly readOnly: ReadOnlyReason | undefined;
  readonly saved: 'saved' | 'saving' | 'failed';
}

/** Something that a person should know about stored work. */
export type ProjectNotice =
  | { readonly kind: 'damaged'; readonly key: string; readonly reason: string }
  | { readonly kind: 'odd'; readonly problems: readonly string[] }
  | { readonly kind: 'newer' }
  | { readonly kind: 'otherTab' }
  | { readonly kind: 'yours' };

/** What was open, so that it can be opened again with its undo steps. */
export interface OpenedProject {
  readonly id: string;
  readonly document: GraphDocument;
  readonly history: History;
}

/** What a tab remembers over a reload (the project it shows), and what it could not write before it was closed. */
export interface Memory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface ProjectsOptions {
  readonly store: StoreApi<DocumentState>;
  /** Undefined where the browser keeps nothing. It is being opened meanwhile; `start` waits for it. */
  readonly storage: Promise<ProjectStorage | undefined>;
  readonly tabs: Tabs;
  /** The tab's own memory. */
  readonly tab: Memory;
  /** Memory of all tabs that can be written at once, while a page closes. */
  readonly lasting: Memory;
  readonly tell: (notice: ProjectNotice) => void;
  readonly newId: () => string;
  readonly now: () => number;
  /** Calls back when the page has nothing else to do. */
  readonly whenIdle: (callback: () => void) => void;
}

/** Edits are saved this soon after the last one, in milliseconds. */
const DELAY = 300;
const TAB_KEY = 'gradloom.project';
const UNSAVED_KEY = 'gradloom.unsaved';

/**
 * Many projects, one of them open. A project is stored with its first edit, so that looking at a template leaves
 * nothing behind; opening another one never loses what was open.
 */
export class Projects {
  readonly state: StoreApi<ProjectsState>;
  readonly #options: ProjectsOptions;
  #storage: ProjectStorage | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The document as it was opened, or as it was last given to the storage. */
  #saved: GraphDocument;
  /** The same once the storage has it. */
  #kept: GraphDocument | undefined;
  /** What was last put where writing takes no time. */
  #leftOver: GraphDocument | undefined;
  /** The project that was opened new and with which nothing was done yet. */
  #untouched: string | undefined;

  constructor(options: ProjectsOptions) {
    this.#options = options;
    this.#saved = options.store.getState().document;
    this.#kept = this.#saved;
    this.state = createStore(() => ({ list: [], current: options.newId(), readOnly: undefined, saved: 'saved' }));
    options.store.subscribe(({ document }) => this.#edited(document));
    options.tabs.hear((message) => {
      void this.#readList();
      if (message.kind === 'saved' && message.id === this.state.getState().current) void this.#follow();
    });
  }

  /** Opens what this tab showed before, else what was edited last; else the first document stays open. */
  async start(): Promise<void> {
    const { tab, lasting } = this.#options;
    const storage = await this.#options.storage;
    this.#storage = storage;
    if (!storage) return this.state.setState({ saved: 'failed' });
    await this.#saveLeftOver(storage, lasting);
    const single = await storage.read(SINGLE);
    if (single !== undefined) await this.#adopt(storage, single);
    await this.#readList();
    const { list } = this.state.getState();
    const mine = tab.getItem(TAB_KEY);
    const wanted = (single === undefined ? list.find(({ id }) => id === mine) : undefined) ?? list[0];
    if (wanted) await this.open(wanted.id);
    else await this.#take(this.state.getState().current);
  }

  /** Opens a stored project. Gives false, and tells, if it is gone or can't be read. */
  async open(id: string): Promise<boolean> {
    const { tell } = this.#options;
    const storage = this.#storage;
    const text = await storage?.read(id);
    if (!storage || text === undefined) return false;
    if (id !== this.state.getState().current) await this.#leave();
    try {
      const { document, problems, newer } = parseDocument(text, { newer: 'read' });
      const taken = newer || (await this.#take(id));
      const readOnly: ReadOnlyReason | undefined = newer ? 'newer' : taken ? undefined : 'otherTab';
      this.#show({ id, document }, readOnly);
      if (readOnly) tell({ kind: readOnly });
      if (problems.length > 0) tell({ kind: 'odd', problems });
      return true;
    } catch (error) {
      const key = await storage.setAside(id, text);
      await this.#readList();
      tell({ kind: 'damaged', key, reason: (error as Error).message });
      return false;
    }
  }

  /**
   * Opens a document as a new project. If it is left before anything is done with it, it is not kept, unless `keep`
   * says so. Gives what was open before.
   */
  async openNew(document: GraphDocument, options: { readonly keep?: true } = {}): Promise<OpenedProject> {
    const before = this.opened();
    await this.#leave();
    const id = this.#options.newId();
    await this.#take(id);
    this.#show({ id, document }, undefined);
    this.#kept = undefined;
    await this.#write(document);
    if (!options.keep) this.#untouched = id;
    return before;
  }

  /** What is open now. */
  opened(): OpenedProject {
    const { document, history } = this.#options.store.getState();
    return { id: this.state.getState().current, document, history };
  }

  /** Goes back to what was open, with its undo steps. */
  async reopen({ id, document, history }: OpenedProject): Promise<void> {
    const known = this.state.getState().list.some((record) => record.id === id);
    if (known && (await this.open(id))) {
      if (!this.state.getState().readOnly) this.#show({ id, document, history }, undefined);
      return;
    }
    await this.#leave();
    await this.#take(id);
    this.#show({ id, document, history }, undefined);
  }

  /** Stores a copy. Gives its id. */
  async duplicate(id: string, name: string): Promise<string | undefined> {
    const text = await this.#storage?.read(id);
    if (text === undefined) return undefined;
    const copy = this.#options.newId();
    await this.#store(copy, { ...parseDocument(text).document, name });
    return copy;
  }

  async rename(id: string, name: string): Promise<void> {
    const { store } = this.#options;
    if (id === this.state.getState().current) {
      store.getState().dispatch({ kind: 'rename', name });
      return this.save();
    }
    const text = await this.#storage?.read(id);
    if (text !== undefined) await this.#store(id, { ...parseDocument(text).document, name });
  }

  /** Removes a stored project. Gives what brings it back. */
  async remove(id: string): Promise<() => Promise<void>> {
    const storage = this.#storage;
    const record = this.state.getState().list.find((candidate) => candidate.id === id);
    const text = await storage?.read(id);
    if (!storage || !record || text === undefined) return async () => undefined;
    await storage.remove(id);
    await this.#changed();
    return async () => {
      await storage.write(record, text);
      await this.#changed();
    };
  }

  /** Keeps how well a project's run did. A project that is not stored yet is stored by this. */
  async setScore(id: string, score: Score): Promise<void> {
    const { list, current } = this.state.getState();
    if (id === this.#untouched) this.#untouched = undefined;
    const record = list.find((candidate) => candidate.id === id);
    if (record) await this.#storage?.setRecord({ ...record, score });
    else if (id === current) await this.#store(id, this.#options.store.getState().document, score);
    await this.#changed();
  }

  /** Writes what is not written yet. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { document } = this.#options.store.getState();
    if (document !== this.#saved) await this.#write(document);
  }

  /** The page may be gone in a moment: what is not written yet is also put where writing takes no time. */
  flush(): void {
    const { document, readOnly } = this.#options.store.getState();
    if (document === this.#kept || readOnly) return;
    const { current } = this.state.getState();
    this.#leftOver = document;
    try {
      this.#options.lasting.setItem(UNSAVED_KEY, JSON.stringify({ id: current, text: serializeDocument(document) }));
    } catch {
      // Too large for that memory: the write below is all there is.
    }
    void this.save();
  }

  /** Before another project is opened: all is written; what was opened new and not touched goes. */
  async #leave(): Promise<void> {
    await this.save();
    const untouched = this.#untouched;
    this.#untouched = undefined;
    if (untouched === undefined) return;
    await this.#storage?.remove(untouched);
    await this.#changed();
  }

  async #write(document: GraphDocument): Promise<void> {
    const { lasting, store, tab, tabs } = this.#options;
    const { current } = this.state.getState();
    this.#saved = document;
    // What is left over already is no newer than this; what comes meanwhile may be.
    const older = this.#leftOver;
    try {
      await this.#store(current, document);
      this.#kept = document;
      if (this.#leftOver === older || this.#leftOver === document) lasting.removeItem(UNSAVED_KEY);
      tab.setItem(TAB_KEY, current);
      tabs.tell({ kind: 'saved', id: current });
      if (store.getState().document === document) this.state.setState({ saved: 'saved' });
    } catch {
      // Shown in the status bar; the next edit tries again.
      this.state.setState({ saved: 'failed' });
    }
  }

  async #store(id: string, document: GraphDocument, score?: Score): Promise<void> {
    const storage = this.#storage;
    if (!storage) throw new Error('this browser keeps nothing');
    const known = score ?? this.state.getState().list.find((record) => record.id === id)?.score;
    const record = { id, name: document.name, edited: this.#options.now(), picture: pictureOf(document) };
    await storage.write({ ...record, ...(known && { score: known }) }, serializeDocument(document));
    await this.#changed();
  }

  #edited(document: GraphDocument): void {
    if (document === this.#saved || this.#options.store.getState().readOnly) return;
    this.#untouched = undefined;
    if (this.#storage) this.state.setState({ saved: 'saving' });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#options.whenIdle(() => void this.save()), DELAY);
  }

  #show(
    opened: { readonly id: string; readonly document: GraphDocument; readonly history?: History },
    readOnly: ReadOnlyReason | undefined,
  ): void {
    const { id, document, history } = opened;
    const { store, tab } = this.#options;
    this.#saved = document;
    this.#kept = document;
    this.state.setState({ current: id, readOnly, saved: this.#storage ? 'saved' : 'failed' });
    tab.setItem(TAB_KEY, id);
    store.getState().open(document, { readOnly: readOnly !== undefined, ...(history && { history }) });
  }

  /** Takes the pen of a project; when another tab has it, hears when it is free. */
  #take(id: string): Promise<boolean> {
    return this.#options.tabs.take(id, () => {
      if (this.state.getState().current !== id) return;
      void this.#follow().then(() => {
        this.#options.store.setState({ readOnly: false });
        this.state.setState({ readOnly: undefined });
        this.#options.tell({ kind: 'yours' });
      });
    });
  }

  /** Shows what another tab has written. */
  async #follow(): Promise<void> {
    const { current, readOnly } = this.state.getState();
    const text = readOnly === 'otherTab' ? await this.#storage?.read(current) : undefined;
    if (text === undefined) return;
    this.#show({ id: current, document: parseDocument(text).document }, readOnly);
  }

  async #changed(): Promise<void> {
    await this.#readList();
    this.#options.tabs.tell({ kind: 'listChanged' });
  }

  async #readList(): Promise<void> {
    const list = await this.#storage?.list();
    if (list) this.state.setState({ list });
  }

  async #saveLeftOver(storage: ProjectStorage, lasting: Memory): Promise<void> {
    const left = lasting.getItem(UNSAVED_KEY);
    if (left === null) return;
    lasting.removeItem(UNSAVED_KEY);
    try {
      const { id, text } = JSON.parse(left) as { id: string; text: string };
      await this.#readList();
      if (typeof id === 'string' && (await storage.read(id)) !== text)
        await this.#store(id, parseDocument(text).document);
    } catch {
      // Not written whole: the stored document is the last good one.
    }
  }

  /** The one document of older versions becomes a project; a damaged one is set aside. */
  async #adopt(storage: ProjectStorage, text: string): Promise<void> {
    try {
      const { document } = parseDocument(text, { newer: 'read' });
      const id = this.#options.newId();
      const record = { id, name: document.name, edited: this.#options.now(), picture: pictureOf(document) };
      await storage.write(record, text);
      await storage.remove(SINGLE);
    } catch (error) {
      const key = await storage.setAside(SINGLE, text);
      this.#options.tell({ kind: 'damaged', key, reason: (error as Error).message });
    }
  }
}
