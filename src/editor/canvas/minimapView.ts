import type { Size } from '../stores/canvasActions.ts';
import type { Rect } from './overviewScene.ts';

/** What a map shows, in canvas units, and how many pixels a unit takes. */
export type MapView = Rect & { readonly scale: number };

/** Around what is shown, as a share of its size. */
const MARGIN = 0.06;

/** The part of the canvas that is seen. */
export function seenPart([x, y, zoom]: readonly [number, number, number], width: number, height: number): Rect {
  return { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
}

/** A map of so many pixels that shows everything, and the part that is seen. */
export function mapOf(blocks: readonly Rect[], seen: Rect, size: Size): MapView {
  let { x: left, y: top } = seen;
  let [right, bottom] = [left + seen.width, top + seen.height];
  for (const { x, y, width, height } of blocks) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  const scale = Math.min(size.width / (right - left), size.height / (bottom - top)) * (1 - 2 * MARGIN);
  const [width, height] = [size.width / scale, size.height / scale];
  return { x: (left + right - width) / 2, y: (top + bottom - height) / 2, width, height, scale };
}
