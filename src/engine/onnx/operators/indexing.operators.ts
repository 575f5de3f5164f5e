import { sizeOf, stridesOf } from '../../ir/shape.ts';
import type { Shape, Value } from '../../ir/types.ts';
import { type Access, access, broadcastAccess, term } from '../../kernels/access.ts';
import { add, binary, constant, type Expression, index, load, multiply, select } from '../../kernels/expression.ts';
import { pointwise, read, reshape, takeFlat, takeRows, transpose } from '../compose.ts';
import { defineOperators, type OperatorResult } from '../defineOperators.ts';
import { EXACT_LIMIT } from '../elementTypes.ts';
import { requireRoom } from '../foldingEmitter.ts';
import type { OperatorContext } from '../operatorContext.ts';

/** An index counted from the end where it is negative. */
const fromEnd = (at: Expression, extent: number): Expression =>
  select(binary('less', at, constant(0)), add(at, constant(extent)), at);

/** Indices are float32 numbers on the device. */
function refuseLarge(node: OperatorContext, shape: Shape): void {
  if (sizeOf(shape) > EXACT_LIMIT) node.unsupported(`indices into ${sizeOf(shape)} elements`);
}

function gather(node: OperatorContext): Value {
  const { emit } = node;
  const [x, indices] = [node.input(0), node.input(1)];
  const rank = x.type.shape.length;
  const axis = node.axis(node.int('axis', 0), rank);
  const others = [...x.type.shape.keys()].filter((own) => own !== axis);
  const table = transpose(emit, x, [axis, ...others]);
  const places = pointwise(emit, [indices], fromEnd(load(0), x.type.shape[axis] as number));
  const rows = takeRows(emit, table, places);
  const count = indices.type.shape.length;
  // [indices…, before…, after…] → [before…, indices…, after…]
  const order = [
    ...Array.from({ length: axis }, (_, i) => count + i),
    ...Array.from({ length: count }, (_, i) => i),
    ...Array.from({ length: rank - 1 - axis }, (_, i) => count + axis + i),
  ];
  return transpose(emit, rows, order);
}

function gatherElements(node: OperatorContext): Value {
  const [x, indices] = [node.input(0), node.input(1)];
  const { shape } = x.type;
  refuseLarge(node, shape);
  const axis = node.axis(node.int('axis', 0), shape.length);
  const dims = indices.type.shape;
  const strides = stridesOf(shape);
  const flat = dims.reduce<Expression>((sum, _, own) => {
    const at = own === axis ? fromEnd(load(0), shape[axis] as number) : index(own);
    return add(sum, multiply(at, constant(strides[own] as number)));
  }, constant(0));
  const loads = [broadcastAccess(0, dims, dims)];
  const places = node.emit.op('compute', [indices], { spec: { kind: 'map', dims, loads, outputs: [flat] } });
  return takeFlat(node.emit, x, places);
}

/** Numbers of rows that tuples of indices along the last axis name, the first `batch` axes being common. */
function rowNumbers(node: OperatorContext, shape: Shape, indices: Value, batch: number): Value {
  const dims = indices.type.shape.slice(0, -1);
  const width = indices.type.shape.at(-1) as number;
  const extents = shape.slice(0, batch + width);
  refuseLarge(node, extents);
  const strides = stridesOf(extents);
  const loads: Access[] = [];
  let sum: Expression = constant(0);
  for (let axis = 0; axis < batch; axis++) sum = add(sum, multiply(index(axis), constant(strides[axis] as number)));
  for (let k = 0; k < width; k++) {
    loads.push(
      access(0, indices.type.shape, dims, [...dims.map((_, i) => ({ terms: [term(i)] })), { terms: [], offset: k }]),
    );
    const at = fromEnd(load(k), shape[batch + k] as number);
    sum = add(sum, multiply(at, constant(strides[batch + k] as number)));
  }
  return node.emit.op('compute', [indices], { spec: { kind: 'map', dims, loads, outputs: [sum] } });
}

