import type { PanelImperativeHandle } from 'react-resizable-panels';
import { canvasActions } from '../commands/canvasActions.ts';
import { openPanel, type PanelId } from '../stores/docks.ts';

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
  Record<Layout, { palette: string; bottom: string; side: string; shown: readonly PanelId[] }>
> = {
  build: { palette: '196px', bottom: '200px', side: '340px', shown: ['inspector', 'problems'] },
  train: { palette: '0', bottom: '50%', side: '340px', shown: ['training', 'charts'] },
  inspect: { palette: '0', bottom: '60%', side: '320px', shown: ['inspector', 'predictions'] },
  code: { palette: '0', bottom: '0', side: '50%', shown: ['code', 'charts'] },
};

export function applyLayout(layout: Layout): void {
  const { shown, ...sizes } = ARRANGEMENTS[layout];
  // The first one last: where both stand in one dock, it is what the layout is for.
  for (const panel of shown.toReversed()) openPanel(panel);
  for (const name of ['palette', 'bottom', 'side'] as const) {
    if (sizes[name] === '0') panels[name]?.collapse();
    else panels[name]?.resize(sizes[name]);
  }
  requestAnimationFrame(() => requestAnimationFrame(() => canvasActions.fit()));
}
