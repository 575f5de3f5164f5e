/** Something with a place and a size, in canvas units. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A line along which what is dragged lies with others: vertical at an x, horizontal at a y. */
export interface Guide {
  readonly axis: 'x' | 'y';
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export interface Snapped {
  /** To be added to the place of what is dragged. */
  readonly dx: number;
  readonly dy: number;
  readonly guides: readonly Guide[];
}

/** Two lines closer than this are one. */
const SAME = 0.5;

/** Moves what is dragged so that an edge or the middle lies on one of the others' within reach, and says along which lines. */
export function snapToOthers(moving: Rect, others: readonly Rect[], reach: number): Snapped {
  const dx = nearest('x', moving, others, reach);
  const dy = nearest('y', moving, others, reach);
  const moved = { ...moving, x: moving.x + (dx ?? 0), y: moving.y + (dy ?? 0) };
  return {
    dx: dx ?? 0,
    dy: dy ?? 0,
    guides: [
      ...(dx === undefined ? [] : guidesOf('x', moved, others)),
      ...(dy === undefined ? [] : guidesOf('y', moved, others)),
    ],
  };
}

/** The three lines of a box across an axis: its start, its middle and its end. */
function lines(axis: 'x' | 'y', box: Rect): readonly [number, number, number] {
  const size = axis === 'x' ? box.width : box.height;
  return [box[axis], box[axis] + size / 2, box[axis] + size];
}

/** The smallest step to a line of the same kind of another box; undefined if none is within reach. */
function nearest(axis: 'x' | 'y', moving: Rect, others: readonly Rect[], reach: number): number | undefined {
  const own = lines(axis, moving);
  let best: number | undefined;
  for (const other of others) {
    const theirs = lines(axis, other);
    for (let line = 0; line < 3; line++) {
      const step = (theirs[line] as number) - (own[line] as number);
      if (Math.abs(step) <= reach && (best === undefined || Math.abs(step) < Math.abs(best))) best = step;
    }
  }
  return best;
}

function guidesOf(axis: 'x' | 'y', moved: Rect, others: readonly Rect[]): Guide[] {
  const [along, length] = axis === 'x' ? (['y', 'height'] as const) : (['x', 'width'] as const);
  const own = lines(axis, moved);
  const found = new Map<number, Guide>();
  for (const other of others) {
    const theirs = lines(axis, other);
    for (let line = 0; line < 3; line++) {
      const at = theirs[line] as number;
      if (Math.abs(at - (own[line] as number)) > SAME) continue;
      const before = found.get(at);
      const from = Math.min(before?.from ?? moved[along], other[along]);
      const to = Math.max(before?.to ?? moved[along] + moved[length], other[along] + other[length]);
      found.set(at, { axis, at, from, to });
    }
  }
  return [...found.values()];
}
