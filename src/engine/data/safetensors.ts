import { EngineError } from '../errors.ts';
import { sizeOf } from '../ir/shape.ts';

/** One tensor of a safetensors file. Other element types than float32 are converted when read. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A header longer than this is refused, as the format's own readers do. */
const LONGEST_HEADER = 100_000_000;
const BYTES: Readonly<Record<string, number>> = { F32: 4, F64: 8 };

/**
 * Reads a safetensors file (https://huggingface.co/docs/safetensors): a 64-bit length, a JSON header, then the tensors'
 * bytes, little-endian. F32 and F64 are understood.
 * @throws EngineError `bad-data` naming `file` and what is wrong.
 */
export function readSafetensors(bytes: Uint8Array, file: string): NamedTensor[] {
  const refuse = (what: string): never => {
    throw new EngineError('bad-data', `${file} is not a safetensors file that can be read: ${what}`, file);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) refuse('it is shorter than 8 bytes');
  const length = Number(view.getBigUint64(0, true));
  if (length > LONGEST_HEADER || 8 + length > bytes.length)
    refuse(`its header claims ${length} bytes of ${bytes.length}`);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length)));
  } catch (error) {
    refuse(`its header is no JSON (${(error as Error).message})`);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) refuse('its header is no object');
  const start = 8 + length;
  const tensors: NamedTensor[] = [];
  for (const [name, entry] of Object.entries(header as Record<string, unknown>)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
    const width = typeof dtype === 'string' && Object.hasOwn(BYTES, dtype) ? BYTES[dtype] : undefined;
    if (width === undefined) refuse(`tensor "${name}" has type ${String(dtype)}, expected F32 or F64`);
    if (!isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) {
      throw new EngineError('bad-data', `${file}: tensor "${name}" has no valid shape and offsets`, file);
    }
    const [from, to] = offsets as [number, number];
    const size = sizeOf(shape);
    if (to - from !== size * (width as number) || start + to > bytes.length) {
      refuse(`tensor "${name}" of shape [${shape.join(', ')}] claims bytes ${from} to ${to}`);
    }
    const data = new Float32Array(size);
    for (let i = 0; i < size; i++) {
      const at = start + from + i * (width as number);
      data[i] = width === 8 ? view.getFloat64(at, true) : view.getFloat32(at, true);
    }
    tensors.push({ name, shape, data });
  }
  return tensors;
}

/** Writes float32 tensors as a safetensors file; the header is padded so that the data start at a multiple of 8. */
export function writeSafetensors(tensors: readonly NamedTensor[]): Uint8Array {
  const header: Record<string, unknown> = {};
  let end = 0;
  for (const { name, shape, data } of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + data.length * 4] };
    end += data.length * 4;
  }
  const json = JSON.stringify(header);
  const text = new TextEncoder().encode(json + ' '.repeat((8 - (new TextEncoder().encode(json).length % 8)) % 8));
  const bytes = new Uint8Array(8 + text.length + end);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  let at = 8 + text.length;
  for (const { data } of tensors) {
    for (const value of data) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return bytes;
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && entry >= 0);
}
