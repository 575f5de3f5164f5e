/** A point of a stroke, in any unit; y grows downwards. */
export interface StrokePoint {
  readonly x: number;
  readonly y: number;
}

export type Stroke = readonly StrokePoint[];

export interface RasterOptions {
  /** Pixels across and down. */
  readonly size: number;
  /** Side of the box that the drawing is fitted into, pixels. MNIST: 20 of 28. */
  readonly box: number;
  /** Half the width of a stroke, pixels. */
  readonly radius: number;
  /** Drawings smaller than this, in the strokes' unit, are not blown up to the whole box. */
  readonly smallest: number;
}

/** As MNIST was made: fitted into 20×20, placed in 28×28 by the centre of mass (http://yann.lecun.org/exdb/mnist/). */
export const MNIST_RASTER: Omit<RasterOptions, 'smallest'> = { size: 28, box: 20, radius: 1.15 };

/**
 * Draws strokes as MNIST's digits were normalised: scaled with their proportions kept until they fit the box, then
 * shifted so that the centre of mass lies in the middle. The line has the same width whatever the size of the drawing.
 * @returns `size × size` floats in [0, 1], row-major; all 0 without strokes.
 */
export function rasterizeDrawing(strokes: readonly Stroke[], options: RasterOptions): Float32Array {
  const { size, box, radius, smallest } = options;
  const points = strokes.flat();
  if (points.length === 0) return new Float32Array(size * size);
  const left = Math.min(...points.map(({ x }) => x));
  const right = Math.max(...points.map(({ x }) => x));
  const top = Math.min(...points.map(({ y }) => y));
  const bottom = Math.max(...points.map(({ y }) => y));
  const scale = (box - 2 * radius) / Math.max(right - left, bottom - top, smallest);
  const middle = size / 2;
  const fitted = strokes.map((stroke) =>
    stroke.map(({ x, y }) => ({
      x: (x - (left + right) / 2) * scale + middle,
      y: (y - (top + bottom) / 2) * scale + middle,
    })),
  );
  const mass = centreOfMass(rasterize(fitted, size, radius), size);
  const centred = fitted.map((stroke) =>
    stroke.map(({ x, y }) => ({ x: x + middle - mass.x, y: y + middle - mass.y })),
  );
  return rasterize(centred, size, radius);
}

/** Where an image balances, in pixels from its upper left corner. The middle for an empty image. */
export function centreOfMass(image: Float32Array, size: number): StrokePoint {
  let total = 0;
  let x = 0;
  let y = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const value = image[row * size + column]!;
      total += value;
      x += value * (column + 0.5);
      y += value * (row + 0.5);
    }
  }
  return total === 0 ? { x: size / 2, y: size / 2 } : { x: x / total, y: y / total };
}

// A pixel's value falls from 1 to 0 over one pixel around the edge of the line: distance to the line, no supersampling.
function rasterize(strokes: readonly Stroke[], size: number, radius: number): Float32Array {
  const image = new Float32Array(size * size);
  for (const stroke of strokes) {
    for (let i = 0; i < stroke.length; i++) {
      const from = stroke[Math.max(0, i - 1)]!;
      const to = stroke[i]!;
      const reach = radius + 1;
      const firstRow = Math.max(0, Math.floor(Math.min(from.y, to.y) - reach));
      const lastRow = Math.min(size - 1, Math.ceil(Math.max(from.y, to.y) + reach));
      const firstColumn = Math.max(0, Math.floor(Math.min(from.x, to.x) - reach));
      const lastColumn = Math.min(size - 1, Math.ceil(Math.max(from.x, to.x) + reach));
      for (let row = firstRow; row <= lastRow; row++) {
        for (let column = firstColumn; column <= lastColumn; column++) {
          const distance = distanceToSegment(column + 0.5, row + 0.5, from, to);
          const value = Math.min(1, Math.max(0, radius + 0.5 - distance));
          const index = row * size + column;
          if (value > image[index]!) image[index] = value;
        }
      }
    }
  }
  return image;
}

function distanceToSegment(x: number, y: number, from: StrokePoint, to: StrokePoint): number {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / length));
  return Math.hypot(x - from.x - along * dx, y - from.y - along * dy);
}
