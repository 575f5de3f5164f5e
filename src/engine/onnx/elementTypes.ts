import { EngineError } from '../errors.ts';

/** TensorProto.DataType by number: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const NAMES = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'uint4',
  'int4',
  'float4e2m1',
  'float8e8m0',
  'uint2',
  'int2',
] as const;

export type ElementTypeName = (typeof NAMES)[number];

/** Element types that the engine can hold: all are float32 on a device, integers as long as that is exact. */
export type ElementType = keyof typeof HELD;

interface Held {
  readonly kind: 'float' | 'integer' | 'bool';
  /** Bytes of an element in raw data; less than one where several share a byte, the first in its lowest bits. */
  readonly width: number;
  /** Of whole bytes at a place; for less than one, of a byte with the element's bits alone. */
  readonly read: (view: DataView, at: number) => number;
  /** Of integers: whether negative ones exist. */
  readonly signed?: boolean;
}

const HELD = {
  float32: { kind: 'float', width: 4, read: (view, at) => view.getFloat32(at, true) },
  float64: { kind: 'float', width: 8, read: (view, at) => view.getFloat64(at, true) },
  float16: { kind: 'float', width: 2, read: (view, at) => halfToNumber(view.getUint16(at, true)) },
  bfloat16: { kind: 'float', width: 2, read: (view, at) => brainToNumber(view.getUint16(at, true)) },
  int8: { kind: 'integer', width: 1, signed: true, read: (view, at) => view.getInt8(at) },
  uint8: { kind: 'integer', width: 1, read: (view, at) => view.getUint8(at) },
  int16: { kind: 'integer', width: 2, signed: true, read: (view, at) => view.getInt16(at, true) },
  uint16: { kind: 'integer', width: 2, read: (view, at) => view.getUint16(at, true) },
  int32: { kind: 'integer', width: 4, signed: true, read: (view, at) => view.getInt32(at, true) },
  uint32: { kind: 'integer', width: 4, read: (view, at) => view.getUint32(at, true) },
  int64: { kind: 'integer', width: 8, signed: true, read: (view, at) => Number(view.getBigInt64(at, true)) },
  uint64: { kind: 'integer', width: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  float8e4m3fn: { kind: 'float', width: 1, read: (view, at) => shortToNumber(view.getUint8(at), 8, 3, 7, 'one') },
  float8e4m3fnuz: {
    kind: 'float',
    width: 1,
    read: (view, at) => shortToNumber(view.getUint8(at), 8, 3, 8, 'minusZero'),
  },
  float8e5m2: { kind: 'float', width: 1, read: (view, at) => shortToNumber(view.getUint8(at), 8, 2, 15, 'infinity') },
  float8e5m2fnuz: {
    kind: 'float',
    width: 1,
    read: (view, at) => shortToNumber(view.getUint8(at), 8, 2, 16, 'minusZero'),
  },
  float4e2m1: { kind: 'float', width: 0.5, read: (view, at) => shortToNumber(view.getUint8(at), 4, 1, 1, 'none') },
  int4: { kind: 'integer', width: 0.5, signed: true, read: (view, at) => (view.getUint8(at) << 28) >> 28 },
  uint4: { kind: 'integer', width: 0.5, read: (view, at) => view.getUint8(at) },
  int2: { kind: 'integer', width: 0.25, signed: true, read: (view, at) => (view.getUint8(at) << 30) >> 30 },
  uint2: { kind: 'integer', width: 0.25, read: (view, at) => view.getUint8(at) },
  bool: { kind: 'bool', width: 1, read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) },
} as const satisfies Record<string, Held>;

/** Integers from here on are not all float32 numbers. */
export const EXACT_LIMIT = 2 ** 24;

export function elementTypeName(number: number): ElementTypeName {
  return NAMES[number] ?? 'undefined';
}

export function isHeld(name: ElementTypeName): name is ElementType {
  return Object.hasOwn(HELD, name);
}

/** @throws EngineError `unsupported` for a type that the engine has no numbers for. */
export function heldType(number: number, where: string): ElementType {
  const name = elementTypeName(number);
  if (isHeld(name)) return name;
  throw new EngineError('unsupported', `${where} has elements of type ${name} (${number}), which the engine has not`);
}

export function elementFormat(type: ElementType): Held {
  return HELD[type];
}

export const isInteger = (type: ElementType): boolean => HELD[type].kind === 'integer';
export const isFloat = (type: ElementType): boolean => HELD[type].kind === 'float';

/** Bits of an integer type, up to which its arithmetic wraps around. */
export const bitsOf = (type: ElementType): number => 8 * HELD[type].width;

/** IEEE 754 half precision from its bits. */
export const halfToNumber = (bits: number): number => shortToNumber(bits, 16, 10, 15, 'infinity');

/**
 * A float from its bits. The formats differ in what they have beside numbers: as IEEE 754, NaN as all ones only, NaN in the
 * place of −0, or nothing: https://onnx.ai/onnx/technical/float8.html
 */
function shortToNumber(
  bits: number,
  length: number,
  digits: number,
  bias: number,
  special: 'infinity' | 'one' | 'minusZero' | 'none',
): number {
  const top = 2 ** (length - 1);
  const sign = bits >= top ? -1 : 1;
  const size = bits % top;
  const exponent = size >> digits;
  const fraction = size % 2 ** digits;
  const highest = 2 ** (length - 1 - digits) - 1;
  if (special === 'minusZero' && bits === top) return Number.NaN;
  if (special === 'one' && size === top - 1) return Number.NaN;
  if (special === 'infinity' && exponent === highest) return fraction === 0 ? sign / 0 : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias - digits);
  return sign * (1 + fraction / 2 ** digits) * 2 ** (exponent - bias);
}

const word = new DataView(new ArrayBuffer(4));

function brainToNumber(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}

/** A float with fewer digits than float32. */
export interface ShortFloat {
  /** Binary digits behind the point. */
  readonly digits: number;
  /** The smallest exponent with full digits. */
  readonly least: number;
  /** The largest number. */
  readonly most: number;
  /** What a larger one becomes. */
  readonly beyond: number;
}

const SHORT: Readonly<Partial<Record<ElementType, ShortFloat>>> = {
  float16: { digits: 10, least: -14, most: 65504, beyond: Number.POSITIVE_INFINITY },
  bfloat16: { digits: 7, least: -126, most: 3.3895313892515355e38, beyond: Number.POSITIVE_INFINITY },
  float8e4m3fn: { digits: 3, least: -6, most: 448, beyond: Number.NaN },
  float8e4m3fnuz: { digits: 3, least: -7, most: 240, beyond: Number.NaN },
  float8e5m2: { digits: 2, least: -14, most: 57344, beyond: Number.POSITIVE_INFINITY },
  float8e5m2fnuz: { digits: 2, least: -15, most: 57344, beyond: Number.NaN },
  float4e2m1: { digits: 1, least: 0, most: 6, beyond: 6 },
};

export const shortFloat = (type: ElementType): ShortFloat | undefined => SHORT[type];

/** A number rounded to the nearest one of its type, ties to even. */
export function roundToType(value: number, type: ElementType): number {
  const short = SHORT[type];
  if (!short || !Number.isFinite(value) || value === 0) return value;
  const exponent = Math.max(short.least, Math.floor(Math.log2(Math.abs(value))));
  const step = 2 ** (exponent - short.digits);
  const scaled = value / step;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const rounded = (rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor) * step;
  return Math.abs(rounded) > short.most ? Math.sign(rounded) * short.beyond : rounded;
}
