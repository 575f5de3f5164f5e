import type { Emitter } from '../../engine/ir/emitter.ts';
import { sizeOf } from '../../engine/ir/shape.ts';
import type { Value } from '../../engine/ir/types.ts';
import type { CaseArguments } from './caseArguments.ts';
import { expanded, type TorchFunction } from './compose.ts';
import { Unsupported } from './unsupported.ts';

const reshaped = (emit: Emitter, x: Value, shape: readonly number[]): Value => {
  const known = shape.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const full = shape.map((size) => (size === -1 ? sizeOf(x.type.shape) / Math.max(1, known) : size));
  return emit.op('reshape', [x], { shape: full });
};

/** Sizes given as one list or as arguments one after another. */
function shapeFrom(given: CaseArguments, name: string, place: number): readonly number[] {
  const first = given.optional(name, place);
  if (Array.isArray(first)) return given.numbers(name, place) as readonly number[];
  return Array.from({ length: given.count - place }, (_, i) => given.number(name, place + i));
}

function sliced(emit: Emitter, x: Value, axis: number, start: number, length: number): Value {
  return emit.op('slice', [x], {
    starts: x.type.shape.map((_, i) => (i === axis ? start : 0)),
    sizes: x.type.shape.map((extent, i) => (i === axis ? length : extent)),
  });
}

const swap: TorchFunction = (emit, given) => {
  const x = given.tensor(0);
  if (x.type.shape.length === 0) return x;
  const order = x.type.shape.map((_, axis) => axis);
  const [a, b] = [given.axis('dim0', 1, x), given.axis('dim1', 2, x)];
  [order[a], order[b]] = [order[b]!, order[a]!];
  return emit.op('transpose', [x], { permutation: order });
};

const view: TorchFunction = (emit, given) => reshaped(emit, given.tensor(0), shapeFrom(given, 'shape', 1));

const viewAs: TorchFunction = (emit, given) => reshaped(emit, given.tensor(0), given.tensor(1).type.shape);

const broadcast: TorchFunction = (emit, given) => {
  const x = given.tensor(0);
  const sizes = shapeFrom(given, 'size', 1);
  const lead = sizes.length - x.type.shape.length;
  const shape = sizes.map((size, axis) => (size === -1 ? x.type.shape[axis - lead]! : size));
  return expanded(emit, x, shape);
};

function joined(axisOf: (rank: number) => number, lift: (x: Value, emit: Emitter) => Value): TorchFunction {
  return (emit, given) => {
    const parts = given.tensors(0).map((x) => lift(x, emit));
    return emit.op('concat', parts, { axis: axisOf(parts[0]!.type.shape.length) });
  };
}

const atLeast =
  (rank: number, pad: (shape: readonly number[]) => number[]) =>
  (x: Value, emit: Emitter): Value =>
    x.type.shape.length >= rank ? x : emit.op('reshape', [x], { shape: pad(x.type.shape) });

const cat: TorchFunction = (emit, given) => {
  // An empty vector joins anything: a rule from PyTorch's past.
  const parts = given.tensors(0).filter(({ type }) => !(type.shape.length === 1 && type.shape[0] === 0));
  if (parts.length === 0) throw new Unsupported('joining empty vectors only');
  const rank = parts[0]!.type.shape.length;
  const dim = given.number('dim', 1, 0);
  return emit.op('concat', parts, { axis: dim < 0 ? dim + rank : dim });
};

const repeated: TorchFunction = (emit, given) => {
  const x = given.tensor(0);
  const times = shapeFrom(given, 'repeats', 1);
  const rank = Math.max(times.length, x.type.shape.length);
  const padded = (sizes: readonly number[]) => [...new Array<number>(rank - sizes.length).fill(1), ...sizes];
  const [counts, sizes] = [padded(times), padded(x.type.shape)];
  const apart = emit.op('reshape', [x], { shape: sizes.flatMap((size) => [1, size]) });
  const many = emit.op('expand', [apart], { shape: sizes.flatMap((size, i) => [counts[i]!, size]) });
  return emit.op('reshape', [many], { shape: sizes.map((size, i) => size * counts[i]!) });
};

