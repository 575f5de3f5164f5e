import { useStoreApi } from '@xyflow/react';
import { useLayoutEffect, useRef } from 'react';

/** Between the dots, and their radius, near and from afar. In canvas units. */
const NEAR = { gap: 20, radius: 0.6 };
const FAR = { gap: 100, radius: 1.5 };
/** The zoom below which they stand further apart. */
const SPARSE = 0.4;

/**
 * The dots behind a model. They are painted when the zoom changes; panning moves what is painted, which takes a browser
 * without a GPU a tenth of the time.
 */
export function Dots() {
  const flow = useStoreApi();
  const area = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    let painted = 0;
    const show = ([x, y, zoom]: readonly [number, number, number]): void => {
      const style = area.current?.style;
      if (!style) return;
      const { gap, radius } = zoom < SPARSE ? FAR : NEAR;
      const step = gap * zoom;
      if (zoom !== painted) {
        painted = zoom;
        const edge = radius * zoom;
        style.inset = `${-step}px`;
        style.backgroundSize = `${step}px ${step}px`;
        style.backgroundImage = `radial-gradient(circle, var(--line) ${edge}px, transparent ${edge + 0.7}px)`;
      }
      style.transform = `translate(${(x + step / 2) % step}px, ${(y + step / 2) % step}px)`;
    };
    show(flow.getState().transform);
    return flow.subscribe(({ transform }, last) => {
      if (transform !== last.transform) show(transform);
    });
  }, [flow]);
  return (
    <div aria-hidden className="pointer-events-none absolute inset-0 -z-1 overflow-hidden">
      <div ref={area} className="absolute will-change-transform" />
    </div>
  );
}
