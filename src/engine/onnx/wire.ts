import { EngineError } from '../errors.ts';

/** How a field is written: https://protobuf.dev/programming-guides/encoding/ */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

const text = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads protobuf's wire format from bytes that may be anything: every read is checked against the message's end, and
 * what a message yields is never larger than a small multiple of its bytes.
 * @throws EngineError `bad-data` saying at which byte what was wrong.
 */
export class WireReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  #at: number;
  #wire = 0;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
    this.#end = end;
  }

  /** The number of the next field, or 0 at the end. What is not read by the caller must be skipped. */
  next(): number {
    if (this.#at >= this.#end) return 0;
    const key = this.#varint();
    this.#wire = Number(key & 7n);
    const field = Number(key >> 3n);
    if (field < 1 || field > 536_870_911) this.#refuse(`field number ${field}`);
    return field;
  }

  skip(): void {
    switch (this.#wire) {
      case VARINT:
        this.#varint();
        return;
      case FIXED64:
        this.#take(8);
        return;
      case BYTES:
        this.#take(this.#length());
        return;
      case FIXED32:
        this.#take(4);
        return;
      default:
        this.#refuse(`wire type ${this.#wire}`);
    }
  }

  /** A signed integer; beyond 2⁵³ the nearest number. */
  integer(): number {
    this.#expect(VARINT);
    return Number(BigInt.asIntN(64, this.#varint()));
  }

  float(): number {
    this.#expect(FIXED32);
    return this.#view.getFloat32(this.#take(4), true);
  }

  bytes(): Uint8Array {
    this.#expect(BYTES);
    const length = this.#length();
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  text(): string {
    const at = this.#at;
    try {
      return text.decode(this.bytes());
    } catch (error) {
      if (error instanceof EngineError) throw error;
      throw new EngineError('bad-data', `this is no ONNX file: text at byte ${at} is not UTF-8`);
    }
  }

  message(): WireReader {
    this.#expect(BYTES);
    const length = this.#length();
    const at = this.#take(length);
    return new WireReader(this.#bytes, at, at + length);
  }

  /** Adds a repeated integer: one, or many packed. `unsigned` for uint64. */
  integers(into: number[], unsigned = false): void {
    const read = (reader: WireReader): number =>
      Number(unsigned ? reader.#varint() : BigInt.asIntN(64, reader.#varint()));
    if (this.#wire === VARINT) {
      into.push(read(this));
      return;
    }
    const packed = this.message();
    while (packed.#at < packed.#end) into.push(read(packed));
  }

  floats(into: number[]): void {
    this.#fixed(into, FIXED32, 4, (at) => this.#view.getFloat32(at, true));
  }

  doubles(into: number[]): void {
    this.#fixed(into, FIXED64, 8, (at) => this.#view.getFloat64(at, true));
  }

  #fixed(into: number[], wire: number, width: number, read: (at: number) => number): void {
    if (this.#wire === wire) {
      into.push(read(this.#take(width)));
      return;
    }
    const { byteOffset, length } = this.bytes();
    if (length % width !== 0) this.#refuse(`${length} bytes of numbers that take ${width} each`);
    const start = byteOffset - this.#bytes.byteOffset;
    for (let at = start; at < start + length; at += width) into.push(read(at));
  }

  #length(): number {
    const length = this.#varint();
    if (length > BigInt(this.#end - this.#at)) this.#refuse(`a length of ${length} with ${this.#end - this.#at} left`);
    return Number(length);
  }

  /** Moves on by so many bytes and gives where they start. */
  #take(count: number): number {
    if (this.#at + count > this.#end) this.#refuse('the end of the message, where more is expected');
    const at = this.#at;
    this.#at += count;
    return at;
  }

  #varint(): bigint {
    let low = 0;
    let scale = 1;
    // Most numbers are short: no bigint until the fifth byte.
    for (let i = 0; i < 4; i++) {
      const byte = this.#bytes[this.#take(1)] as number;
      low += (byte & 0x7f) * scale;
      if (byte < 0x80) return BigInt(low);
      scale *= 128;
    }
    let value = BigInt(low);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#take(1)] as number;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    return this.#refuse('a number of more than ten bytes');
  }

  #expect(wire: number): void {
    if (this.#wire !== wire) this.#refuse(`wire type ${this.#wire} instead of ${wire}`);
  }

  #refuse(what: string): never {
    throw new EngineError('bad-data', `this is no ONNX file: ${what} at byte ${this.#at}`);
  }
}
