import type { Box } from './alignment.ts';
import { overlap } from './frameBoxes.ts';

type Rect = Omit<Box, 'id'>;

/** How far from the wanted place is searched, in steps of so many canvas units. */
const STEPS = 20;
const STEP = 40;
/** Between what is placed and the others. */
const GAP = 10;

/** The place nearest to that of a box where it covers none of the others; its own where there is none near. */
export function freeSpot(wanted: Rect, taken: readonly Rect[]): { readonly x: number; readonly y: number } {
  const isFree = ({ dx, dy }: Offset): boolean => {
    const { x, y, width, height } = wanted;
    const box = { x: x + dx - GAP, y: y + dy - GAP, width: width + 2 * GAP, height: height + 2 * GAP };
    return !taken.some((other) => overlap(box, other));
  };
  const { dx, dy } = OFFSETS.find(isFree) ?? { dx: 0, dy: 0 };
  return { x: wanted.x + dx, y: wanted.y + dy };
}

interface Offset {
  readonly dx: number;
  readonly dy: number;
}

const ALONG = Array.from({ length: 2 * STEPS + 1 }, (_, i) => STEP * (i - STEPS));
/** The nearest first. */
const OFFSETS: readonly Offset[] = ALONG.flatMap((dx) => ALONG.map((dy) => ({ dx, dy }))).sort(
  (a, b) => Math.hypot(a.dx, a.dy) - Math.hypot(b.dx, b.dy),
);
