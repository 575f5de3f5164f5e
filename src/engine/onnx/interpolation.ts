import { EngineError } from '../errors.ts';
import { requireRoom } from './foldingEmitter.ts';

export interface Interpolation {
  readonly mode: string;
  readonly nearestMode: string;
  /** How a place of the output is found in the input. */
  readonly transform: string;
  readonly cubic: number;
  readonly antialias: boolean;
  readonly excludeOutside: boolean;
}

export interface AxisScale {
  readonly input: number;
  readonly output: number;
  readonly scale: number;
  /** Start and end of the region for tf_crop_and_resize, in shares of the axis. */
  readonly region: readonly [number, number];
}

/** The rows [output, input] that interpolate one axis, and which of them lie outside of the input. */
export interface InterpolationMatrix {
  readonly rows: Float32Array;
  readonly outside: Float32Array;
}

/** Where place `y` of the output lies in the input: https://onnx.ai/onnx/operators/onnx__Resize.html */
function origin(y: number, { input, output, scale, region }: AxisScale, transform: string): number {
  const exact = scale * input;
  switch (transform) {
    case 'half_pixel':
      return (y + 0.5) / scale - 0.5;
    case 'pytorch_half_pixel':
      return exact === 1 ? -0.5 : (y + 0.5) / scale - 0.5;
    case 'half_pixel_symmetric':
      return (input / 2) * (1 - output / exact) + (y + 0.5) / scale - 0.5;
    case 'align_corners':
      return exact === 1 ? 0 : (y * (input - 1)) / (exact - 1);
    case 'asymmetric':
      return y / scale;
    case 'tf_crop_and_resize': {
      const [start, end] = region;
      if (exact === 1) return ((end - start) * (input - 1)) / 2 + start * (input - 1);
      return (y * (end - start) * (input - 1)) / (exact - 1) + start * (input - 1);
    }
    default:
      throw new EngineError('unsupported', `Resize: coordinate_transformation_mode ${transform}`);
  }
}

/** Keys' cubic: https://doi.org/10.1109/TASSP.1981.1163711 */
export function cubicWeight(distance: number, a: number): number {
  const x = Math.abs(distance);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

function nearestWeights(ratio: number, mode: string): number[] {
  if (ratio === 1) return [0, 1];
  switch (mode) {
    case 'round_prefer_floor':
      return ratio <= 0.5 ? [1, 0] : [0, 1];
    case 'round_prefer_ceil':
      return ratio < 0.5 ? [1, 0] : [0, 1];
    case 'floor':
      return [1, 0];
    case 'ceil':
      return [0, 1];
    default:
      throw new EngineError('unsupported', `Resize: nearest_mode ${mode}`);
  }
}

/** Weights of the neighbours of a place that lies `ratio` behind the left one. */
function weights(ratio: number, scale: number, { mode, nearestMode, cubic, antialias }: Interpolation): number[] {
  if (mode === 'nearest') return nearestWeights(ratio, nearestMode);
  if (mode !== 'linear' && mode !== 'cubic') throw new EngineError('unsupported', `Resize: mode ${mode}`);
  const reach = mode === 'linear' ? 1 : 2;
  const shrink = antialias ? Math.min(1, scale) : 1;
  const start = Math.floor(-reach / shrink) + 1;
  const kernel = (x: number): number => (mode === 'linear' ? Math.max(0, 1 - Math.abs(x)) : cubicWeight(x, cubic));
  const found = Array.from({ length: 2 - 2 * start }, (_, i) => kernel(shrink * (start + i - ratio)));
  if (!antialias) return found;
  const sum = found.reduce((total, weight) => total + weight, 0);
  return found.map((weight) => weight / sum);
}

/** Number of the first of `count` neighbours: those that are nearest, the left ones first. */
function firstNeighbour(x: number, count: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (count % 2 === 0) return floor - count / 2 + (rest === 0 ? 0 : 1);
  return floor - (count - 1) / 2 + (rest <= 0.5 ? 0 : 1);
}

export function interpolationMatrix(axis: AxisScale, how: Interpolation): InterpolationMatrix {
  const { input, output, scale } = axis;
  const rows = new Float32Array(requireRoom(output * input));
  const outside = new Float32Array(output);
  for (let y = 0; y < output; y++) {
    const x = origin(y, axis, how.transform);
    if (how.transform === 'tf_crop_and_resize' && (x < 0 || x > input - 1)) {
      outside[y] = 1;
      continue;
    }
    const floor = Math.floor(x);
    const found = weights(x === floor ? 1 : x - floor, scale, how);
    const first = firstNeighbour(x, found.length);
    const inside = (k: number): boolean => first + k >= 0 && first + k < input;
    const total = how.excludeOutside ? found.reduce((sum, weight, k) => (inside(k) ? sum + weight : sum), 0) || 1 : 1;
    for (const [k, weight] of found.entries()) {
      if (how.excludeOutside && !inside(k)) continue;
      const at = y * input + Math.min(input - 1, Math.max(0, first + k));
      rows[at] = (rows[at] as number) + weight / total;
    }
  }
  return { rows, outside };
}
