/** A rectangle of the plane. */
export interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The square around all points, with a margin: equal units on both axes. `points` are x, y pairs; y grows upwards. */
export function squareAround(points: Float32Array): Bounds {
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.POSITIVE_INFINITY;
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i + 1 < points.length; i += 2) {
    left = Math.min(left, points[i]!);
    right = Math.max(right, points[i]!);
    bottom = Math.min(bottom, points[i + 1]!);
    top = Math.max(top, points[i + 1]!);
  }
  if (left > right) return { left: -1, right: 1, bottom: -1, top: 1 };
  const half = Math.max(right - left, top - bottom, 1e-6) * 0.56;
  const x = (left + right) / 2;
  const y = (top + bottom) / 2;
  return { left: x - half, right: x + half, bottom: y - half, top: y + half };
}

/** The middles of `cells × cells` cells as x, y pairs, rows from the top. */
export function gridPoints({ left, right, top, bottom }: Bounds, cells: number): Float32Array {
  const points = new Float32Array(cells * cells * 2);
  for (let row = 0; row < cells; row++) {
    for (let column = 0; column < cells; column++) {
      const at = (row * cells + column) * 2;
      points[at] = left + ((column + 0.5) / cells) * (right - left);
      points[at + 1] = top - ((row + 0.5) / cells) * (top - bottom);
    }
  }
  return points;
}
