import { EngineError } from '../errors.ts';
import { sizeOf } from '../ir/shape.ts';
import { elementFormat, elementTypeName, halfToNumber, isHeld } from './elementTypes.ts';
import type { OnnxTensor } from './model.ts';
import type { WireReader } from './wire.ts';

const MOST_AXES = 64;

/** Reads a TensorProto. @throws EngineError `bad-data` if its data do not fit its shape. */
export function readTensor(reader: WireReader): OnnxTensor {
  let name = '';
  let type = 0;
  let raw: Uint8Array | undefined;
  let external = false;
  const shape: number[] = [];
  const floats: number[] = [];
  const integers: number[] = [];
  const doubles: number[] = [];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    switch (field) {
      case 1:
        reader.integers(shape);
        break;
      case 2:
        type = reader.integer();
        break;
      case 4:
        reader.floats(floats);
        break;
      case 5:
      case 7:
        reader.integers(integers);
        break;
      case 8:
        name = reader.text();
        break;
      case 9:
        raw = reader.bytes();
        break;
      case 10:
        reader.doubles(doubles);
        break;
      case 11:
        reader.integers(integers, true);
        break;
      case 14:
        external = reader.integer() === 1;
        break;
      default:
        reader.skip();
    }
  }
  const what = `tensor "${name}"`;
  if (shape.length > MOST_AXES || shape.some((extent) => !Number.isSafeInteger(extent) || extent < 0)) {
    throw new EngineError('bad-data', `${what} has the impossible shape [${shape.slice(0, 8).join(', ')}]`);
  }
  const elementType = elementTypeName(type);
  const refuse = (problem: string): OnnxTensor => ({ name, shape, elementType, numbers: undefined, problem });
  if (external) {
    return refuse(`the data of ${what} are in another file; save the model with its weights inside`);
  }
  if (!isHeld(elementType)) return refuse(`${what} has elements of type ${elementType} (${type})`);
  const { width, read } = elementFormat(elementType);
  const size = sizeOf(shape);
  const length = Math.ceil(size * width);
  // Bytes and parts of them may also stand one in each of int32_data.
  const packed = raw ?? (width < 1 || elementType.startsWith('float8') ? Uint8Array.from(integers) : undefined);
  if (packed) {
    if (packed.length !== length) {
      throw new EngineError('bad-data', `${what} of shape [${shape}] needs ${length} bytes, it has ${packed.length}`);
    }
    const whole = width < 1 ? unpacked(packed, size, 8 * width) : packed;
    const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
    const step = Math.max(1, width);
    const numbers = elementType === 'float32' ? new Float32Array(size) : new Float64Array(size);
    for (let i = 0; i < size; i++) numbers[i] = read(view, i * step);
    return { name, shape, elementType, numbers, problem: undefined };
  }
  const given = elementType === 'float32' ? floats : elementType === 'float64' ? doubles : integers;
  if (given.length !== size) {
    throw new EngineError('bad-data', `${what} of shape [${shape}] needs ${size} numbers, it has ${given.length}`);
  }
  if (elementType === 'float32')
    return { name, shape, elementType, numbers: Float32Array.from(given), problem: undefined };
  // Short floats stand in int32_data as their bits.
  const bits = new DataView(new ArrayBuffer(2));
  const numbers = Float64Array.from(given, (value) => {
    if (elementType === 'float16') return halfToNumber(value & 0xffff);
    if (elementType !== 'bfloat16') return value;
    bits.setUint16(0, value & 0xffff, true);
    return read(bits, 0);
  });
  return { name, shape, elementType, numbers, problem: undefined };
}

/** Elements of a few bits, one a byte. */
function unpacked(bytes: Uint8Array, size: number, bits: number): Uint8Array {
  const each = 8 / bits;
  return Uint8Array.from(
    { length: size },
    (_, i) => ((bytes[Math.floor(i / each)] as number) >> (bits * (i % each))) & (2 ** bits - 1),
  );
}
