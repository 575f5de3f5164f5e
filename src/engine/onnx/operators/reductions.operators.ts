import { sizeOf } from '../../ir/shape.ts';
import type { Value } from '../../ir/types.ts';
import { access, term } from '../../kernels/access.ts';
import { add, binary, constant, load, multiply, select, subtract, unary } from '../../kernels/expression.ts';
import { allAxes, pointwise, reduce, reshape, sliceAxis, transpose } from '../compose.ts';
import { defineOperators, type Operator } from '../defineOperators.ts';
import { type ElementType, isFloat, isInteger } from '../elementTypes.ts';
import { type FoldingEmitter, requireRoom } from '../foldingEmitter.ts';
import { integerResult } from '../integers.ts';
import type { OperatorContext } from '../operatorContext.ts';

interface Reduced {
  readonly axes: number[];
  readonly keepDims: boolean;
  /** Shape of the result. */
  readonly shape: number[];
}

function reduced(node: OperatorContext): Reduced | undefined {
  const { shape } = node.input(0).type;
  const given = node.optionalNumbers(1) ?? node.ints('axes');
  const none = !given || given.length === 0;
  if (none && node.int('noop_with_empty_axes', 0) === 1) return undefined;
  const axes = none ? [...shape.keys()] : node.axes(given, shape.length);
  const keepDims = node.int('keepdims', 1) === 1;
  const kept = shape.flatMap((size, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [size]));
  return { axes, keepDims, shape: kept };
}

/** `before` and `after` work element by element; over nothing the result is `empty`. */
function reduction(
  combine: (node: OperatorContext, x: Value, reduced: Reduced) => Value,
  empty: number,
  before: (node: OperatorContext, x: Value) => Value = (_, x) => x,
  after: (node: OperatorContext, x: Value) => Value = (_, x) => x,
): Operator {
  return (node) => {
    const how = reduced(node);
    const x = before(node, node.input(0));
    if (!how) return after(node, x);
    if (how.axes.some((axis) => x.type.shape[axis] === 0))
      return after(node, node.emit.fill(how.shape, emptyOf(node, empty)));
    return after(node, combine(node, x, how));
  };
}

/** The neutral element as the type has it. */
function emptyOf(node: OperatorContext, empty: number): number {
  const type = node.elementType();
  if (Number.isFinite(empty) || isFloat(type)) return empty;
  if (type !== 'bool') return node.unsupported(`a reduction of nothing of type ${type}`);
  return empty > 0 ? 1 : 0;
}

const summed = (node: OperatorContext, x: Value, { axes, keepDims }: Reduced): Value => {
  const sum = reduce(node.emit, x, 'sum', axes, keepDims);
  if (!isInteger(node.elementType())) return sum;
  const size = reduce(node.emit, node.emit.op('abs', [x]), 'sum', axes, keepDims);
  return integerResult(node, sum, node.elementType(), isSigned(node.elementType()) ? size : sum);
};
const isSigned = (type: ElementType): boolean => !type.startsWith('u');
const averaged = (node: OperatorContext, x: Value, { axes, keepDims }: Reduced): Value =>
  reduce(node.emit, x, 'mean', axes, keepDims);
const largest = (node: OperatorContext, x: Value, { axes, keepDims }: Reduced): Value =>
  reduce(node.emit, x, 'reduceMaximum', axes, keepDims);
const smallest = (node: OperatorContext, x: Value, { axes, keepDims }: Reduced): Value => {
  const negative = node.emit.op('negate', [x]);
  return node.emit.op('negate', [reduce(node.emit, negative, 'reduceMaximum', axes, keepDims)]);
};
const square = (node: OperatorContext, x: Value): Value => node.emit.op('square', [x]);
const absolute = (node: OperatorContext, x: Value): Value => node.emit.op('abs', [x]);
const root = (node: OperatorContext, x: Value): Value => node.emit.op('sqrt', [x]);
const logarithm = (node: OperatorContext, x: Value): Value => node.emit.op('log', [x]);