function gatherNd(node: OperatorContext): Value {
  const [x, indices] = [node.input(0), node.input(1)];
  const { shape } = x.type;
  const batch = node.int('batch_dims', 0);
  const width = indices.type.shape.at(-1) ?? node.refuse('indices without an axis');
  const rest = shape.slice(batch + width);
  const table = node.reshape(x, [sizeOf(shape.slice(0, batch + width)), ...rest]);
  return takeRows(node.emit, table, rowNumbers(node, shape, indices, batch));
}

type Join = (old: Value, update: Value) => Value;

function joinBy(node: OperatorContext, reduction: string): Join {
  const op =
    (name: 'add' | 'multiply' | 'maximum' | 'minimum'): Join =>
    (old, update) =>
      node.emit.op(name, [old, update]);
  switch (reduction) {
    case 'none':
      return (_, update) => update;
    case 'add':
      return op('add');
    case 'mul':
      return op('multiply');
    case 'max':
      return op('maximum');
    case 'min':
      return op('minimum');
    default:
      return node.unsupported(`reduction ${reduction}`);
  }
}

/**
 * Writes rows of `updates` [U, …] into rows of `table` [R, …], row i to `targets[i]`. The targets are known, so that this is
 * a gather: each round writes at most one update into a row, the next round the next one.
 */
export function scatterRows(
  node: OperatorContext,
  table: Value,
  updates: Value,
  targets: readonly number[],
  join: Join,
): Value {
  const { emit } = node;
  const rows = requireRoom(table.type.shape[0] as number);
  const width = table.type.shape.slice(1).map(() => 1);
  const rounds: Float32Array[] = [];
  const written = new Map<number, number>();
  for (const [update, target] of targets.entries()) {
    if (!Number.isInteger(target) || target < 0 || target >= rows) node.refuse(`index ${target} of ${rows}`);
    const round = written.get(target) ?? 0;
    written.set(target, round + 1);
    rounds[round] ??= new Float32Array(rows).fill(-1);
    (rounds[round] as Float32Array)[target] = update;
  }
  let result = table;
  for (const sources of rounds) {
    const chosen = emit.constant([rows], sources);
    const taken = takeRows(emit, updates, emit.op('maximum', [chosen, emit.fill([], 0)]));
    const there = emit.constant(
      [rows, ...width],
      Float32Array.from(sources, (source) => (source < 0 ? 0 : 1)),
    );
    result = emit.op('select', [there, join(result, taken), result]);
  }
  return result;
}

function scatterElements(node: OperatorContext): Value {
  const x = node.input(0);
  const { shape } = x.type;
  const axis = node.axis(node.int('axis', 0), shape.length);
  const dims = node.shape(1);
  const strides = stridesOf(shape);
  const own = stridesOf(dims);
  const extent = shape[axis] as number;
  const targets = node.numbers(1).map((at, place) => {
    let flat = 0;
    for (const [i, stride] of own.entries()) {
      const here = i === axis ? (at < 0 ? at + extent : at) : Math.floor(place / stride) % (dims[i] as number);
      flat += here * (strides[i] as number);
    }
    return at >= -extent && at < extent ? flat : node.refuse(`index ${at} of ${extent}`);
  });
  const flat = (value: Value): Value => reshape(node.emit, value, [sizeOf(value.type.shape)]);
  const join = joinBy(node, node.text('reduction', 'none'));
  return node.reshape(scatterRows(node, flat(x), flat(node.input(2)), targets, join), shape);
}

function scatterNd(node: OperatorContext): Value {
  const x = node.input(0);
  const { shape } = x.type;
  const dims = node.shape(1);
  const width = dims.at(-1) ?? node.refuse('indices without an axis');
  const numbers = node.numbers(1);
  const strides = stridesOf(shape.slice(0, width));
  const targets = Array.from({ length: sizeOf(dims.slice(0, -1)) }, (_, i) =>
    strides.reduce((sum, stride, k) => {
      const at = numbers[i * width + k] as number;
      return sum + stride * (at < 0 ? at + (shape[k] as number) : at);
    }, 0),
  );
  const rest = shape.slice(width);
  const table = node.reshape(x, [sizeOf(shape.slice(0, width)), ...rest]);
  const updates = node.reshape(node.input(2), [targets.length, ...rest]);
  return node.reshape(scatterRows(node, table, updates, targets, joinBy(node, node.text('reduction', 'none'))), shape);
}

