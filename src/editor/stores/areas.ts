import { createStore } from 'zustand/vanilla';

/** Areas around the canvas whose size a person sets. */
export type Area = 'palette' | 'side' | 'bottom';

/** Limits in CSS pixels. `folded` is what is left of an area that was put away. */
export const LIMITS: Readonly<Record<Area, { usual: number; least: number; most: number; folded: number }>> = {
  palette: { usual: 196, least: 150, most: 320, folded: 0 },
  side: { usual: 340, least: 240, most: 1600, folded: 0 },
  // Its tabs stay.
  bottom: { usual: 264, least: 120, most: 1200, folded: 36 },
};

export type Sizes = Readonly<Record<Area, number>>;

const KEY = 'gradloom.areas';
const USUAL: Sizes = { palette: LIMITS.palette.usual, side: LIMITS.side.usual, bottom: LIMITS.bottom.usual };

export const areasStore = createStore<Sizes>(() => parseSizes(globalThis.localStorage?.getItem(KEY) ?? undefined));

/** Sets the size of an area, in pixels, as near as its limits allow. */
export function resizeArea(area: Area, size: number): void {
  areasStore.setState({ [area]: within(area, size) });
  globalThis.localStorage?.setItem(KEY, JSON.stringify(areasStore.getState()));
}

/** The size that an area takes: less than half of the least one puts it away. */
export function within(area: Area, size: number): number {
  const { least, most, folded } = LIMITS[area];
  if (size < least / 2) return folded;
  return Math.round(Math.min(most, Math.max(least, size)));
}

/** What was remembered; the usual size of whatever is missing or odd. */
export function parseSizes(text: string | undefined): Sizes {
  const given = text === undefined ? undefined : read(text);
  const size = (area: Area): number => {
    const value: unknown = typeof given === 'object' && given !== null ? Reflect.get(given, area) : undefined;
    return typeof value === 'number' && Number.isFinite(value) ? within(area, value) : USUAL[area];
  };
  return { palette: size('palette'), side: size('side'), bottom: size('bottom') };
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Another program's value under this key: as if there were none.
    return undefined;
  }
}