/** Neighbours multiply each other until one is left. */
function multiplied(node: OperatorContext, x: Value, { axes, shape }: Reduced): Value {
  const kept = allAxes(x).filter((axis) => !axes.includes(axis));
  const outer = kept.map((axis) => x.type.shape[axis] as number);
  let length = sizeOf(axes.map((axis) => x.type.shape[axis] as number));
  let y = reshape(node.emit, transpose(node.emit, x, [...kept, ...axes]), [sizeOf(outer), length]);
  while (length > 1) {
    const dims = [sizeOf(outer), Math.ceil(length / 2)];
    const loads = [0, 1].map((offset) =>
      access(0, y.type.shape, dims, [{ terms: [term(0)] }, { terms: [term(1, 2)], offset }], 1),
    );
    y = node.emit.op('compute', [y], { spec: { kind: 'map', dims, loads, outputs: [multiply(load(0), load(1))] } });
    length = dims[1] as number;
  }
  return integerResult(node, reshape(node.emit, y, shape), node.elementType());
}

const logSumExp: Operator = (node) => {
  const how = reduced(node);
  const x = node.input(0);
  if (!how) return x;
  const { emit } = node;
  if (how.axes.some((axis) => x.type.shape[axis] === 0)) return emit.fill(how.shape, Number.NEGATIVE_INFINITY);
  const most = reduce(emit, x, 'reduceMaximum', how.axes, true);
  // Where everything is −∞, or something ∞, nothing can be taken off.
  const shift = pointwise(emit, [most], select(unary('isFinite', load(0)), load(0), constant(0)));
  const sum = reduce(emit, emit.op('exp', [emit.op('subtract', [x, shift])]), 'sum', how.axes, true);
  return reshape(emit, emit.op('add', [emit.op('log', [sum]), shift]), how.shape);
};

/** Numbers along an axis, each joined with those before it, in steps that double. */
function scanned(name: 'add' | 'multiply'): Operator {
  return (node) => {
    const { emit } = node;
    let x = node.input(0);
    const { shape } = x.type;
    const axis = node.axis(node.number(1), shape.length);
    const extent = shape[axis] as number;
    const reverse = node.int('reverse', 0) === 1 ? -1 : 1;
    const neutral = name === 'add' ? 0 : 1;
    const shifted = (by: number) => {
      const axes = shape.map((_, own) => ({ terms: [term(own)], offset: own === axis ? -by * reverse : 0 }));
      return (value: Value) => access(0, value.type.shape, shape, axes, neutral);
    };
    const step = (formula: 'join' | 'take', by: number): void => {
      const loads = [shifted(0)(x), shifted(by)(x)];
      const outputs = [formula === 'take' ? load(1) : binary(name, load(0), load(1))];
      x = emit.op('compute', [x], { spec: { kind: 'map', dims: shape, loads, outputs } });
    };
    if (sizeOf(shape) === 0) return x;
    if (node.int('exclusive', 0) === 1) step('take', 1);
    for (let by = 1; by < extent; by *= 2) step('join', by);
    return integerResult(node, x, node.elementType());
  };
}

/** Softmax and its like; before opset 13 all axes from `axis` on are one. */
function alongAxis(apply: (node: OperatorContext, x: Value, axis: number) => Value): Operator {
  return (node) => {
    const x = node.input(0);
    const { shape } = x.type;
    const axis = node.axis(node.int('axis', node.opset < 13 ? 1 : -1), shape.length);
    if (node.opset >= 13) return apply(node, x, axis);
    const flat = node.reshape(x, [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis))]);
    return node.reshape(apply(node, flat, 1), shape);
  };
}

function firstLargest(emit: FoldingEmitter, x: Value, axis: number): Value {
  return emit.op('castF32', [emit.op('argmax', [x], { axis })]);
}

function argument(sign: 1 | -1): Operator {
  return (node) => {
    const { emit } = node;
    const x = node.input(0);
    const axis = node.axis(node.int('axis', 0), x.type.shape.length);
    const extent = x.type.shape[axis] as number;
    const last = node.int('select_last_index', 0) === 1;
    const seen = sign === 1 ? x : emit.op('negate', [x]);
    const place = firstLargest(emit, last ? sliceAxis(emit, seen, axis, extent - 1, extent, -1) : seen, axis);
    const found = last ? pointwise(emit, [place], subtract(constant(extent - 1), load(0))) : place;
    const kept = x.type.shape.map((size, own) => (own === axis ? 1 : size));
    return node.as('int64', node.int('keepdims', 1) === 1 ? reshape(emit, found, kept) : found);
  };
}