/** Keys and values of a sequence written into a cache, each sample of the batch from its own place on. */
function tensorScatter(node: OperatorContext): Value {
  const [cache, update] = [node.input(0), node.input(1)];
  const { shape } = cache.type;
  const axis = node.axis(node.int('axis', -2), shape.length);
  const [batch, extent, steps] = [shape[0] as number, shape[axis] as number, update.type.shape[axis] as number];
  const starts = node.optionalNumbers(2) ?? new Array<number>(batch).fill(0);
  const circular = node.text('mode', 'linear') === 'circular';
  const order = [0, axis, ...[...shape.keys()].filter((own) => own !== 0 && own !== axis)];
  const back = order.map((_, own) => order.indexOf(own));
  const front = (value: Value, length: number): Value => {
    const turned = transpose(node.emit, value, order);
    return reshape(node.emit, turned, [batch * length, ...turned.type.shape.slice(2)]);
  };
  const targets = Array.from({ length: requireRoom(batch * steps) }, (_, i) => {
    const at = (starts[Math.floor(i / steps)] as number) + (i % steps);
    if (!circular && at >= extent) return node.refuse(`place ${at} of ${extent}`);
    return Math.floor(i / steps) * extent + (circular ? at % extent : at);
  });
  const result = scatterRows(node, front(cache, extent), front(update, steps), targets, (_, own) => own);
  return transpose(
    node.emit,
    reshape(
      node.emit,
      result,
      order.map((own) => shape[own] as number),
    ),
    back,
  );
}

function oneHot(node: OperatorContext): OperatorResult {
  const indices = node.input(0);
  const depth = Math.floor(node.numbers(1)[0] ?? node.refuse('it has no depth'));
  const rank = indices.type.shape.length + 1;
  const axis = node.axis(node.int('axis', -1), rank);
  const dims = [...indices.type.shape];
  dims.splice(axis, 0, depth);
  const places = dims.flatMap((_, own) => (own === axis ? [] : [{ terms: [term(own)] }]));
  const value = (offset: number) => access(1, [2], dims, [{ terms: [], offset }]);
  const loads = [access(0, indices.type.shape, dims, places), value(0), value(1)];
  const at = fromEnd(load(0), depth);
  const outputs = [select(binary('equal', at, index(axis)), load(2), load(1))];
  const inputs = [indices, node.input(2)];
  return node.as(node.elementType(2), node.emit.op('compute', inputs, { spec: { kind: 'map', dims, loads, outputs } }));
}

function compress(node: OperatorContext): Value {
  const given = node.attribute('axis')?.integer;
  const x = node.input(0);
  const chosen = node.numbers(1).flatMap((each, i) => (each === 0 ? [] : [i]));
  const flat = given === undefined ? node.reshape(x, [sizeOf(x.type.shape)]) : x;
  const axis = given === undefined ? 0 : node.axis(given, x.type.shape.length);
  if (chosen.length === 0)
    return node.emit.fill(
      flat.type.shape.map((size, own) => (own === axis ? 0 : size)),
      0,
    );
  return takeAxis(node, flat, axis, chosen);
}

/** Known places along an axis. */
export function takeAxis(node: OperatorContext, x: Value, axis: number, places: readonly number[]): Value {
  const { emit } = node;
  const order = [axis, ...[...x.type.shape.keys()].filter((own) => own !== axis)];
  const rows = takeRows(emit, transpose(emit, x, order), emit.constant([places.length], Float32Array.from(places)));
  return transpose(
    emit,
    rows,
    order.map((_, own) => order.indexOf(own)),
  );
}

