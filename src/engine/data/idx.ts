import { EngineError } from '../errors.ts';
import { formatShape, sizeOf } from '../ir/shape.ts';
import type { TypedArray } from '../ir/types.ts';

/** A tensor of an IDX file. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: TypedArray;
}

const TYPES: Readonly<Record<number, { name: string; bytes: number }>> = {
  8: { name: 'unsigned byte', bytes: 1 },
  12: { name: 'int32', bytes: 4 },
  13: { name: 'float32', bytes: 4 },
};

/**
 * Reads the format that MNIST is published in (http://yann.lecun.com/exdb/mnist/): two zero bytes, element type, number of
 * axes, big-endian sizes, big-endian elements. Unsigned bytes, int32 and float32 are understood.
 * @throws EngineError `bad-data` naming `file` and what is wrong.
 */
export function readIdx(bytes: Uint8Array, file: string): IdxArray {
  const refuse = (what: string): EngineError =>
    new EngineError('bad-data', `${file} is not an IDX file that can be read: ${what}`, file);
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0) throw refuse('it does not start with two zero bytes');
  const type = TYPES[bytes[2] as number];
  if (!type) throw refuse(`its element type is 0x${(bytes[2] as number).toString(16)}, expected 0x8, 0xc or 0xd`);
  const axes = bytes[3] as number;
  const start = 4 + 4 * axes;
  if (axes === 0 || axes > 8 || bytes.length < start) throw refuse(`it claims ${axes} axes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = sizeOf(shape);
  if (!Number.isSafeInteger(size) || start + size * type.bytes !== bytes.length) {
    throw refuse(`${formatShape(shape)} elements need ${size * type.bytes} bytes, it has ${bytes.length - start}`);
  }
  if (type.bytes === 1) return { shape, data: bytes.slice(start) };
  const data = type.name === 'int32' ? new Int32Array(size) : new Float32Array(size);
  for (let i = 0; i < size; i++) {
    data[i] = type.name === 'int32' ? view.getInt32(start + 4 * i) : view.getFloat32(start + 4 * i);
  }
  return { shape, data };
}

/** The bytes of an IDX file. */
export function writeIdx(data: TypedArray, shape: readonly number[]): Uint8Array {
  const [type, width] = data instanceof Uint8Array ? [0x08, 1] : [data instanceof Int32Array ? 0x0c : 0x0d, 4];
  const start = 4 + 4 * shape.length;
  const bytes = new Uint8Array(start + data.length * width);
  bytes.set([0, 0, type, shape.length]);
  const view = new DataView(bytes.buffer);
  for (const [axis, extent] of shape.entries()) view.setUint32(4 + 4 * axis, extent);
  if (data instanceof Uint8Array) bytes.set(data, start);
  else if (data instanceof Int32Array) for (const [i, value] of data.entries()) view.setInt32(start + 4 * i, value);
  else for (const [i, value] of data.entries()) view.setFloat32(start + 4 * i, value);
  return bytes;
}
