interface Place {
  readonly x: number;
  readonly y: number;
}

/** Shorter moves are shown at once: a nudge by the arrow keys must not lag behind them. */
const SHORTEST = 60;
const DURATION = 220;

/** Whether nodes go far enough at once that an eye would lose them: after arranging, aligning, or undoing that. */
export function goFar(
  before: ReadonlyMap<string, Place>,
  after: readonly { readonly id: string; readonly position: Place }[],
): boolean {
  let far = 0;
  for (const { id, position } of after) {
    const from = before.get(id);
    if (from && Math.abs(from.x - position.x) + Math.abs(from.y - position.y) > SHORTEST) far++;
  }
  return far > 1 && !matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/**
 * Shows nodes on their way from where they are to where they belong.
 * @param show takes how far on their way they are, from 0 to 1
 * @returns what stops it
 */
export function glide(show: (progress: number) => void): () => void {
  const start = performance.now();
  let frame = requestAnimationFrame(function next(now) {
    const time = Math.min(1, Math.max(0, (now - start) / DURATION));
    // Fast at first, slow at the end.
    show(1 - (1 - time) ** 3);
    if (time < 1) frame = requestAnimationFrame(next);
  });
  return () => cancelAnimationFrame(frame);
}

/** A place between two others. */
export function between(from: Place, to: Place, progress: number): Place {
  return { x: from.x + (to.x - from.x) * progress, y: from.y + (to.y - from.y) * progress };
}
