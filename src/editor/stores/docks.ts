import { createStore } from 'zustand/vanilla';

/** Panels that a person may put where they like. */
export const PANELS = [
  'inspector',
  'training',
  'code',
  'charts',
  'predictions',
  'confusion',
  'draw',
  'profile',
  'problems',
] as const;
export type PanelId = (typeof PANELS)[number];

/** Where panels stand: beside the canvas and below it. */
export type Dock = 'side' | 'bottom';

export interface DocksState {
  /** Each panel stands in one dock, in the order of its tabs. */
  readonly panels: Readonly<Record<Dock, readonly PanelId[]>>;
  /** The panel that each dock shows; undefined in an empty one. */
  readonly open: Readonly<Record<Dock, PanelId | undefined>>;
  /** The panel that was opened last: a screen with room for one dock shows it. */
  readonly last: PanelId;
}

const KEY = 'gradloom.docks';

export const DEFAULT_DOCKS: DocksState = {
  panels: { side: PANELS.slice(0, 3), bottom: PANELS.slice(3) },
  open: { side: 'inspector', bottom: 'charts' },
  // On a small screen one watches first.
  last: 'charts',
};

export const docksStore = createStore<DocksState>(() => parseDocks(globalThis.localStorage?.getItem(KEY) ?? undefined));

/** Shows a panel in the dock where it stands. */
export function openPanel(panel: PanelId): void {
  set(opened(docksStore.getState(), panel));
}

/** Puts a panel into a dock, before the tab at an index, and shows it. */
export function movePanel(panel: PanelId, dock: Dock, index: number): void {
  set(moved(docksStore.getState(), panel, dock, index));
}

/** All panels where they were at first. */
export function resetDocks(): void {
  set(DEFAULT_DOCKS);
}

export function dockOf({ panels }: DocksState, panel: PanelId): Dock {
  return panels.side.includes(panel) ? 'side' : 'bottom';
}

export function opened(state: DocksState, panel: PanelId): DocksState {
  return { ...state, open: { ...state.open, [dockOf(state, panel)]: panel }, last: panel };
}

export function moved(state: DocksState, panel: PanelId, dock: Dock, index: number): DocksState {
  const from = dockOf(state, panel);
  const place = state.panels[from].indexOf(panel);
  const without = { ...state.panels, [from]: state.panels[from].filter((other) => other !== panel) };
  // Taking it out moved those behind it to the front.
  const target = from === dock && place < index ? index - 1 : index;
  const panels = { ...without, [dock]: without[dock].toSpliced(target, 0, panel) };
  const left = panels[from];
  const neighbour = left[Math.min(place, left.length - 1)];
  const open = { ...state.open, ...(state.open[from] === panel ? { [from]: neighbour } : {}), [dock]: panel };
  return { panels, open, last: panel };
}

/** What was remembered; panels that it does not name stand where they stood at first, unknown ones are left out. */
export function parseDocks(text: string | undefined): DocksState {
  if (text === undefined) return DEFAULT_DOCKS;
  const side = listOf(read(text), 'side');
  const bottom = listOf(read(text), 'bottom').filter((panel) => !side.includes(panel));
  const missing = PANELS.filter((panel) => !side.includes(panel) && !bottom.includes(panel));
  const panels = {
    side: [...side, ...missing.filter((panel) => DEFAULT_DOCKS.panels.side.includes(panel))],
    bottom: [...bottom, ...missing.filter((panel) => DEFAULT_DOCKS.panels.bottom.includes(panel))],
  };
  const open = (dock: Dock): PanelId | undefined => {
    const usual = DEFAULT_DOCKS.open[dock];
    return usual && panels[dock].includes(usual) ? usual : panels[dock][0];
  };
  return { panels, open: { side: open('side'), bottom: open('bottom') }, last: DEFAULT_DOCKS.last };
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Another program's value under this key: as if there were none.
    return undefined;
  }
}

function listOf(value: unknown, dock: Dock): PanelId[] {
  const list = typeof value === 'object' && value !== null ? Reflect.get(value, dock) : undefined;
  if (!Array.isArray(list)) return [];
  return PANELS.filter((panel) => list.includes(panel)).sort((a, b) => list.indexOf(a) - list.indexOf(b));
}

function set(state: DocksState): void {
  docksStore.setState(state);
  globalThis.localStorage?.setItem(KEY, JSON.stringify(state.panels));
}
