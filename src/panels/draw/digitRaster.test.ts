import { describe, expect, it } from 'vitest';
import { centreOfMass, MNIST_RASTER, rasterizeDrawing } from './digitRaster.ts';

const options = { ...MNIST_RASTER, smallest: 0.1 };
const extent = (image: Float32Array): { rows: number; columns: number } => {
  const rows = new Set<number>();
  const columns = new Set<number>();
  image.forEach((value, index) => {
    if (value < 0.5) return;
    rows.add(Math.floor(index / 28));
    columns.add(index % 28);
  });
  return { rows: rows.size, columns: columns.size };
};

describe('rasterizeDrawing', () => {
  it('gives an empty image without strokes', () => {
    expect(Math.max(...rasterizeDrawing([], options))).toBe(0);
    expect(rasterizeDrawing([], options)).toHaveLength(784);
  });

  it('fits a drawing into the box, proportions kept', () => {
    const { rows, columns } = extent(
      rasterizeDrawing(
        [
          [
            { x: 0.8, y: 0.1 },
            { x: 0.8, y: 0.5 },
          ],
        ],
        options,
      ),
    );
    expect(rows).toBeGreaterThanOrEqual(19);
    expect(rows).toBeLessThanOrEqual(21);
    expect(columns).toBeLessThanOrEqual(4);
  });

  it('places the centre of mass in the middle', () => {
    // A seven: heavy on top, so centring by its box would leave it too high.
    const seven = [
      [
        { x: 0.1, y: 0.1 },
        { x: 0.5, y: 0.1 },
        { x: 0.2, y: 0.7 },
      ],
    ];
    const mass = centreOfMass(rasterizeDrawing(seven, options), 28);
    expect(mass.x).toBeCloseTo(14, 1);
    expect(mass.y).toBeCloseTo(14, 1);
  });

  it('does not depend on where and how large the drawing is', () => {
    const eye = [
      [
        { x: 1, y: 1 },
        { x: 3, y: 2 },
        { x: 1, y: 4 },
      ],
    ];
    const larger = eye.map((stroke) => stroke.map(({ x, y }) => ({ x: 7 + 5 * x, y: 3 + 5 * y })));
    const a = rasterizeDrawing(eye, options);
    const b = rasterizeDrawing(larger, options);
    for (let i = 0; i < a.length; i++) expect(b[i]).toBeCloseTo(a[i]!, 5);
  });

  it('keeps a dot a dot', () => {
    const { rows, columns } = extent(rasterizeDrawing([[{ x: 0.3, y: 0.3 }]], options));
    expect(rows).toBeLessThanOrEqual(4);
    expect(columns).toBeLessThanOrEqual(4);
    expect(rows).toBeGreaterThan(0);
  });

  it('stays in [0, 1]', () => {
    for (const value of rasterizeDrawing(
      [
        [
          { x: 0, y: 0 },
          { x: 1, y: 1 },
        ],
        [
          { x: 1, y: 0 },
          { x: 0, y: 1 },
        ],
      ],
      options,
    )) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
  });
});
