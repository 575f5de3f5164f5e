import { sizeOf, stridesOf } from '../../ir/shape.ts';
import type { Shape, Value } from '../../ir/types.ts';
import { broadcastAccess } from '../../kernels/access.ts';
import {
  add,
  constant,
  divide,
  type Expression,
  index,
  load,
  multiply,
  subtract,
  unary,
} from '../../kernels/expression.ts';
import { reduce, reshape } from '../compose.ts';
import { padSpatial } from '../convolution.ts';
import { defineOperators, type Operator, type OperatorResult } from '../defineOperators.ts';
import { EXACT_LIMIT } from '../elementTypes.ts';
import { requireRoom } from '../foldingEmitter.ts';
import type { OperatorContext } from '../operatorContext.ts';
import { joinWindows, type WindowAxis, windowAxes } from '../windows.ts';
import { scatterRows } from './indexing.operators.ts';

const spatial = (x: Value): Shape => x.type.shape.slice(2);

/** The part of the input that windows cover, with padding and what a last window reaches beyond. */
const covered = ({ out, stride, dilation, kernel }: WindowAxis): number =>
  (out - 1) * stride + dilation * (kernel - 1) + 1;

function maxPool(node: OperatorContext): OperatorResult[] {
  const { emit } = node;
  const x = node.input(0);
  const axes = windowAxes(node, spatial(x), node.ints('kernel_shape') ?? []);
  const before = axes.map((axis) => axis.before);
  const padded = padSpatial(emit, x, before, axes.map(covered), Number.NEGATIVE_INFINITY);
  const [largest, inWindow] = emit.ops('maxPool', [padded], {
    kernelSize: axes.map(({ kernel }) => kernel),
    stride: axes.map(({ stride }) => stride),
    padding: axes.map(() => 0),
    dilation: axes.map(({ dilation }) => dilation),
  }) as [Value, Value];
  if (!node.wants(1)) return [largest];
  return [largest, node.as('int64', inputIndices(node, emit.op('castF32', [inWindow]), x.type.shape, axes))];
}

/** Numbers within windows as numbers of the whole input's elements, by rows, or by columns with storage_order 1. */
function inputIndices(node: OperatorContext, inWindow: Value, shape: Shape, axes: readonly WindowAxis[]): Value {
  if (sizeOf(shape) > EXACT_LIMIT) node.unsupported(`indices into ${sizeOf(shape)} elements`);
  const sizes = shape.slice(2);
  const kernelStrides = stridesOf(axes.map(({ kernel }) => kernel));
  const columns = node.int('storage_order', 0) === 1;
  const strides = columns ? sizes.map((_, i) => sizeOf(sizes.slice(0, i))) : stridesOf(sizes);
  const plane = add(multiply(index(0), constant(shape[1] as number)), index(1));
  // Half a step keeps a quotient that a device rounds on the right side of a whole number.
  const over = (number: Expression, divisor: number): Expression =>
    divisor === 1 ? number : unary('floor', divide(add(number, constant(0.5)), constant(divisor)));
  const flat = axes.reduce<Expression>(
    (sum, { kernel, stride, dilation, before }, i) => {
      const number = over(load(0), kernelStrides[i] as number);
      const inner = subtract(number, multiply(over(number, kernel), constant(kernel)));
      const steps = i === 0 ? number : inner;
      const at = subtract(
        add(multiply(index(2 + i), constant(stride)), multiply(steps, constant(dilation))),
        constant(before),
      );
      return add(sum, multiply(at, constant(strides[i] as number)));
    },
    multiply(plane, constant(sizeOf(sizes))),
  );
  const dims = inWindow.type.shape;
  const loads = [broadcastAccess(0, dims, dims)];
  return node.emit.op('compute', [inWindow], { spec: { kind: 'map', dims, loads, outputs: [flat] } });
}

/** How many elements each window has along one axis. */
function counts(axis: WindowAxis, size: number, includePadding: boolean): number[] {
  const { kernel, stride, dilation, before, after, out } = axis;
  const [low, high] = includePadding ? [-before, size + after] : [0, size];
  return Array.from({ length: requireRoom(out) }, (_, o) => {
    let count = 0;
    for (let k = 0; k < kernel; k++) {
      const at = o * stride + k * dilation - before;
      if (at >= low && at < high) count++;
    }
    return count;
  });
}

