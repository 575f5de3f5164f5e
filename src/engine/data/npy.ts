import { EngineError } from '../errors.ts';
import { sizeOf } from '../ir/shape.ts';

export interface NpyArray {
  readonly shape: readonly number[];
  /** Integers of 64 bits are given as float64: exact below 2⁵³. */
  readonly data: Float64Array;
}

const READERS: Readonly<Record<string, { width: number; read: (view: DataView, at: number) => number }>> = {
  '<f4': { width: 4, read: (view, at) => view.getFloat32(at, true) },
  '<f8': { width: 8, read: (view, at) => view.getFloat64(at, true) },
  '<i4': { width: 4, read: (view, at) => view.getInt32(at, true) },
  '<i8': { width: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  '|u1': { width: 1, read: (view, at) => view.getUint8(at) },
};

/**
 * Reads NumPy's .npy format, versions 1 to 3, C order (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 * @throws EngineError `bad-data` naming `file` and what is wrong.
 */
export function readNpy(bytes: Uint8Array, file: string): NpyArray {
  const refuse = (what: string): never => {
    throw new EngineError('bad-data', `${file} is not an .npy file that can be read: ${what}`, file);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || String.fromCharCode(...bytes.subarray(1, 6)) !== 'NUMPY' || bytes[0] !== 0x93) {
    refuse('it does not start with NumPy’s magic string');
  }
  const major = bytes[6] as number;
  if (major < 1 || major > 3) refuse(`its version is ${major}, expected 1 to 3`);
  const lengthBytes = major === 1 ? 2 : 4;
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = 8 + lengthBytes + length;
  if (start > bytes.length) refuse('its header is cut off');
  const header = new TextDecoder().decode(bytes.subarray(8 + lengthBytes, start));
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1] ?? '';
  const reader = Object.hasOwn(READERS, descr) ? READERS[descr] : undefined;
  if (!reader) return refuse(`its type is "${descr}", expected one of ${Object.keys(READERS).join(', ')}`);
  if (/'fortran_order'\s*:\s*True/.test(header)) refuse('it is in Fortran order');
  const axes = /'shape'\s*:\s*\(([^)]*)\)/.exec(header)?.[1];
  if (axes === undefined) return refuse('its header has no shape');
  const shape = axes
    .split(',')
    .map((axis) => axis.trim())
    .filter(Boolean)
    .map(Number);
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) refuse(`its shape is (${axes})`);
  const size = sizeOf(shape);
  if (start + size * reader.width !== bytes.length) {
    refuse(`its shape (${axes}) needs ${size * reader.width} bytes, it has ${bytes.length - start}`);
  }
  return { shape, data: Float64Array.from({ length: size }, (_, i) => reader.read(view, start + i * reader.width)) };
}