function pieces(emit: Emitter, x: Value, axis: number, sizes: readonly number[]): Value[] {
  let start = 0;
  return sizes.map((size) => {
    const piece = sliced(emit, x, axis, start, size);
    start += size;
    return piece;
  });
}

export const movementTable: Readonly<Record<string, TorchFunction>> = {
  cat,
  concat: cat,
  stack: (emit, given) => {
    const parts = given.tensors(0);
    const { shape } = parts[0]!.type;
    const dim = given.number('dim', 1, 0);
    const axis = dim < 0 ? dim + shape.length + 1 : dim;
    const apart = [...shape.slice(0, axis), 1, ...shape.slice(axis)];
    return emit.op(
      'concat',
      parts.map((x) => emit.op('reshape', [x], { shape: apart })),
      { axis },
    );
  },
  hstack: joined(
    (rank) => (rank === 1 ? 0 : 1),
    atLeast(1, () => [1]),
  ),
  vstack: joined(
    () => 0,
    atLeast(2, (shape) => [1, shape[0] ?? 1]),
  ),
  dstack: joined(
    () => 2,
    atLeast(3, (shape) => (shape.length === 2 ? [...shape, 1] : [1, shape[0] ?? 1, 1])),
  ),
  reshape: view,
  view,
  reshape_as: viewAs,
  view_as: viewAs,
  permute: (emit, given) => {
    const x = given.tensor(0);
    const order = shapeFrom(given, 'dims', 1).map((axis) => (axis < 0 ? axis + x.type.shape.length : axis));
    return emit.op('transpose', [x], { permutation: order });
  },
  transpose: swap,
  t: (emit, given) => {
    const x = given.tensor(0);
    return x.type.shape.length < 2 ? x : emit.op('transpose', [x], { permutation: [1, 0] });
  },
  movedim: (emit, given) => {
    const x = given.tensor(0);
    const rank = x.type.shape.length;
    const whole = (axes: readonly number[]) => axes.map((axis) => (axis < 0 ? axis + rank : axis));
    const [from, to] = [whole(given.numbers('source', 1)!), whole(given.numbers('destination', 2)!)];
    const order = new Array<number>(rank).fill(-1);
    for (const [i, axis] of to.entries()) order[axis] = from[i]!;
    const left = x.type.shape.map((_, axis) => axis).filter((axis) => !from.includes(axis));
    return emit.op('transpose', [x], { permutation: order.map((axis) => (axis < 0 ? left.shift()! : axis)) });
  },
  unsqueeze: (emit, given) => {
    const x = given.tensor(0);
    const dim = given.number('dim', 1);
    const axis = dim < 0 ? dim + x.type.shape.length + 1 : dim;
    return emit.op('reshape', [x], { shape: [...x.type.shape.slice(0, axis), 1, ...x.type.shape.slice(axis)] });
  },
  squeeze: (emit, given) => {
    const x = given.tensor(0);
    const axes = given.optional('dim', 1) === undefined ? undefined : given.axes('dim', 1, x);
    const kept = x.type.shape.filter((extent, axis) => extent !== 1 || (axes !== undefined && !axes.includes(axis)));
    return emit.op('reshape', [x], { shape: kept });
  },
  flatten: (emit, given) => {
    const x = given.tensor(0);
    const rank = x.type.shape.length;
    if (rank === 0) return emit.op('reshape', [x], { shape: [1] });
    const end = (dim: number) => (dim < 0 ? dim + rank : dim);
    const [from, to] = [end(given.number('start_dim', 1, 0)), end(given.number('end_dim', 2, -1))];
    const middle = sizeOf(x.type.shape.slice(from, to + 1));
    return emit.op('reshape', [x], { shape: [...x.type.shape.slice(0, from), middle, ...x.type.shape.slice(to + 1)] });
  },
  ravel: (emit, given) => reshaped(emit, given.tensor(0), [-1]),
  unflatten: (emit, given) => {
    const x = given.tensor(0);
    const axis = given.axis('dim', 1, x);
    const sizes = given.numbers('sizes', 2)!;
    const known = sizes.reduce((product, size) => (size === -1 ? product : product * size), 1);
    const full = sizes.map((size) => (size === -1 ? x.type.shape[axis]! / known : size));
    return emit.op('reshape', [x], {
      shape: [...x.type.shape.slice(0, axis), ...full, ...x.type.shape.slice(axis + 1)],
    });
  },
  narrow: (emit, given) => {
    const x = given.tensor(0);
    const axis = given.axis('dim', 1, x);
    const start = given.optional('start', 2);
    if (typeof start !== 'number') throw new Unsupported('a start that is a tensor');
    return sliced(emit, x, axis, start < 0 ? start + x.type.shape[axis]! : start, given.number('length', 3));
  },
  select: (emit, given) => {
    const x = given.tensor(0);
    const axis = given.axis('dim', 1, x);
    const index = given.number('index', 2);
    const one = sliced(emit, x, axis, index < 0 ? index + x.type.shape[axis]! : index, 1);
    return emit.op('reshape', [one], { shape: x.type.shape.filter((_, i) => i !== axis) });
  },
  expand: broadcast,
  broadcast_to: broadcast,
  expand_as: (emit, given) => expanded(emit, given.tensor(0), given.tensor(1).type.shape),
  chunk: (emit, given) => {
    const x = given.tensor(0);
    const dim = given.number('dim', 2, 0);
    const axis = dim < 0 ? dim + x.type.shape.length : dim;
    const extent = x.type.shape[axis]!;
    const size = Math.ceil(extent / given.number('chunks', 1));
    const sizes = Array.from({ length: Math.ceil(extent / size) }, (_, i) => Math.min(size, extent - i * size));
    return pieces(emit, x, axis, sizes);
  },
  split: (emit, given) => {
    const x = given.tensor(0);
    const dim = given.number('dim', 2, 0);
    const axis = dim < 0 ? dim + x.type.shape.length : dim;
    const extent = x.type.shape[axis]!;
    const wanted = given.optional('split_size', 1);
    if (Array.isArray(wanted)) return pieces(emit, x, axis, given.numbers('split_size', 1)!);
    const size = given.number('split_size', 1);
    const sizes = Array.from({ length: Math.max(1, Math.ceil(extent / size)) }, (_, i) =>
      Math.min(size, extent - i * size),
    );
    return pieces(emit, x, axis, sizes);
  },
  unbind: (emit, given) => {
    const x = given.tensor(0);
    const dim = given.number('dim', 1, 0);
    const axis = dim < 0 ? dim + x.type.shape.length : dim;
    const shape = x.type.shape.filter((_, i) => i !== axis);
    return Array.from({ length: x.type.shape[axis]! }, (_, i) =>
      emit.op('reshape', [sliced(emit, x, axis, i, 1)], { shape }),
    );
  },
  tile: repeated,
  repeat: repeated,
  index_select: (emit, given) => {
    const x = given.tensor(0);
    const axis = given.axis('dim', 1, x);
    const ids = given.tensor(2);
    if (axis !== 0 || ids.type.shape.length !== 1 || x.type.shape.length === 0)
      throw new Unsupported('ids along another axis than the first, or of a scalar');
    return emit.op('takeRows', [x, ids]);
  },
  'nn.functional.pad': (emit, given) => {
    if (given.text('mode', 2, 'constant') !== 'constant') throw new Unsupported('padding that is not constant');
    const x = given.tensor(0);
    const sizes = given.numbers('pad', 1)!;
    if (sizes.some((size) => size < 0)) throw new Unsupported('padding that cuts off');
    const before = x.type.shape.map(() => 0);
    const after = [...before];
    for (let i = 0; i * 2 < sizes.length; i++) {
      before[before.length - 1 - i] = sizes[2 * i]!;
      after[after.length - 1 - i] = sizes[2 * i + 1]!;
    }
    return emit.op('pad', [x], { before, after, value: given.number('value', 3, 0) });
  },
};
