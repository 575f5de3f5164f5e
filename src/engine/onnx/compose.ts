import type { Emitter } from '../ir/emitter.ts';
import { broadcastShapes, sameShape, sizeOf } from '../ir/shape.ts';
import type { Shape, Value } from '../ir/types.ts';
import { type AxisSpec, access, broadcastAccess, term } from '../kernels/access.ts';
import { type Expression, load } from '../kernels/expression.ts';
import type { FoldingEmitter } from './foldingEmitter.ts';

/** A formula of the elements at the same place of inputs that broadcast: `load(i)` is input i. */
export function pointwise(emit: Emitter, inputs: readonly Value[], formula: Expression, dtype?: 'i32'): Value {
  const dims = broadcastShapes(...inputs.map(({ type }) => type.shape));
  const loads = inputs.map(({ type }, operand) => broadcastAccess(operand, type.shape, dims));
  const spec = { kind: 'map', dims, loads, outputs: [formula] } as const;
  return emit.op('compute', inputs, dtype ? { spec, dtype } : { spec });
}

/** Float32 whole numbers as the int32 ids that gathers take. */
export const asIds = (emit: Emitter, value: Value): Value => pointwise(emit, [value], load(0), 'i32');

export const times = (emit: Emitter, a: Value, factor: number): Value =>
  factor === 1 ? a : emit.op('multiply', [a, emit.fill([], factor)]);
export const plus = (emit: Emitter, a: Value, b: Value): Value => emit.op('add', [a, b]);

export function reshape(emit: Emitter, x: Value, shape: Shape): Value {
  return sameShape(x.type.shape, shape) ? x : emit.op('reshape', [x], { shape });
}

export function transpose(emit: Emitter, x: Value, permutation: readonly number[]): Value {
  return permutation.every((axis, i) => axis === i) ? x : emit.op('transpose', [x], { permutation });
}

export function expand(emit: Emitter, x: Value, shape: Shape): Value {
  return sameShape(x.type.shape, shape) ? x : emit.op('expand', [x], { shape });
}

/** Elements `start`, `start + step`, … along one axis; a negative step walks backwards. */
export function sliceAxis(emit: Emitter, x: Value, axis: number, start: number, size: number, step = 1): Value {
  const { shape } = x.type;
  if (start === 0 && step === 1 && size === shape[axis]) return x;
  const sizes = shape.map((extent, i) => (i === axis ? size : extent));
  if (step === 1) return emit.op('slice', [x], { starts: shape.map((_, i) => (i === axis ? start : 0)), sizes });
  return read(
    emit,
    x,
    sizes,
    shape.map((_, i) => (i === axis ? { terms: [term(i, step)], offset: start } : { terms: [term(i)] })),
  );
}

/** A tensor of `dims` whose elements are read from `x` at indices that are affine in the place; `outside` beyond it. */
export function read(emit: Emitter, x: Value, dims: Shape, axes: readonly AxisSpec[], outside = 0): Value {
  const loads = [access(0, x.type.shape, dims, axes, outside)];
  return emit.op('compute', [x], { spec: { kind: 'map', dims, loads, outputs: [load(0)] } });
}

/** Splits along an axis into pieces of these sizes. */
export function pieces(emit: Emitter, x: Value, axis: number, sizes: readonly number[]): Value[] {
  let start = 0;
  return sizes.map((size) => {
    const piece = sliceAxis(emit, x, axis, start, size);
    start += size;
    return piece;
  });
}

/** Joins tensors; empty ones leave no trace. */
export function concat(emit: Emitter, parts: readonly Value[], axis: number): Value {
  const full = parts.filter(({ type }) => type.shape[axis] !== 0);
  if (full.length === 0) return parts[0] as Value;
  return full.length === 1 ? (full[0] as Value) : emit.op('concat', full, { axis });
}

/** Elements of `x` by their row-major index, in the shape of `indices` (float32 whole numbers). */
export function takeFlat(emit: Emitter, x: Value, indices: Value): Value {
  const table = reshape(emit, x, [sizeOf(x.type.shape)]);
  return takeRows(emit, table, indices);
}

/** Rows of `table` [R, …] in the shape of `indices`: [indices…, …]. */
export function takeRows(emit: Emitter, table: Value, indices: Value): Value {
  const flat = reshape(emit, indices, [sizeOf(indices.type.shape)]);
  const rows = emit.op('takeRows', [table, asIds(emit, flat)]);
  return reshape(emit, rows, [...indices.type.shape, ...table.type.shape.slice(1)]);
}

export function matmul(emit: Emitter, a: Value, b: Value, transposeA = false, transposeB = false): Value {
  return emit.op('matmul', [a, b], { transposeA, transposeB });
}

export type Reduction = 'sum' | 'mean' | 'reduceMaximum';

export function reduce(emit: Emitter, x: Value, name: Reduction, axes: readonly number[], keepDims: boolean): Value {
  return axes.length === 0 ? x : emit.op(name, [x], { axes, keepDims });
}

/** A product along an axis with a matrix [out, in] that is known: interpolation, transforms. */
export function applyMatrix(emit: FoldingEmitter, x: Value, axis: number, rows: number, matrix: Float32Array): Value {
  const { shape } = x.type;
  const rank = shape.length;
  const order = [...shape.keys()].filter((own) => own !== axis);
  const last = transpose(emit, x, [...order, axis]);
  const others = order.map((own) => shape[own] as number);
  const flat = reshape(emit, last, [sizeOf(others), shape[axis] as number]);
  const weights = emit.constant([rows, shape[axis] as number], matrix);
  const product = reshape(emit, matmul(emit, flat, weights, false, true), [...others, rows]);
  const back = Array.from({ length: rank }, (_, own) => (own === axis ? rank - 1 : order.indexOf(own)));
  return transpose(emit, product, back);
}

/** Axes of a tensor as a list. */
export const allAxes = (x: Value): number[] => [...x.type.shape.keys()];