/** A 1 at the first largest element along an axis. */
function hardmax(node: OperatorContext, x: Value, axis: number): Value {
  const { shape } = x.type;
  const place = reshape(
    node.emit,
    firstLargest(node.emit, x, axis),
    shape.map((size, own) => (own === axis ? 1 : size)),
  );
  return pointwise(node.emit, [numbered(node.emit, shape, axis), place], binary('equal', load(0), load(1)));
}

/** 0, 1, 2, … along an axis of a tensor with so many axes. */
function numbered(emit: FoldingEmitter, shape: readonly number[], axis: number): Value {
  const extent = shape[axis] as number;
  const sizes = shape.map((_, own) => (own === axis ? extent : 1));
  return emit.constant(
    sizes,
    Float32Array.from({ length: requireRoom(extent) }, (_, i) => i),
  );
}

const MOST_SORTED = 4096;

/** By rank: how many elements come before each one. Equal ones keep their order. */
const topK: Operator = (node) => {
  const { emit } = node;
  const x = node.input(0);
  const { shape } = x.type;
  const k = node.has(1) ? node.number(1) : node.int('k', 0);
  const axis = node.axis(node.int('axis', -1), shape.length);
  const extent = shape[axis] as number;
  if (extent > MOST_SORTED) return node.unsupported(`sorting ${extent} numbers`);
  if (k < 0 || k > extent) return node.refuse(`the ${k} largest of ${extent}`);
  const others = allAxes(x).filter((own) => own !== axis);
  const outer = others.map((own) => shape[own] as number);
  const lines = sizeOf(outer);
  const flat = reshape(emit, transpose(emit, x, [...others, axis]), [lines, extent]);
  const one = reshape(emit, flat, [lines, extent, 1]);
  const other = reshape(emit, flat, [lines, 1, extent]);
  const places = Float32Array.from({ length: extent }, (_, i) => i);
  const [mine, theirs] = [emit.constant([extent, 1], places), emit.constant([1, extent], places)];
  const better = binary(node.int('largest', 1) === 1 ? 'greater' : 'less', load(1), load(0));
  const tie = multiply(binary('equal', load(1), load(0)), binary('less', load(3), load(2)));
  const before = pointwise(emit, [one, other, mine, theirs], add(better, tie));
  const rank = reduce(emit, before, 'sum', [2], false);
  const wanted = emit.constant([1, k, 1], places.slice(0, k));
  const chosen = [reshape(emit, rank, [lines, 1, extent]), wanted];
  const back = (value: Value): Value => {
    const split = reshape(emit, value, [...outer, k]);
    return transpose(
      emit,
      split,
      allAxes(x).map((own) => (own === axis ? outer.length : others.indexOf(own))),
    );
  };
  const pick = (value: Value): Value => {
    const formula = select(binary('equal', load(0), load(1)), load(2), constant(0));
    return back(reduce(emit, pointwise(emit, [...chosen, value], formula), 'sum', [2], false));
  };
  return [pick(other), node.as('int64', pick(theirs))];
};

/** https://onnx.ai/onnx/operators/ — reductions, running sums, softmax, largest elements. */
export default defineOperators('computes', {
  ReduceSum: reduction(summed, 0),
  ReduceMean: reduction(averaged, Number.NaN),
  ReduceMax: reduction(largest, Number.NEGATIVE_INFINITY),
  ReduceMin: reduction(smallest, Number.POSITIVE_INFINITY),
  ReduceProd: reduction(multiplied, 1),
  ReduceL1: reduction(summed, 0, absolute),
  ReduceL2: reduction(summed, 0, square, root),
  ReduceSumSquare: reduction(summed, 0, square),
  ReduceLogSum: reduction(summed, 0, undefined, logarithm),
  ReduceLogSumExp: logSumExp,
  CumSum: scanned('add'),
  CumProd: scanned('multiply'),
  Softmax: alongAxis((node, x, axis) => node.emit.op('softmax', [x], { axis })),
  LogSoftmax: alongAxis((node, x, axis) => node.emit.op('logSoftmax', [x], { axis })),
  Hardmax: alongAxis(hardmax),
  ArgMax: argument(1),
  ArgMin: argument(-1),
  TopK: topK,
});
