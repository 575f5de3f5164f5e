import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Alignment, align, type Box, distribute, surrounding } from './alignment.ts';

const box = (id: string, x: number, y: number, width = 200, height = 90): Box => ({ id, x, y, width, height });
const places = (map: ReadonlyMap<string, { x: number; y: number }>) => Object.fromEntries(map);

describe('align', () => {
  const boxes = [box('a', 0, 10, 200, 80), box('b', 50, 100, 100, 40), box('c', 30, 300, 300, 100)];
  const cases: readonly (readonly [Alignment, Record<string, { x?: number; y?: number }>])[] = [
    ['left', { a: { x: 0 }, b: { x: 0 }, c: { x: 0 } }],
    ['center', { a: { x: 65 }, b: { x: 115 }, c: { x: 15 } }],
    ['right', { a: { x: 130 }, b: { x: 230 }, c: { x: 30 } }],
    ['top', { a: { y: 10 }, b: { y: 10 }, c: { y: 10 } }],
    ['middle', { a: { y: 165 }, b: { y: 185 }, c: { y: 155 } }],
    ['bottom', { a: { y: 320 }, b: { y: 360 }, c: { y: 300 } }],
  ];
  it.each(cases)('%s', (how, wanted) => {
    expect(places(align(boxes, how))).toMatchObject(wanted);
  });
});

describe('distribute', () => {
  it('makes gaps equal and leaves the ends', () => {
    const moved = places(distribute([box('c', 700, 5), box('a', 0, 7), box('b', 210, 9)], 'x'));
    expect(moved).toEqual({ a: { x: 0, y: 7 }, b: { x: 350, y: 9 }, c: { x: 700, y: 5 } });
  });

  it('keeps what surrounds all, and does nothing a second time', () => {
    const any = fc.record({
      x: fc.integer({ min: -500, max: 500 }),
      y: fc.integer({ min: -500, max: 500 }),
      width: fc.constant(200),
      height: fc.constant(90),
    });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 8 }), fc.constantFrom('x', 'y'), (list, axis) => {
        const boxes = list.map((each, i) => ({ ...each, id: `n${i}` }));
        const once = distribute(boxes, axis);
        const moved = boxes.map((each) => ({ ...each, ...once.get(each.id) }));
        expect(surrounding(moved)).toEqual(surrounding(boxes));
        expect(places(distribute(moved, axis))).toEqual(places(once));
      }),
    );
  });
});
