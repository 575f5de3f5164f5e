import type { KeyboardEvent, PointerEvent } from 'react';
import { useStore } from 'zustand';
import { type Area, areasStore, LIMITS, resizeArea } from '../stores/areas.ts';

/** How far an arrow key moves it, in CSS pixels. */
const STEP = 16;

/**
 * The line between an area and the canvas: drag it, move it by arrow keys, or put the area away and bring it back by
 * Enter or a double click, as the window splitter of the ARIA practices does
 * (https://www.w3.org/WAI/ARIA/apg/patterns/windowsplitter/).
 */
export function Divider({ area, label }: { readonly area: Area; readonly label: string }) {
  const size = useStore(areasStore, (state) => state[area]);
  const upright = area !== 'bottom';
  // The palette grows to the right; the others grow to the left and upwards.
  const sign = area === 'palette' ? 1 : -1;
  const drag = (event: PointerEvent<HTMLElement>): void => {
    const line = event.currentTarget;
    const at = ({ clientX, clientY }: { clientX: number; clientY: number }) => (upright ? clientX : clientY);
    const start = at(event);
    const move = (moved: globalThis.PointerEvent) => resizeArea(area, size + sign * (at(moved) - start));
    line.setPointerCapture(event.pointerId);
    line.addEventListener('pointermove', move);
    line.addEventListener('lostpointercapture', () => line.removeEventListener('pointermove', move), { once: true });
  };
  const press = (event: KeyboardEvent): void => {
    const next = sizeAfter(event.key, area, size);
    if (next === undefined) return;
    event.preventDefault();
    // The arrows are the canvas's too.
    event.stopPropagation();
    resizeArea(area, next);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule that is drawn between texts can't be moved; this one can
    <div
      role="separator"
      aria-label={label}
      aria-orientation={upright ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      aria-valuemin={LIMITS[area].folded}
      aria-valuemax={LIMITS[area].most}
      tabIndex={0}
      onPointerDown={drag}
      onDoubleClick={() => resizeArea(area, sizeAfter('Enter', area, size) ?? size)}
      onKeyDown={press}
      // Wider for the hand than for the eye.
      className={`relative z-10 touch-none bg-line outline-none transition-colors after:absolute hover:bg-accent focus-visible:bg-accent active:bg-accent ${
        upright
          ? 'w-px cursor-col-resize after:inset-y-0 after:-inset-x-1'
          : 'h-px cursor-row-resize after:inset-x-0 after:-inset-y-1'
      }`}
    />
  );
}

/** The size that a key asks for; undefined for keys that mean nothing here. */
function sizeAfter(key: string, area: Area, size: number): number | undefined {
  const { least, most, folded, usual } = LIMITS[area];
  switch (key) {
    case area === 'palette' ? 'ArrowRight' : area === 'side' ? 'ArrowLeft' : 'ArrowUp':
      return size === folded ? least : size + STEP;
    case area === 'palette' ? 'ArrowLeft' : area === 'side' ? 'ArrowRight' : 'ArrowDown':
      return size - STEP;
    case 'Home':
      return least;
    case 'End':
      return most;
    case 'Enter':
      return size === folded ? usual : folded;
    default:
      return undefined;
  }
}