/** Each sequence of a batch read backwards, up to its own length. */
function reverseSequence(node: OperatorContext): Value {
  const { emit } = node;
  const x = node.input(0);
  const { shape } = x.type;
  const [batch, time] = [node.int('batch_axis', 1), node.int('time_axis', 0)];
  const order = [batch, time, ...[...shape.keys()].filter((own) => own !== batch && own !== time)];
  const turned = transpose(emit, x, order);
  const [samples, steps] = turned.type.shape as [number, number];
  const lengths = node.numbers(1);
  const rows = reshape(emit, turned, [samples * steps, ...turned.type.shape.slice(2)]);
  const places = Array.from({ length: requireRoom(samples * steps) }, (_, i) => {
    const [sample, step] = [Math.floor(i / steps), i % steps];
    const length = lengths[sample] as number;
    return sample * steps + (step < length ? length - 1 - step : step);
  });
  const result = reshape(emit, takeAxis(node, rows, 0, places), turned.type.shape);
  return transpose(
    emit,
    result,
    order.map((_, own) => order.indexOf(own)),
  );
}

type PadMode = 'constant' | 'reflect' | 'edge' | 'wrap';

/** Where a place before or behind an axis takes its element from. */
function mirrored(at: number, extent: number, mode: Exclude<PadMode, 'constant'>): number {
  if (mode === 'edge') return Math.min(extent - 1, Math.max(0, at));
  if (mode === 'wrap') return ((at % extent) + extent) % extent;
  const period = Math.max(1, 2 * (extent - 1));
  const folded = ((at % period) + period) % period;
  return folded < extent ? folded : period - folded;
}

function padded(node: OperatorContext): Value {
  const { emit } = node;
  const x = node.input(0);
  const { shape } = x.type;
  const given = node.optionalNumbers(1) ?? node.ints('pads') ?? node.refuse('it has no pads');
  const axes = node.axes(node.optionalNumbers(3) ?? [...shape.keys()], shape.length);
  if (given.length !== 2 * axes.length) node.refuse(`${given.length} pads for ${axes.length} axes`);
  const before = shape.map((_, own) => given[axes.indexOf(own)] ?? 0);
  const after = shape.map((_, own) => (axes.includes(own) ? (given[axes.length + axes.indexOf(own)] as number) : 0));
  const dims = shape.map((size, own) => size + (before[own] as number) + (after[own] as number));
  if (dims.some((size) => size < 0)) node.refuse(`pads [${given}] take more than [${shape}] has`);
  const mode = node.text('mode', 'constant') as PadMode;
  if (mode === 'constant') {
    const places = dims.map((_, own) => ({ terms: [term(own)], offset: -(before[own] as number) }));
    const value = node.optional(2) ?? emit.fill([], node.float('value', 0));
    const inside = read(emit, x, dims, places);
    const known = emit.known(value)?.data[0];
    if (known === 0) return inside;
    const border = read(emit, emit.fill(shape, 1), dims, places);
    return emit.op('select', [border, inside, reshape(emit, value, [])]);
  }
  if (mode !== 'reflect' && mode !== 'edge' && mode !== 'wrap') return node.unsupported(`mode ${mode}`);
  return shape.reduce((result, extent, axis) => {
    if (before[axis] === 0 && after[axis] === 0) return result;
    const places = Array.from({ length: requireRoom(dims[axis] as number) }, (_, i) =>
      mirrored(i - (before[axis] as number), extent, mode),
    );
    return takeAxis(node, result, axis, places);
  }, x);
}

/** Cut or padded evenly to a size; an odd element is cut or added at the end. */
function centered(node: OperatorContext): Value {
  const x = node.input(0);
  const { shape } = x.type;
  const axes = node.axes(node.ints('axes') ?? [...shape.keys()], shape.length);
  const sizes = node.numbers(1);
  const dims = shape.map((size, own) => (axes.includes(own) ? (sizes[axes.indexOf(own)] as number) : size));
  const places = dims.map((size, own) => {
    const extent = shape[own] as number;
    const offset = size < extent ? Math.floor((extent - size) / 2) : -Math.floor((size - extent) / 2);
    return { terms: [term(own)], offset };
  });
  return read(node.emit, x, dims, places);
}

/** https://onnx.ai/onnx/operators/ — operators that take or put elements by index. */
export default defineOperators('moves', {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  Scatter: scatterElements,
  ScatterElements: scatterElements,
  ScatterND: scatterNd,
  TensorScatter: tensorScatter,
  OneHot: oneHot,
  Compress: compress,
  ReverseSequence: reverseSequence,
  Pad: padded,
  CenterCropPad: centered,
});
