import { type Area, resizeArea } from '../stores/areas.ts';
import { canvasActions } from '../stores/canvasActions.ts';
import { openPanel, type PanelId } from '../stores/docks.ts';

/** Ways to arrange the panels, each for one kind of work. */
export const LAYOUTS = ['build', 'train', 'inspect', 'code'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Sizes in pixels, or as a share of the window; 0 is put away. */
const ARRANGEMENTS: Readonly<Record<Layout, Readonly<Record<Area, number>> & { shown: readonly PanelId[] }>> = {
  build: { palette: 196, bottom: 200, side: 340, shown: ['inspector', 'problems'] },
  train: { palette: 0, bottom: 0.5, side: 340, shown: ['training', 'charts'] },
  inspect: { palette: 0, bottom: 0.6, side: 320, shown: ['inspector', 'predictions'] },
  code: { palette: 0, bottom: 0, side: 0.5, shown: ['code', 'charts'] },
};

export function applyLayout(layout: Layout): void {
  const { shown, ...sizes } = ARRANGEMENTS[layout];
  // The first one last: where both stand in one dock, it is what the layout is for.
  for (const panel of shown.toReversed()) openPanel(panel);
  for (const area of ['palette', 'bottom', 'side'] as const) {
    const whole = area === 'bottom' ? innerHeight : innerWidth;
    resizeArea(area, sizes[area] < 1 ? sizes[area] * whole : sizes[area]);
  }
  requestAnimationFrame(() => requestAnimationFrame(() => canvasActions.fit()));
}
