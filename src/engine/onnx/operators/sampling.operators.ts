import { sizeOf, stridesOf } from '../../ir/shape.ts';
import type { Value } from '../../ir/types.ts';
import { broadcastAccess } from '../../kernels/access.ts';
import {
  add,
  binary,
  constant,
  type Expression,
  index,
  load,
  multiply,
  select,
  subtract,
  unary,
} from '../../kernels/expression.ts';
import { matmul, plus, pointwise, reshape, takeRows, transpose } from '../compose.ts';
import { defineOperators } from '../defineOperators.ts';
import { EXACT_LIMIT } from '../elementTypes.ts';
import { requireRoom } from '../foldingEmitter.ts';
import type { OperatorContext } from '../operatorContext.ts';

type Padding = 'zeros' | 'border' | 'reflection';

interface Sampling {
  readonly mode: 'nearest' | 'linear' | 'cubic';
  readonly padding: Padding;
  readonly alignCorners: boolean;
}

const CUBIC = -0.75;
const clamp = (x: Expression, low: number, high: number): Expression =>
  binary('maximum', constant(low), binary('minimum', constant(high), x));
const floor = (x: Expression): Expression => unary('floor', x);

/** A place thrown back at both ends as often as needed. */
function reflected(x: Expression, low: number, high: number): Expression {
  const range = high - low;
  if (range <= 0) return constant(low);
  const from = subtract(x, constant(low));
  const turn = subtract(from, multiply(floor(multiply(from, constant(0.5 / range))), constant(2 * range)));
  const folded = select(binary('lessEqual', turn, constant(range)), turn, subtract(constant(2 * range), turn));
  return add(folded, constant(low));
}

/** A neighbour of a place along one axis. */
interface Tap {
  /** Its number, brought inside as the padding wants. */
  readonly at: Expression;
  /** 1 inside, 0 where padding by zeros says that there is nothing. */
  readonly there: Expression;
  readonly weight: Expression;
}

function cubic(distance: Expression): Expression {
  const x = unary('abs', distance);
  const near = add(
    multiply(multiply(subtract(multiply(constant(CUBIC + 2), x), constant(CUBIC + 3)), x), x),
    constant(1),
  );
  const far = multiply(
    constant(CUBIC),
    subtract(multiply(add(multiply(subtract(x, constant(5)), x), constant(8)), x), constant(4)),
  );
  return select(binary('lessEqual', x, constant(1)), near, far);
}

function taps(given: Expression, extent: number, { mode, padding, alignCorners }: Sampling): Tap[] {
  const [low, high] = alignCorners ? [0, extent - 1] : [-0.5, extent - 0.5];
  const rounded = mode === 'nearest' ? unary('round', given) : given;
  const out = binary('maximum', binary('less', rounded, constant(low)), binary('greater', rounded, constant(high)));
  const inside = (x: Expression): Expression => {
    switch (padding) {
      case 'zeros':
        return x;
      case 'border':
        return clamp(x, 0, extent - 1);
      case 'reflection':
        return reflected(x, low, high);
    }
  };
  const place = padding === 'zeros' ? rounded : select(out, inside(rounded), rounded);
  const tap = (at: Expression, weight: Expression): Tap => {
    const own = padding === 'zeros' ? at : floor(add(inside(at), constant(1e-3)));
    const there = multiply(binary('greaterEqual', own, constant(0)), binary('lessEqual', own, constant(extent - 1)));
    return { at: clamp(own, 0, extent - 1), there, weight };
  };
  if (mode === 'nearest') return [tap(place, constant(1))];
  const base = floor(place);
  const rest = subtract(place, base);
  const offsets = mode === 'linear' ? [0, 1] : [-1, 0, 1, 2];
  return offsets.map((offset) => {
    const distance = subtract(rest, constant(offset));
    const weight = mode === 'linear' ? subtract(constant(1), unary('abs', distance)) : cubic(distance);
    return tap(add(base, constant(offset)), weight);
  });
}

