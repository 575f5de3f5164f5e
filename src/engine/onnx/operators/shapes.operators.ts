import { sizeOf } from '../../ir/shape.ts';
import type { Value } from '../../ir/types.ts';
import { concat, expand, pieces, reshape, sliceAxis, transpose } from '../compose.ts';
import { defineOperators } from '../defineOperators.ts';
import type { OperatorContext } from '../operatorContext.ts';

function reshaped(node: OperatorContext): Value {
  const { shape } = node.input(0).type;
  const wanted = node.has(1) ? node.numbers(1) : (node.ints('shape') ?? node.refuse('it has no shape'));
  const copies = node.int('allowzero', 0) === 0;
  const sizes = wanted.map((size, i) => (size === 0 && copies ? (shape[i] ?? 0) : size));
  const open = sizes.indexOf(-1);
  if (sizes.some((size, i) => size < -1 || (size === -1 && i !== open))) node.refuse(`it has shape [${wanted}]`);
  if (open >= 0) {
    const known = sizes.reduce((product, size) => (size === -1 ? product : product * size), 1);
    sizes[open] = known === 0 ? 0 : sizeOf(shape) / known;
  }
  return node.reshape(node.input(0), sizes);
}

function axesGiven(node: OperatorContext): readonly number[] | undefined {
  return node.optionalNumbers(1) ?? node.ints('axes');
}

function squeezed(node: OperatorContext): Value {
  const x = node.input(0);
  const { shape } = x.type;
  const given = axesGiven(node);
  const axes = given ? node.axes(given, shape.length) : [...shape.keys()].filter((axis) => shape[axis] === 1);
  if (axes.some((axis) => shape[axis] !== 1)) node.refuse(`axes [${axes}] of [${shape}] are not all 1`);
  return node.reshape(
    x,
    shape.filter((_, axis) => !axes.includes(axis)),
  );
}

function unsqueezed(node: OperatorContext): Value {
  const x = node.input(0);
  const given = axesGiven(node) ?? node.refuse('it has no axes');
  const rank = x.type.shape.length + given.length;
  const axes = node.axes(given, rank);
  if (new Set(axes).size !== axes.length) node.refuse(`axes [${given}] name one twice`);
  const own = [...x.type.shape];
  return node.reshape(
    x,
    Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : (own.shift() as number))),
  );
}

function split(node: OperatorContext): Value[] {
  const x = node.input(0);
  const axis = node.axis(node.int('axis', 0), x.type.shape.length);
  const extent = x.type.shape[axis] as number;
  const count = node.int('num_outputs', node.outputCount);
  const each = Math.ceil(extent / count);
  const sizes =
    node.optionalNumbers(1) ??
    node.ints('split') ??
    Array.from({ length: count }, (_, i) => Math.max(0, Math.min(each, extent - i * each)));
  if (sizes.reduce((sum, size) => sum + size, 0) !== extent) node.refuse(`pieces of [${sizes}] are not ${extent}`);
  return pieces(node.emit, x, axis, sizes);
}

function sliced(node: OperatorContext): Value {
  let x = node.input(0);
  const { shape } = x.type;
  const starts = node.optionalNumbers(1) ?? node.ints('starts') ?? [];
  const ends = node.optionalNumbers(2) ?? node.ints('ends') ?? [];
  const axes = node.axes(node.optionalNumbers(3) ?? node.ints('axes') ?? [...starts.keys()], shape.length);
  const steps = node.optionalNumbers(4) ?? starts.map(() => 1);
  if (ends.length !== starts.length || axes.length !== starts.length || steps.length !== starts.length) {
    node.refuse(`starts [${starts}], ends [${ends}], axes [${axes}] and steps [${steps}] differ in number`);
  }
  for (const [i, axis] of axes.entries()) {
    const extent = shape[axis] as number;
    const step = steps[i] as number;
    if (!Number.isInteger(step) || step === 0) node.refuse(`a step of ${step}`);
    const place = (at: number): number => (at < 0 ? at + extent : at);
    // Walking backwards, a slice may end before the first element.
    const [low, high] = step > 0 ? [0, extent] : [-1, extent - 1];
    const clamped = (at: number): number => Math.min(high, Math.max(low, place(at)));
    const start = step > 0 ? clamped(starts[i] as number) : Math.max(0, clamped(starts[i] as number));
    const size = Math.max(0, Math.ceil((clamped(ends[i] as number) - start) / step));
    x = size === 0 ? node.emit.fill(shapeWith(x, axis, 0), 0) : sliceAxis(node.emit, x, axis, start, size, step);
  }
  return x;
}

