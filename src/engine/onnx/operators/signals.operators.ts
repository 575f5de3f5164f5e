import type { Value } from '../../ir/types.ts';
import { access, term } from '../../kernels/access.ts';
import { load } from '../../kernels/expression.ts';
import { applyMatrix, plus, reshape, sliceAxis } from '../compose.ts';
import { defineOperators, type Operator } from '../defineOperators.ts';
import { heldType } from '../elementTypes.ts';
import type { GraphTensor } from '../graphTensor.ts';
import type { OperatorContext } from '../operatorContext.ts';

const MOST_LENGTH = 2048;

/** Cosines and sines [rows, columns] of 2π·row·column ÷ length, each times `factor(column)`. */
function waves(rows: number, columns: number, length: number, factor: (column: number) => number) {
  const [cos, sin] = [new Float32Array(rows * columns), new Float32Array(rows * columns)];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      // The product is taken modulo the length, so that angles stay small and exact.
      const angle = (2 * Math.PI * ((row * column) % length)) / length;
      cos[row * columns + column] = Math.cos(angle) * factor(column);
      sin[row * columns + column] = Math.sin(angle) * factor(column);
    }
  }
  return { cos, sin };
}

/** Fourier's transform along an axis of x […, 1 or 2]: products with a matrix of cosines and one of sines. */
function transform(node: OperatorContext, x: Value, axis: number, length: number, onesided: boolean): Value {
  const { emit } = node;
  const last = x.type.shape.length - 1;
  const complex = x.type.shape[last] === 2;
  const inverse = node.int('inverse', 0) === 1;
  if (length < 1 || length > MOST_LENGTH) node.unsupported(`a length of ${length}`);
  const extent = Math.min(x.type.shape[axis] as number, length);
  const cut = sliceAxis(emit, x, axis, 0, extent);
  const real = sliceAxis(emit, cut, last, 0, 1);
  if (inverse && onesided) {
    if (!complex) node.refuse('a spectrum without imaginary parts');
    // Half a spectrum: all but the ends stand for two.
    const twice = (column: number): number => (column === 0 || 2 * column === length ? 1 : 2) / length;
    const half = Math.min(extent, Math.floor(length / 2) + 1);
    const { cos, sin } = waves(length, half, length, twice);
    const parts = [real, sliceAxis(emit, cut, last, 1, 1)].map((part) => sliceAxis(emit, part, axis, 0, half));
    const [re, im] = parts as [Value, Value];
    return emit.op('subtract', [applyMatrix(emit, re, axis, length, cos), applyMatrix(emit, im, axis, length, sin)]);
  }
  const rows = onesided ? Math.floor(length / 2) + 1 : length;
  const { cos, sin } = waves(rows, extent, length, () => (inverse ? 1 / length : 1));
  const sign = inverse ? 1 : -1;
  const signed = sin.map((each) => each * sign);
  const [c, s] = [applyMatrix(emit, real, axis, rows, cos), applyMatrix(emit, real, axis, rows, signed)];
  if (!complex) return emit.op('concat', [c, s], { axis: last });
  const imaginary = sliceAxis(emit, cut, last, 1, 1);
  const re = emit.op('subtract', [c, applyMatrix(emit, imaginary, axis, rows, signed)]);
  return emit.op('concat', [re, plus(emit, s, applyMatrix(emit, imaginary, axis, rows, cos))], { axis: last });
}

function dft(node: OperatorContext): Value {
  const x = node.input(0);
  const rank = x.type.shape.length;
  const given = node.opset >= 20 ? (node.optionalNumbers(2)?.[0] ?? -2) : node.int('axis', 1);
  const axis = node.axis(given, rank);
  const onesided = node.int('onesided', 0) === 1;
  const extent = x.type.shape[axis] as number;
  const usual = onesided && node.int('inverse', 0) === 1 ? 2 * (extent - 1) : extent;
  return transform(node, x, axis, node.optionalNumbers(1)?.[0] ?? usual, onesided);
}

function shortTimeTransform(node: OperatorContext): Value {
  const { emit } = node;
  const x = node.input(0);
  const [batch, samples, parts] = x.type.shape as [number, number, number];
  const step = node.number(1);
  const window = node.optional(2);
  const length = node.optionalNumbers(3)?.[0] ?? window?.type.shape[0] ?? samples;
  const frames = 1 + Math.floor((samples - length) / step);
  if (!(frames >= 1 && step >= 1)) node.refuse(`frames of ${length} in ${samples} samples`);
  const dims = [batch, frames, length, parts];
  const places = [{ terms: [term(0)] }, { terms: [term(1, step), term(2)] }, { terms: [term(3)] }];
  const loads = [access(0, x.type.shape, dims, places)];
  const framed = emit.op('compute', [x], { spec: { kind: 'map', dims, loads, outputs: [load(0)] } });
  const weighted = window ? emit.op('multiply', [framed, reshape(emit, window, [length, 1])]) : framed;
  return transform(node, weighted, 2, length, node.int('onesided', 1) === 1);
}

/** A window function of the place's share of a whole turn. */
function windowFunction(at: (turn: number) => number): Operator {
  return (node): GraphTensor => {
    const size = node.number(0);
    if (!(size >= 0 && size <= 2 ** 20)) node.refuse(`a window of ${size}`);
    const period = node.int('periodic', 1) === 1 ? size : size - 1;
    const type = heldType(node.int('output_datatype', 1), node.where);
    return node.constant(
      type,
      [size],
      Float64Array.from({ length: size }, (_, i) => at((2 * Math.PI * i) / period)),
    );
  };
}

function melWeights(node: OperatorContext): GraphTensor {
  const [bins, length, rate, low, high] = [0, 1, 2, 3, 4].map((i) => node.number(i)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const rows = Math.floor(length / 2) + 1;
  if (!(bins >= 1 && bins <= 2 ** 12 && rows >= 1 && rows <= 2 ** 16)) node.refuse(`${bins} bins of ${length}`);
  const mel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700);
  const width = (mel(high) - mel(low)) / (bins + 2);
  const edges = Array.from({ length: bins + 2 }, (_, i) => {
    const hertz = 700 * (10 ** ((i * width + mel(low)) / 2595) - 1);
    return Math.floor(((length + 1) * hertz) / rate);
  });
  const numbers = new Float64Array(rows * bins);
  const put = (row: number, bin: number, value: number): void => {
    if (row >= 0 && row < rows) numbers[row * bins + bin] = value;
  };
  for (let bin = 0; bin < bins; bin++) {
    const [left, center, right] = edges.slice(bin, bin + 3) as [number, number, number];
    if (center === left) put(center, bin, 1);
    else for (let row = left; row <= center; row++) put(row, bin, (row - left) / (center - left));
    for (let row = center; row < right; row++) put(row, bin, (right - row) / (right - center));
  }
  return node.constant(heldType(node.int('output_datatype', 1), node.where), [rows, bins], numbers);
}

/** https://onnx.ai/onnx/operators/ — signals: Fourier's transform, windows, mel scales. */
export default defineOperators('computes', {
  DFT: dft,
  STFT: shortTimeTransform,
  HannWindow: windowFunction((turn) => 0.5 - 0.5 * Math.cos(turn)),
  HammingWindow: windowFunction((turn) => 25 / 46 - (21 / 46) * Math.cos(turn)),
  BlackmanWindow: windowFunction((turn) => 0.42 - 0.5 * Math.cos(turn) + 0.08 * Math.cos(2 * turn)),
  MelWeightMatrix: melWeights,
});