/** All ways to take one of each list. */
function combinations(lists: readonly (readonly Tap[])[]): Tap[][] {
  return lists.reduce<Tap[][]>((all, list) => all.flatMap((one) => list.map((each) => [...one, each])), [[]]);
}

/**
 * Samples x [N, C, …] at `places` [N, out…] in pixels, one tensor a spatial axis: [N, out…, C].
 */
function sample(node: OperatorContext, x: Value, places: readonly Value[], how: Sampling): Value {
  const { emit } = node;
  const [n, c, ...dims] = x.type.shape as [number, number, ...number[]];
  if (n * sizeOf(dims) > EXACT_LIMIT) node.unsupported(`indices into ${n * sizeOf(dims)} points`);
  const channelsLast = transpose(emit, x, [0, ...dims.map((_, i) => 2 + i), 1]);
  const table = reshape(emit, channelsLast, [n * sizeOf(dims), c]);
  const strides = stridesOf(dims);
  const out = (places[0] as Value).type.shape;
  const loads = places.map((_, operand) => broadcastAccess(operand, out, out));
  const formula = (value: Expression): Value =>
    emit.op('compute', places, { spec: { kind: 'map', dims: out, loads, outputs: [value] } });
  const parts = combinations(places.map((_, i) => taps(load(i), dims[i] as number, how))).map((corner) => {
    const row = corner.reduce<Expression>(
      (sum, { at }, i) => add(sum, multiply(at, constant(strides[i] as number))),
      multiply(index(0), constant(sizeOf(dims))),
    );
    const weight = corner.reduce<Expression>(
      (product, tap) => multiply(product, multiply(tap.weight, tap.there)),
      constant(1),
    );
    const factors = reshape(emit, formula(weight), [...out, 1]);
    return emit.op('multiply', [takeRows(emit, table, formula(row)), factors]);
  });
  return parts.reduce((sum, part) => plus(emit, sum, part));
}

const MODES: Readonly<Record<string, Sampling['mode']>> = {
  nearest: 'nearest',
  linear: 'linear',
  bilinear: 'linear',
  cubic: 'cubic',
  bicubic: 'cubic',
};

function gridSample(node: OperatorContext): Value {
  const { emit } = node;
  const [x, grid] = [node.input(0), node.input(1)];
  const dims = x.type.shape.slice(2);
  const modeName = node.text('mode', node.opset < 20 ? 'bilinear' : 'linear');
  const mode = MODES[modeName] ?? node.unsupported(`mode ${modeName}`);
  const padding = node.text('padding_mode', 'zeros') as Padding;
  if (!['zeros', 'border', 'reflection'].includes(padding)) node.unsupported(`padding_mode ${padding}`);
  const alignCorners = node.int('align_corners', 0) === 1;
  const out = grid.type.shape.slice(0, -1);
  // The grid names the last axis first.
  const places = dims.map((extent, i) => {
    const starts = grid.type.shape.map((_, axis) => (axis === out.length ? dims.length - 1 - i : 0));
    const own = reshape(emit, emit.op('slice', [grid], { starts, sizes: [...out, 1] }), out);
    const half = multiply(add(load(0), constant(1)), constant(0.5));
    const pixel = alignCorners
      ? multiply(half, constant(extent - 1))
      : subtract(multiply(half, constant(extent)), constant(0.5));
    return pointwise(emit, [own], pixel);
  });
  const sampled = sample(node, x, places, { mode, padding, alignCorners });
  return transpose(emit, sampled, [0, out.length, ...dims.map((_, i) => 1 + i)]);
}