function shapeWith(x: Value, axis: number, size: number): number[] {
  return x.type.shape.map((extent, own) => (own === axis ? size : extent));
}

function tiled(node: OperatorContext): Value {
  const x = node.input(0);
  const counts = node.numbers(1);
  const { shape } = x.type;
  if (counts.length !== shape.length) node.refuse(`${counts.length} repeats of ${shape.length} axes`);
  const apart = reshape(
    node.emit,
    x,
    shape.flatMap((size) => [1, size]),
  );
  const many = expand(
    node.emit,
    apart,
    shape.flatMap((size, i) => [counts[i] as number, size]),
  );
  return reshape(
    node.emit,
    many,
    shape.map((size, i) => size * (counts[i] as number)),
  );
}

/** Axes of [N, C, H, W] taken apart into blocks, put in another order and joined again. */
function blocks(
  node: OperatorContext,
  apart: (n: number, c: number, h: number, w: number, b: number) => number[],
  order: readonly number[],
  whole: (n: number, c: number, h: number, w: number, b: number) => number[],
): Value {
  const x = node.input(0);
  const [n, c, h, w] = x.type.shape;
  const b = node.int('blocksize', 0);
  if (x.type.shape.length !== 4 || b < 1) return node.refuse(`blocks of ${b} of shape [${x.type.shape}]`);
  const sizes = [n as number, c as number, h as number, w as number, b] as const;
  return node.reshape(transpose(node.emit, node.reshape(x, apart(...sizes)), order), whole(...sizes));
}

/** https://onnx.ai/onnx/operators/ — operators that move elements and compute nothing. */
export default defineOperators('moves', {
  Reshape: reshaped,
  Squeeze: squeezed,
  Unsqueeze: unsqueezed,
  Split: split,
  Slice: sliced,
  Tile: tiled,
  Flatten: (node) => {
    const { shape } = node.input(0).type;
    const given = node.int('axis', 1);
    const axis = given === shape.length ? given : node.axis(given, Math.max(1, shape.length));
    return node.reshape(node.input(0), [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis))]);
  },
  Transpose: (node) => {
    const x = node.input(0);
    const axes = [...x.type.shape.keys()];
    return transpose(node.emit, x, node.ints('perm') ?? axes.reverse());
  },
  Concat: (node) => {
    const parts = node.inputs();
    const rank = parts[0]?.type.shape.length ?? 0;
    return concat(node.emit, parts, node.axis(node.int('axis', node.opset < 4 ? 1 : Number.NaN), rank));
  },
  Expand: (node) => {
    const x = node.input(0);
    const wanted = node.numbers(1);
    const rank = Math.max(wanted.length, x.type.shape.length);
    const own = [...new Array<number>(rank - x.type.shape.length).fill(1), ...x.type.shape];
    const asked = [...new Array<number>(rank - wanted.length).fill(1), ...wanted];
    return expand(
      node.emit,
      x,
      own.map((size, axis) => (size === 1 ? (asked[axis] as number) : size)),
    );
  },
  DepthToSpace: (node) =>
    node.text('mode', 'DCR') === 'CRD'
      ? blocks(
          node,
          (n, c, h, w, b) => [n, c / (b * b), b, b, h, w],
          [0, 1, 4, 2, 5, 3],
          (n, c, h, w, b) => [n, c / (b * b), h * b, w * b],
        )
      : blocks(
          node,
          (n, c, h, w, b) => [n, b, b, c / (b * b), h, w],
          [0, 3, 4, 1, 5, 2],
          (n, c, h, w, b) => [n, c / (b * b), h * b, w * b],
        ),
  SpaceToDepth: (node) =>
    blocks(
      node,
      (n, c, h, w, b) => [n, c, h / b, b, w / b, b],
      node.text('mode', 'DCR') === 'CRD' ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4],
      (n, c, h, w, b) => [n, c * b * b, h / b, w / b],
    ),
});
