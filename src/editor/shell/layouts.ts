import type { PanelImperativeHandle } from 'react-resizable-panels';
import { canvasActions } from '../commands/canvasActions.ts';
import { type BottomTab, type SideTab, sessionStore } from '../stores/session.ts';

/** Ways to arrange the panels, each for one kind of work. */
export const LAYOUTS = ['build', 'train', 'inspect', 'code'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** The panels that layouts resize; the page sets these when it is there. */
export const panels: Record<'palette' | 'bottom' | 'side', PanelImperativeHandle | null> = {
  palette: null,
  bottom: null,
  side: null,
};

/** Sizes with their units; `0` is put away. */
const ARRANGEMENTS: Readonly<
  Record<Layout, { palette: string; bottom: string; side: string; sideTab: SideTab; bottomTab: BottomTab }>
> = {
  build: { palette: '196px', bottom: '200px', side: '340px', sideTab: 'inspector', bottomTab: 'problems' },
  train: { palette: '0', bottom: '50%', side: '340px', sideTab: 'training', bottomTab: 'charts' },
  inspect: { palette: '0', bottom: '60%', side: '320px', sideTab: 'inspector', bottomTab: 'predictions' },
  code: { palette: '0', bottom: '0', side: '50%', sideTab: 'code', bottomTab: 'charts' },
};

export function applyLayout(layout: Layout): void {
  const { sideTab, bottomTab, ...sizes } = ARRANGEMENTS[layout];
  sessionStore.setState({ sideTab, bottomTab });
  for (const name of ['palette', 'bottom', 'side'] as const) {
    if (sizes[name] === '0') panels[name]?.collapse();
    else panels[name]?.resize(sizes[name]);
  }
  requestAnimationFrame(() => requestAnimationFrame(() => canvasActions.fit()));
}