function affineGrid(node: OperatorContext): Value {
  const { emit } = node;
  const theta = node.input(0);
  const dims = node.numbers(1).slice(2);
  const aligned = node.int('align_corners', 0) === 1;
  const points = sizeOf(dims);
  if (points > EXACT_LIMIT) node.unsupported(`a grid of ${points} points`);
  const homogeneous = new Float32Array(requireRoom(points * (dims.length + 1))).fill(1);
  const strides = stridesOf(dims);
  for (let point = 0; point < points; point++) {
    for (const [i, extent] of dims.entries()) {
      const at = Math.floor(point / (strides[i] as number)) % extent;
      const place = aligned ? (extent === 1 ? -1 : (2 * at) / (extent - 1) - 1) : (2 * at + 1) / extent - 1;
      homogeneous[point * (dims.length + 1) + dims.length - 1 - i] = place;
    }
  }
  const grid = emit.constant([points, dims.length + 1], homogeneous);
  const moved = matmul(emit, grid, theta, false, true);
  return node.reshape(moved, [theta.type.shape[0] as number, ...dims, dims.length]);
}

/** A convolution whose kernel's places are moved by offsets: https://arxiv.org/abs/1811.11168 */
function deformableConvolution(node: OperatorContext): Value {
  const { emit } = node;
  const [x, w, offset] = [node.input(0), node.input(1), node.input(2)];
  const [n, c] = x.type.shape as [number, number];
  if (x.type.shape.length !== 4) node.unsupported(`an input with ${x.type.shape.length} axes`);
  const [kh, kw] = w.type.shape.slice(2) as [number, number];
  const [oh, ow] = offset.type.shape.slice(2) as [number, number];
  const [groups, parts] = [node.int('group', 1), node.int('offset_group', 1)];
  const strides = node.ints('strides') ?? [1, 1];
  const dilations = node.ints('dilations') ?? [1, 1];
  const pads = node.ints('pads') ?? [0, 0, 0, 0];
  const taps = kh * kw;
  const moved = node.reshape(offset, [n * parts, taps, 2, oh, ow]);
  const places = [0, 1].map((axis) => {
    const starts = [0, 0, axis, 0, 0];
    const own = emit.op('slice', [moved], { starts, sizes: [n * parts, taps, 1, oh, ow] });
    const base = new Float32Array(requireRoom(taps * oh * ow));
    for (let i = 0; i < base.length; i++) {
      const tap = Math.floor(i / (oh * ow));
      const out = axis === 0 ? Math.floor(i / ow) % oh : i % ow;
      const inKernel = axis === 0 ? Math.floor(tap / kw) : tap % kw;
      base[i] = out * (strides[axis] as number) + inKernel * (dilations[axis] as number) - (pads[axis] as number);
    }
    return plus(emit, reshape(emit, own, [n * parts, taps, oh, ow]), emit.constant([taps, oh, ow], base));
  });
  const images = node.reshape(x, [n * parts, c / parts, ...x.type.shape.slice(2)]);
  const how: Sampling = { mode: 'linear', padding: 'zeros', alignCorners: true };
  // [N·parts, taps, OH, OW, C/parts] → [N, C, taps, OH, OW]
  const sampled = transpose(emit, sample(node, images, places, how), [0, 4, 1, 2, 3]);
  const mask = node.optional(4);
  const masked = mask ? emit.op('multiply', [sampled, node.reshape(mask, [n * parts, 1, taps, oh, ow])]) : sampled;
  const columns = reshape(emit, masked, [n, groups, (c / groups) * taps, oh * ow]);
  const out = w.type.shape[0] as number;
  const kernel = reshape(emit, w, [groups, out / groups, (c / groups) * taps]);
  const y = reshape(emit, matmul(emit, kernel, columns), [n, out, oh, ow]);
  const bias = node.optional(3);
  return bias ? plus(emit, y, node.reshape(bias, [out, 1, 1])) : y;
}

/** https://onnx.ai/onnx/operators/ — images read at places that are computed. */
export default defineOperators('computes', {
  GridSample: gridSample,
  AffineGrid: affineGrid,
  DeformConv: deformableConvolution,
});
