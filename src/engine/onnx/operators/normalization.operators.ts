import { sizeOf } from '../../ir/shape.ts';
import type { Shape, Value } from '../../ir/types.ts';
import { binary, constant, divide, load, select } from '../../kernels/expression.ts';
import { plus, pointwise, reduce, reshape, times } from '../compose.ts';
import { defineOperators, type OperatorResult } from '../defineOperators.ts';
import type { OperatorContext } from '../operatorContext.ts';
import { joinWindows } from '../windows.ts';

/** A vector along axis 1 of a tensor with so many axes. */
const alongChannels = (node: OperatorContext, vector: Value, rank: number): Value =>
  node.reshape(vector, [sizeOf(vector.type.shape), ...new Array<number>(Math.max(0, rank - 2)).fill(1)]);

interface Standardized {
  readonly y: Value;
  readonly mean: Value;
  readonly variance: Value;
  /** 1 ÷ √(variance + epsilon). */
  readonly scale: Value;
}

/** (x − mean) ÷ √(variance + epsilon) over some axes, which stay as ones in the moments. */
function standardize(node: OperatorContext, x: Value, axes: readonly number[], epsilon: number): Standardized {
  const { emit } = node;
  const mean = reduce(emit, x, 'mean', axes, true);
  const centered = emit.op('subtract', [x, mean]);
  const variance = reduce(emit, emit.op('square', [centered]), 'mean', axes, true);
  const deviation = emit.op('sqrt', [plus(emit, variance, emit.fill([], epsilon))]);
  const scale = emit.op('divide', [emit.fill([], 1), deviation]);
  return { y: emit.op('multiply', [centered, scale]), mean, variance, scale };
}

function affine(node: OperatorContext, x: Value, scale: Value | undefined, bias: Value | undefined): Value {
  const scaled = scale ? node.emit.op('multiply', [x, scale]) : x;
  return bias ? plus(node.emit, scaled, bias) : scaled;
}

function batchNormalization(node: OperatorContext): Value[] {
  const { emit } = node;
  const x = node.input(0);
  const rank = x.type.shape.length;
  const epsilon = node.float('epsilon', 1e-5);
  const [scale, bias, mean, variance] = [1, 2, 3, 4].map((i) => alongChannels(node, node.input(i), rank)) as [
    Value,
    Value,
    Value,
    Value,
  ];
  if (node.int('training_mode', 0) === 0) {
    const deviation = emit.op('sqrt', [plus(emit, variance, emit.fill([], epsilon))]);
    const factor = emit.op('divide', [scale, deviation]);
    return [plus(emit, emit.op('multiply', [emit.op('subtract', [x, mean]), factor]), bias)];
  }
  const axes = [...x.type.shape.keys()].filter((axis) => axis !== 1);
  const own = standardize(node, x, axes, epsilon);
  const momentum = node.float('momentum', 0.9);
  const running = (before: Value, now: Value): Value => {
    const flat = reshape(emit, now, before.type.shape);
    return plus(emit, times(emit, before, momentum), times(emit, flat, 1 - momentum));
  };
  return [affine(node, own.y, scale, bias), running(node.input(3), own.mean), running(node.input(4), own.variance)];
}

function layerNormalization(node: OperatorContext): OperatorResult[] {
  const x = node.input(0);
  const rank = x.type.shape.length;
  const axis = node.axis(node.int('axis', -1), rank);
  const axes = [...x.type.shape.keys()].slice(axis);
  const { y, mean, scale } = standardize(node, x, axes, node.float('epsilon', 1e-5));
  return [affine(node, y, node.input(1), node.optional(2)), node.as('float32', mean), node.as('float32', scale)];
}

