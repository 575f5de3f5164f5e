import { createStore } from 'zustand/vanilla';
import type { Place } from '../../engine/compiler/fitting.ts';
import type { EdgeId, FrameId, NodeId, NoteId } from '../../engine/graph/document.ts';

export type Theme = 'system' | 'light' | 'dark';

/** A point of the screen, and the same point of the canvas. */
interface Spot {
  readonly screen: { readonly x: number; readonly y: number };
  readonly canvas: { readonly x: number; readonly y: number };
}

/** Where a layer that is searched for goes. */
export interface QuickAdd extends Spot {
  /** `afterSelection`: where the palette would put it. */
  readonly place: Place | { readonly kind: 'afterSelection' };
}

/** What the context menu is about. */
export type MenuSubject = 'canvas' | 'node' | 'nodes' | 'wire' | 'frame' | 'note';

export interface SessionState {
  readonly nodes: readonly NodeId[];
  readonly edges: readonly EdgeId[];
  readonly frames: readonly FrameId[];
  readonly notes: readonly NoteId[];
  /** The field of the inspector that has the focus, or had it last. */
  readonly field: { readonly node: NodeId; readonly parameter: string } | undefined;
  readonly theme: Theme;
  readonly quickAdd: QuickAdd | undefined;
  readonly contextMenu: (Spot & { readonly subject: MenuSubject }) | undefined;
  /** The search over placed layers: to show one, or to lead a wire to it. */
  readonly search: 'find' | 'connect' | undefined;
  /** Whether what is dragged snaps to the grid and to other layers. */
  readonly snap: boolean;
  /** Whether the tour of the page is shown. */
  readonly tour: boolean;
  readonly dialog: 'commands' | 'shortcuts' | 'projects' | 'tables' | 'history' | undefined;
  /** A file of comma-separated values that was dropped onto the page, for the dialog `tables`. */
  readonly droppedTable: File | undefined;
  /** Selects these and nothing else. */
  select(
    nodes: readonly NodeId[],
    edges?: readonly EdgeId[],
    around?: { readonly frames?: readonly FrameId[]; readonly notes?: readonly NoteId[] },
  ): void;
}

const THEME_KEY = 'gradloom.theme';
const SNAP_KEY = 'gradloom.snap';
const TOUR_KEY = 'gradloom.tour';

/** What concerns this visit alone: selection, dialogs. */
export const sessionStore = createStore<SessionState>((set) => ({
  nodes: [],
  edges: [],
  frames: [],
  notes: [],
  field: undefined,
  theme: storedTheme(),
  quickAdd: undefined,
  contextMenu: undefined,
  search: undefined,
  snap: globalThis.localStorage?.getItem(SNAP_KEY) !== 'off',
  tour: false,
  dialog: undefined,
  droppedTable: undefined,
  select: (nodes, edges = [], { frames = [], notes = [] } = {}) => set({ nodes, edges, frames, notes }),
}));

export function setTheme(theme: Theme): void {
  sessionStore.setState({ theme });
  localStorage.setItem(THEME_KEY, theme);
}

export function setSnap(snap: boolean): void {
  sessionStore.setState({ snap });
  localStorage.setItem(SNAP_KEY, snap ? 'on' : 'off');
}

/** The first visit begins with the tour. */
export function offerTour(): void {
  if (localStorage.getItem(TOUR_KEY) === null) sessionStore.setState({ tour: true });
}

/** Ends the tour; it does not come again by itself. */
export function leaveTour(): void {
  sessionStore.setState({ tour: false });
  localStorage.setItem(TOUR_KEY, 'seen');
}

/** Keeps `data-theme` of the page in step with the choice and with the system. */
export function followTheme(): void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const show = () => {
    const { theme } = sessionStore.getState();
    const dark = theme === 'dark' || (theme === 'system' && system.matches);
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  };
  show();
  system.addEventListener('change', show);
  sessionStore.subscribe(show);
}

function storedTheme(): Theme {
  const stored = globalThis.localStorage?.getItem(THEME_KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}
