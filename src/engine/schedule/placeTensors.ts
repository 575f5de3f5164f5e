/** A tensor that needs memory from one time to another, both included. */
export interface Lifetime {
  readonly id: number;
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
}

export interface Placement {
  /** Bytes of each buffer. */
  readonly buffers: readonly number[];
  /** Where each tensor lies, by id. */
  readonly places: ReadonlyMap<number, { readonly buffer: number; readonly byteOffset: number }>;
}

/**
 * Shares buffers among tensors that do not live at the same time, for devices where a tensor needs a buffer to itself: by
 * size or by time, whichever takes less.
 */
export function placeInBuffers(tensors: readonly Lifetime[]): Placement {
  const bySize = placeBySize(tensors);
  const byTime = placeByTime(tensors);
  return total(bySize) <= total(byTime) ? bySize : byTime;
}

/**
 * The largest first, each into the buffer that is idle for the shortest time around it ("greedy by size improved",
 * Pisarchyk and Lee 2020, https://arxiv.org/abs/2001.03288).
 */
function placeBySize(tensors: readonly Lifetime[]): Placement {
  const buffers: { bytes: number; tenants: Lifetime[] }[] = [];
  const places = new Map<number, { buffer: number; byteOffset: number }>();
  for (const tensor of largestFirst(tensors)) {
    const free = buffers.filter(({ tenants }) => !tenants.some((other) => meet(tensor, other)));
    const best = least(free, ({ tenants }) => idleAround(tensor, tenants)) ?? { bytes: tensor.bytes, tenants: [] };
    if (!buffers.includes(best)) buffers.push(best);
    best.tenants.push(tensor);
    places.set(tensor.id, { buffer: buffers.indexOf(best), byteOffset: 0 });
  }
  return { buffers: buffers.map(({ bytes }) => bytes), places };
}

/** In order of time, each into the idle buffer whose size is nearest to its own; buffers grow. */
function placeByTime(tensors: readonly Lifetime[]): Placement {
  const buffers: { bytes: number; until: number }[] = [];
  const places = new Map<number, { buffer: number; byteOffset: number }>();
  for (const { id, bytes, from, to } of [...tensors].sort((a, b) => a.from - b.from || b.bytes - a.bytes)) {
    const free = buffers.filter(({ until }) => until < from);
    const best = least(free, (buffer) => Math.abs(buffer.bytes - bytes)) ?? { bytes, until: to };
    if (!buffers.includes(best)) buffers.push(best);
    best.bytes = Math.max(best.bytes, bytes);
    best.until = to;
    places.set(id, { buffer: buffers.indexOf(best), byteOffset: 0 });
  }
  return { buffers: buffers.map(({ bytes }) => bytes), places };
}

function total({ buffers }: Placement): number {
  return buffers.reduce((sum, bytes) => sum + bytes, 0);
}

function least<Item>(items: readonly Item[], costOf: (item: Item) => number): Item | undefined {
  let best: Item | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const cost = costOf(item);
    if (cost < lowest) [best, lowest] = [item, cost];
  }
  return best;
}

/**
 * Puts tensors into one buffer so that those that live at the same time lie apart: the largest first, each into the
 * smallest gap that takes it ("greedy by size for offset calculation", the same paper).
 */
export function placeInOneBuffer(tensors: readonly Lifetime[]): Placement {
  const placed: (Lifetime & { readonly byteOffset: number })[] = [];
  for (const tensor of largestFirst(tensors)) {
    const neighbours = placed.filter((other) => meet(tensor, other)).sort((a, b) => a.byteOffset - b.byteOffset);
    let end = 0;
    let best = -1;
    let smallest = Number.POSITIVE_INFINITY;
    for (const { byteOffset, bytes } of neighbours) {
      const gap = byteOffset - end;
      if (gap >= tensor.bytes && gap < smallest) {
        smallest = gap;
        best = end;
      }
      end = Math.max(end, byteOffset + bytes);
    }
    placed.push({ ...tensor, byteOffset: best < 0 ? end : best });
  }
  const bytes = Math.max(0, ...placed.map((tensor) => tensor.byteOffset + tensor.bytes));
  return {
    buffers: bytes > 0 ? [bytes] : [],
    places: new Map(placed.map(({ id, byteOffset }) => [id, { buffer: 0, byteOffset }])),
  };
}

/** How long the buffer lies idle before or after the tensor, whichever is shorter. */
function idleAround(tensor: Lifetime, tenants: readonly Lifetime[]): number {
  return Math.min(
    ...tenants.map((other) => (other.to < tensor.from ? tensor.from - other.to : other.from - tensor.to)),
  );
}

function largestFirst(tensors: readonly Lifetime[]): Lifetime[] {
  return [...tensors].sort((a, b) => b.bytes - a.bytes || a.from - b.from || a.id - b.id);
}

function meet(a: Lifetime, b: Lifetime): boolean {
  return a.from <= b.to && b.from <= a.to;
}
