export type Alignment = 'left' | 'center' | 'right' | 'top' | 'middle' | 'bottom';

/** Something on the canvas: its upper left corner and its size, in canvas units. */
export interface Box {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

type Places = ReadonlyMap<string, { readonly x: number; readonly y: number }>;

/** Where boxes go so that one of their edges, or their middle, is on one line; the line is that of what surrounds them all. */
export function align(boxes: readonly Box[], how: Alignment): Places {
  const around = surrounding(boxes);
  const place = (box: Box): { x: number; y: number } => {
    switch (how) {
      case 'left':
        return { x: around.x, y: box.y };
      case 'center':
        return { x: Math.round(around.x + (around.width - box.width) / 2), y: box.y };
      case 'right':
        return { x: around.x + around.width - box.width, y: box.y };
      case 'top':
        return { x: box.x, y: around.y };
      case 'middle':
        return { x: box.x, y: Math.round(around.y + (around.height - box.height) / 2) };
      case 'bottom':
        return { x: box.x, y: around.y + around.height - box.height };
    }
  };
  return new Map(boxes.map((box) => [box.id, place(box)]));
}

/** Where boxes go so that the gaps between them are equal; the first and the last stay. Gaps may be negative: overlaps. */
export function distribute(boxes: readonly Box[], axis: 'x' | 'y'): Places {
  const size = axis === 'x' ? 'width' : 'height';
  const sorted = [...boxes].sort((a, b) => a[axis] + a[size] / 2 - (b[axis] + b[size] / 2));
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last || sorted.length < 3) return new Map(boxes.map(({ id, x, y }) => [id, { x, y }]));
  const span = last[axis] + last[size] - first[axis];
  const gap = (span - sorted.reduce((sum, box) => sum + box[size], 0)) / (sorted.length - 1);
  const places = new Map<string, { x: number; y: number }>();
  let at = first[axis];
  for (const box of sorted) {
    places.set(box.id, { x: box.x, y: box.y, [axis]: box === last ? box[axis] : Math.round(at) });
    at += box[size] + gap;
  }
  return places;
}

/** The smallest box around all; of no box, one of no size. */
export function surrounding(boxes: readonly Omit<Box, 'id'>[]): Omit<Box, 'id'> {
  if (boxes.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, width, height } of boxes) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