function rmsNormalization(node: OperatorContext): Value {
  const { emit } = node;
  const x = node.input(0);
  const axis = node.axis(node.int('axis', -1), x.type.shape.length);
  const mean = reduce(emit, emit.op('square', [x]), 'mean', [...x.type.shape.keys()].slice(axis), true);
  const root = emit.op('sqrt', [plus(emit, mean, emit.fill([], node.float('epsilon', 1e-5)))]);
  return emit.op('multiply', [emit.op('divide', [x, root]), node.input(1)]);
}

function groupNormalization(node: OperatorContext): Value {
  const x = node.input(0);
  const { shape } = x.type;
  const groups = node.int('num_groups', 0);
  const channels = shape[1] as number;
  if (groups < 1 || channels % groups !== 0) node.refuse(`${channels} channels in ${groups} groups`);
  const split: Shape = [shape[0] as number, groups, sizeOf(shape.slice(1)) / groups];
  const { y } = standardize(node, node.reshape(x, split), [2], node.float('epsilon', 1e-5));
  // Until opset 20 scale and bias belong to groups, then to channels.
  if (node.opset < 21 && sizeOf(node.shape(1)) === groups) {
    return node.reshape(
      affine(node, y, alongChannels(node, node.input(1), 3), alongChannels(node, node.input(2), 3)),
      shape,
    );
  }
  const rank = shape.length;
  const whole = node.reshape(y, shape);
  return affine(node, whole, alongChannels(node, node.input(1), rank), alongChannels(node, node.input(2), rank));
}

function instanceNormalization(node: OperatorContext): Value {
  const x = node.input(0);
  const rank = x.type.shape.length;
  const { y } = standardize(node, x, [...x.type.shape.keys()].slice(2), node.float('epsilon', 1e-5));
  return affine(node, y, alongChannels(node, node.input(1), rank), alongChannels(node, node.input(2), rank));
}

function localResponse(node: OperatorContext): Value {
  const { emit } = node;
  const x = node.input(0);
  const size = node.int('size', 1);
  const before = Math.floor((size - 1) / 2);
  const channels = x.type.shape[1] as number;
  const window = { kernel: size, stride: 1, dilation: 1, before, after: size - 1 - before, out: channels };
  const sums = joinWindows(emit, emit.op('square', [x]), 1, window, 'add', 0);
  const scaled = times(emit, sums, node.float('alpha', 1e-4) / size);
  const base = plus(emit, scaled, emit.fill([], node.float('bias', 1)));
  return emit.op('divide', [x, emit.op('power', [base, emit.fill([], node.float('beta', 0.75))])]);
}

function lpNormalization(node: OperatorContext): Value {
  const { emit } = node;
  const x = node.input(0);
  const p = node.int('p', 2);
  if (p !== 1 && p !== 2) node.unsupported(`a norm of order ${p}`);
  const axes = [node.axis(node.int('axis', -1), x.type.shape.length)];
  const sum = reduce(emit, emit.op(p === 1 ? 'abs' : 'square', [x]), 'sum', axes, true);
  const norm = p === 1 ? sum : emit.op('sqrt', [sum]);
  // A line of zeros stays one.
  const formula = select(binary('equal', load(1), constant(0)), constant(0), divide(load(0), load(1)));
  return pointwise(emit, [x, norm], formula);
}

/** https://onnx.ai/onnx/operators/ — normalization over channels, layers, groups and neighbours. */
export default defineOperators('computes', {
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  RMSNormalization: rmsNormalization,
  GroupNormalization: groupNormalization,
  InstanceNormalization: instanceNormalization,
  LRN: localResponse,
  LpNormalization: lpNormalization,
  MeanVarianceNormalization: (node) => {
    const { emit } = node;
    const x = node.input(0);
    const axes = node.axes(node.ints('axes') ?? [0, 2, 3], x.type.shape.length);
    const centered = emit.op('subtract', [x, reduce(emit, x, 'mean', axes, true)]);
    const deviation = emit.op('sqrt', [reduce(emit, emit.op('square', [centered]), 'mean', axes, true)]);
    return emit.op('divide', [centered, plus(emit, deviation, emit.fill([], 1e-9))]);
  },
});
