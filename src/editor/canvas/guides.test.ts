import { expect, it } from 'vitest';
import { type Rect, snapToOthers } from './guides.ts';

const rect = (x: number, y: number, width = 200, height = 90): Rect => ({ x, y, width, height });

it('snaps to the nearest edge or middle within reach', () => {
  expect(snapToOthers(rect(3, 300), [rect(0, 0)], 5)).toEqual({
    dx: -3,
    dy: 0,
    guides: [
      { axis: 'x', at: 0, from: 0, to: 390 },
      { axis: 'x', at: 100, from: 0, to: 390 },
      { axis: 'x', at: 200, from: 0, to: 390 },
    ],
  });
  // Of another size: only the middles lie on one line.
  expect(snapToOthers(rect(300, 18, 200, 60), [rect(0, 0)], 5)).toEqual({
    dx: 0,
    dy: -3,
    guides: [{ axis: 'y', at: 45, from: 0, to: 500 }],
  });
});

it('leaves alone what is out of reach', () => {
  expect(snapToOthers(rect(30, 300), [rect(0, 0)], 5)).toEqual({ dx: 0, dy: 0, guides: [] });
  expect(snapToOthers(rect(30, 300), [], 5)).toEqual({ dx: 0, dy: 0, guides: [] });
});

it('draws one line through all that lie on it', () => {
  const { guides } = snapToOthers(rect(2, 400), [rect(0, 0), rect(0, 200), rect(900, 900)], 5);
  expect(guides[0]).toEqual({ axis: 'x', at: 0, from: 0, to: 490 });
});