function averagePool(node: OperatorContext): Value {
  const { emit } = node;
  const x = node.input(0);
  const sizes = spatial(x);
  const axes = windowAxes(node, sizes, node.ints('kernel_shape') ?? []);
  const includePadding = node.int('count_include_pad', 0) === 1;
  const even = axes.every(({ before, after, dilation }) => before === after && dilation === 1);
  if (even && node.text('auto_pad', 'NOTSET') === 'NOTSET') {
    return emit.op('avgPool', [x], {
      kernelSize: axes.map(({ kernel }) => kernel),
      stride: axes.map(({ stride }) => stride),
      padding: axes.map(({ before }) => before),
      ceilMode: node.int('ceil_mode', 0) === 1,
      countIncludePad: includePadding,
    });
  }
  return axes.reduce((y, axis, i) => {
    const sum = joinWindows(emit, y, 2 + i, axis, 'add', 0);
    const numbers = Float32Array.from(counts(axis, sizes[i] as number, includePadding));
    const shape = [axis.out, ...new Array<number>(axes.length - 1 - i).fill(1)];
    return emit.op('divide', [sum, emit.constant(shape, numbers)]);
  }, x);
}

const power = (node: OperatorContext, x: Value, p: number): Value => node.emit.op('power', [x, node.emit.fill([], p)]);

function lpPool(node: OperatorContext): Value {
  const x = node.input(0);
  const p = node.int('p', 2);
  const axes = windowAxes(node, spatial(x), node.ints('kernel_shape') ?? []);
  const sum = axes.reduce(
    (y, axis, i) => joinWindows(node.emit, y, 2 + i, axis, 'add', 0),
    power(node, node.emit.op('abs', [x]), p),
  );
  return power(node, sum, 1 / p);
}

/** Over all spatial axes, which stay as ones. */
const over =
  (name: 'mean' | 'reduceMaximum'): Operator =>
  (node) => {
    const x = node.input(0);
    return reduce(node.emit, x, name, [...x.type.shape.keys()].slice(2), true);
  };

/** Puts each element at its place in the larger tensor that it was the maximum of. */
function maxUnpool(node: OperatorContext): Value {
  const x = node.input(0);
  const { shape } = x.type;
  const kernel = node.ints('kernel_shape') ?? [];
  const strides = node.ints('strides') ?? kernel.map(() => 1);
  const pads = node.ints('pads') ?? kernel.flatMap(() => [0, 0]);
  const plainShape = [
    ...shape.slice(0, 2),
    ...spatial(x).map(
      (size, i) =>
        (size - 1) * (strides[i] as number) -
        (pads[i] as number) -
        (pads[kernel.length + i] as number) +
        (kernel[i] as number),
    ),
  ];
  const out = node.optionalNumbers(2) ?? plainShape;
  // Indices are those of the plain size, also where a larger output is asked for.
  const targets = node.numbers(1).map((at) => relocated(at, plainShape, out));
  const zeros = node.emit.fill([sizeOf(out)], 0);
  const flat = reshape(node.emit, x, [sizeOf(shape)]);
  return node.reshape(
    scatterRows(node, zeros, flat, targets, (_, update) => update),
    out,
  );
}

function relocated(at: number, from: readonly number[], to: readonly number[]): number {
  let [rest, stride, result] = [at, 1, 0];
  for (let axis = from.length - 1; axis >= 0; axis--) {
    const extent = from[axis] as number;
    result += (rest % extent) * stride;
    rest = Math.floor(rest / extent);
    stride *= to[axis] as number;
  }
  return result;
}

/** https://onnx.ai/onnx/operators/ — pooling over windows and over whole images. */
export default defineOperators('computes', {
  MaxPool: maxPool,
  AveragePool: averagePool,
  LpPool: lpPool,
  GlobalAveragePool: over('mean'),
  GlobalMaxPool: over('reduceMaximum'),
  GlobalLpPool: (node) => {
    const x = node.input(0);
    const p = node.int('p', 2);
    const powers = power(node, node.emit.op('abs', [x]), p);
    return power(node, reduce(node.emit, powers, 'sum', [...x.type.shape.keys()].slice(2), true), 1 / p);
  },
  MaxUnpool: maxUnpool,
});
