import type { Value } from '../../ir/types.ts';
import { applyMatrix } from '../compose.ts';
import { defineOperators } from '../defineOperators.ts';
import { type Interpolation, interpolationMatrix } from '../interpolation.ts';
import type { OperatorContext } from '../operatorContext.ts';

interface Target {
  readonly size: number;
  readonly scale: number;
}

const MOST_SIZE = 2 ** 20;

/** Sizes and scales of each axis, from what the node gives of them. */
function targets(
  node: OperatorContext,
  shape: readonly number[],
  axes: readonly number[],
  scales: readonly number[] | undefined,
  sizes: readonly number[] | undefined,
): Target[] {
  const given = sizes ?? scales ?? node.refuse('it has neither scales nor sizes');
  if (given.length !== axes.length) node.refuse(`${given.length} sizes for ${axes.length} axes`);
  const policy = node.text('keep_aspect_ratio_policy', 'stretch');
  const ratios = axes.map((axis, i) =>
    sizes ? (sizes[i] as number) / (shape[axis] as number) : ((scales as readonly number[])[i] as number),
  );
  const common = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios);
  return shape.map((extent, axis) => {
    const i = axes.indexOf(axis);
    if (i < 0) return { size: extent, scale: 1 };
    const scale = ratios[i] as number;
    if (!sizes) return checked(node, { size: Math.floor(scale * extent), scale });
    if (policy === 'stretch') return checked(node, { size: sizes[i] as number, scale });
    return checked(node, { size: Math.floor(common * extent + 0.5), scale: common });
  });
}

function checked(node: OperatorContext, target: Target): Target {
  if (!(target.size >= 1 && target.size <= MOST_SIZE && target.scale > 0)) {
    node.refuse(`a size of ${target.size} by a scale of ${target.scale}`);
  }
  return target;
}

function interpolated(
  node: OperatorContext,
  how: Interpolation,
  wanted: readonly Target[],
  roi: readonly number[] | undefined,
): Value {
  const { emit } = node;
  const { shape } = node.input(0).type;
  const extrapolated = node.float('extrapolation_value', 0);
  return wanted.reduce((x, { size, scale }, axis) => {
    const region = [roi?.[axis] ?? 0, roi?.[shape.length + axis] ?? 1] as const;
    const input = shape[axis] as number;
    if (size === input && Math.abs(scale - 1) < 1e-9 && region[0] === 0 && region[1] === 1) return x;
    const { rows, outside } = interpolationMatrix({ input, output: size, scale, region }, how);
    const y = applyMatrix(emit, x, axis, size, rows);
    if (outside.every((each) => each === 0)) return y;
    const mask = emit.constant([size, ...new Array<number>(shape.length - 1 - axis).fill(1)], outside);
    return emit.op('select', [mask, emit.fill([], extrapolated), y]);
  }, node.input(0));
}

function resize(node: OperatorContext): Value {
  const { shape } = node.input(0).type;
  const old = node.opset < 11;
  const given = node.ints('axes');
  const axes = given && given.length > 0 ? node.axes(given, shape.length) : [...shape.keys()];
  const some = (i: number): number[] | undefined => {
    const numbers = node.optionalNumbers(i);
    return numbers && numbers.length > 0 ? numbers : undefined;
  };
  const transform = node.text('coordinate_transformation_mode', old ? 'asymmetric' : 'half_pixel');
  const how: Interpolation = {
    mode: node.text('mode', 'nearest'),
    nearestMode: node.text('nearest_mode', old ? 'floor' : 'round_prefer_floor'),
    transform,
    cubic: node.float('cubic_coeff_a', -0.75),
    antialias: node.int('antialias', 0) === 1,
    excludeOutside: node.int('exclude_outside', 0) === 1,
  };
  const roi = !old && transform === 'tf_crop_and_resize' ? some(1) : undefined;
  const region =
    roi &&
    [...shape, ...shape].map((_, i) => {
      const place = axes.indexOf(i % shape.length);
      const end = i >= shape.length;
      return place < 0 ? Number(end) : (roi[end ? axes.length + place : place] as number);
    });
  const sizes = old ? undefined : some(3);
  return interpolated(node, how, targets(node, shape, axes, sizes ? undefined : some(old ? 1 : 2), sizes), region);
}

function upsample(node: OperatorContext): Value {
  const { shape } = node.input(0).type;
  const scales = node.optionalNumbers(1) ?? node.floats('scales');
  const how: Interpolation = {
    mode: node.text('mode', 'nearest'),
    nearestMode: 'floor',
    transform: 'asymmetric',
    cubic: -0.75,
    antialias: false,
    excludeOutside: false,
  };
  return interpolated(node, how, targets(node, shape, [...shape.keys()], scales, undefined), undefined);
}

/** https://onnx.ai/onnx/operators/ — images in other sizes, one axis after another. */
export default defineOperators('computes', { Resize: resize, Upsample: upsample });
