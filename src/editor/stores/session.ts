import { createStore } from 'zustand/vanilla';
import type { EdgeId, NodeId, PortRef } from '../../engine/graph/document.ts';

export type BottomTab = 'charts' | 'predictions' | 'confusion' | 'draw' | 'profile' | 'problems';
export type SideTab = 'inspector' | 'code' | 'training';
export type Theme = 'system' | 'light' | 'dark';

/** Where a new layer goes: a place on the canvas, perhaps joined to an output whose wire was dropped there. */
export interface QuickAdd {
  readonly screen: { readonly x: number; readonly y: number };
  readonly canvas: { readonly x: number; readonly y: number };
  readonly from?: PortRef;
}

export interface SessionState {
  readonly nodes: readonly NodeId[];
  readonly edges: readonly EdgeId[];
  readonly bottomTab: BottomTab;
  readonly sideTab: SideTab;
  readonly theme: Theme;
  readonly quickAdd: QuickAdd | undefined;
  /** Whether the tour of the page is shown. */
  readonly tour: boolean;
  readonly dialog: 'commands' | 'shortcuts' | 'projects' | 'tables' | undefined;
  /** A file of comma-separated values that was dropped onto the page, for the dialog `tables`. */
  readonly droppedTable: File | undefined;
  select(nodes: readonly NodeId[], edges?: readonly EdgeId[]): void;
}

const THEME_KEY = 'gradloom.theme';
const TOUR_KEY = 'gradloom.tour';

/** What concerns this visit alone: selection, open tabs, dialogs. */
export const sessionStore = createStore<SessionState>((set) => ({
  nodes: [],
  edges: [],
  bottomTab: 'charts',
  sideTab: 'inspector',
  theme: storedTheme(),
  quickAdd: undefined,
  tour: false,
  dialog: undefined,
  droppedTable: undefined,
  select: (nodes, edges = []) => set({ nodes, edges }),
}));

export function setTheme(theme: Theme): void {
  sessionStore.setState({ theme });
  localStorage.setItem(THEME_KEY, theme);
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
