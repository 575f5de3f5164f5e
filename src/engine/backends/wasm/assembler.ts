/** Value types of WebAssembly, by their binary codes. */
export const I32 = 0x7f;
export const I64 = 0x7e;
export const F32 = 0x7d;
export const V128 = 0x7b;
export type ValueType = typeof I32 | typeof I64 | typeof F32 | typeof V128;

/** Opcodes by name: https://webassembly.github.io/spec/core/appendix/index-instructions.html. SIMD ones have the prefix 0xfd. */
export const op = {
  unreachable: [0x00],
  else: [0x05],
  end: [0x0b],
  drop: [0x1a],
  select: [0x1b],
  'i32.load': [0x28, 2, 0],
  'f32.load': [0x2a, 2, 0],
  'i32.load8_u': [0x2d, 0, 0],
  'i32.store': [0x36, 2, 0],
  'f32.store': [0x38, 2, 0],
  'i32.eqz': [0x45],
  'i32.eq': [0x46],
  'i32.ne': [0x47],
  'i32.lt_s': [0x48],
  'i32.lt_u': [0x49],
  'i32.ge_s': [0x4e],
  'i32.add': [0x6a],
  'i32.sub': [0x6b],
  'i32.mul': [0x6c],
  'i32.div_s': [0x6d],
  'i32.rem_s': [0x6f],
  'i32.and': [0x71],
  'i32.xor': [0x73],
  'i32.shl': [0x74],
  'i32.shr_s': [0x75],
  'i32.shr_u': [0x76],
  'i64.mul': [0x7e],
  'i64.shr_u': [0x88],
  'i32.wrap_i64': [0xa7],
  'i32.trunc_sat_f32_s': [0xfc, 0],
  'i64.extend_i32_u': [0xad],
  'f32.convert_i32_s': [0xb2],
  'f32.convert_i32_u': [0xb3],
  'f32.mul': [0x94],
  'memory.copy': [0xfc, 10, 0, 0],
  'v128.load': [0xfd, 0, 0, 0],
  'v128.load32_splat': [0xfd, 9, 0, 0],
  'v128.load32_zero': [0xfd, 92, 0, 0],
  'v128.store': [0xfd, 11, 0, 0],
  'i8x16.splat': [0xfd, 15],
  'i32x4.splat': [0xfd, 17],
  'f32x4.splat': [0xfd, 19],
  'f32x4.eq': [0xfd, 65],
  'f32x4.ne': [0xfd, 66],
  'f32x4.lt': [0xfd, 67],
  'f32x4.gt': [0xfd, 68],
  'f32x4.le': [0xfd, 69],
  'f32x4.ge': [0xfd, 70],
  'v128.not': [0xfd, 77],
  'v128.and': [0xfd, 78],
  'v128.andnot': [0xfd, 79],
  'v128.or': [0xfd, 80],
  'v128.xor': [0xfd, 81],
  'v128.bitselect': [0xfd, 82],
  'f32x4.floor': [0xfd, 0x68],
  'f32x4.nearest': [0xfd, 0x6a],
  'f32x4.demote_f64x2_zero': [0xfd, 0x5e],
  'f64x2.promote_low_f32x4': [0xfd, 0x5f],
  'i16x8.extend_low_i8x16_u': [0xfd, 0x89, 0x01],
  'i32x4.extend_low_i16x8_u': [0xfd, 0xa9, 0x01],
  'i32x4.shl': [0xfd, 0xab, 0x01],
  'i32x4.shr_s': [0xfd, 0xac, 0x01],
  'i32x4.shr_u': [0xfd, 0xad, 0x01],
  'i32x4.add': [0xfd, 0xae, 0x01],
  'i32x4.sub': [0xfd, 0xb1, 0x01],
  'i32x4.eq': [0xfd, 0x37],
  'f32x4.abs': [0xfd, 0xe0, 0x01],
  'f32x4.neg': [0xfd, 0xe1, 0x01],
  'f32x4.sqrt': [0xfd, 0xe3, 0x01],
  'f32x4.add': [0xfd, 0xe4, 0x01],
  'f32x4.sub': [0xfd, 0xe5, 0x01],
  'f32x4.mul': [0xfd, 0xe6, 0x01],
  'f32x4.div': [0xfd, 0xe7, 0x01],
  'f32x4.min': [0xfd, 0xe8, 0x01],
  'f32x4.max': [0xfd, 0xe9, 0x01],
  'f64x2.ne': [0xfd, 0x48],
  'f64x2.lt': [0xfd, 0x49],
  'f64x2.gt': [0xfd, 0x4a],
  'i64x2.extend_low_i32x4_s': [0xfd, 0xc7, 0x01],
  'i64x2.shl': [0xfd, 0xcb, 0x01],
  'i64x2.shr_u': [0xfd, 0xcd, 0x01],
  'f64x2.nearest': [0xfd, 0x94, 0x01],
  'f64x2.abs': [0xfd, 0xec, 0x01],
  'f64x2.add': [0xfd, 0xf0, 0x01],
  'f64x2.sub': [0xfd, 0xf1, 0x01],
  'f64x2.mul': [0xfd, 0xf2, 0x01],
  'f64x2.div': [0xfd, 0xf3, 0x01],
  'f64x2.min': [0xfd, 0xf4, 0x01],
  'f64x2.max': [0xfd, 0xf5, 0x01],
  'i32x4.trunc_sat_f32x4_s': [0xfd, 0xf8, 0x01],
  'i32x4.trunc_sat_f64x2_s_zero': [0xfd, 0xfc, 0x01],
  'f64x2.convert_low_i32x4_s': [0xfd, 0xfe, 0x01],
  'f32x4.convert_i32x4_s': [0xfd, 0xfa, 0x01],
  'f32x4.relaxed_madd': [0xfd, 0x85, 0x02],
} as const satisfies Record<string, readonly number[]>;

export type Instruction = keyof typeof op;

/** One function under construction. Parameters are the first locals. */
export class FunctionBuilder {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly #locals: ValueType[] = [];
  readonly #code: number[] = [];

  constructor(parameters: readonly ValueType[], results: readonly ValueType[] = []) {
    this.parameters = parameters;
    this.results = results;
  }

  /** A new local; its number. */
  local(type: ValueType): number {
    this.#locals.push(type);
    return this.parameters.length + this.#locals.length - 1;
  }

  emit(...instructions: Instruction[]): this {
    for (const instruction of instructions) this.#code.push(...op[instruction]);
    return this;
  }

  get(local: number): this {
    this.#code.push(0x20, ...unsigned(local));
    return this;
  }

  set(local: number): this {
    this.#code.push(0x21, ...unsigned(local));
    return this;
  }

  tee(local: number): this {
    this.#code.push(0x22, ...unsigned(local));
    return this;
  }

  call(index: number): this {
    this.#code.push(0x10, ...unsigned(index));
    return this;
  }

  i32(value: number): this {
    this.#code.push(0x41, ...signed(value | 0));
    return this;
  }

  i64(value: bigint): this {
    this.#code.push(0x42, ...signed64(value));
    return this;
  }

  f32(value: number): this {
    this.#code.push(0x43, ...new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  /** A vector of four equal float32. */
  splat(value: number): this {
    return this.#vector(new Uint8Array(Float32Array.of(value, value, value, value).buffer));
  }

  lanes(values: readonly [number, number, number, number]): this {
    return this.#vector(new Uint8Array(Float32Array.from(values).buffer));
  }

  /** A vector of four equal int32. */
  splatBits(value: number): this {
    return this.#vector(new Uint8Array(Int32Array.of(value, value, value, value).buffer));
  }

  /** A vector of two equal int64. */
  splatLong(value: bigint): this {
    return this.#vector(new Uint8Array(BigInt64Array.of(value, value).buffer));
  }

  /** A vector of two equal float64. */
  splatDouble(value: number): this {
    return this.#vector(new Uint8Array(Float64Array.of(value, value).buffer));
  }

  /** Loads at a constant byte offset from the address on the stack. */
  vectorLoadAt(offset: number, instruction: 'v128.load' | 'v128.load32_splat'): this {
    this.#code.push(...op[instruction].slice(0, 2), 0, ...unsigned(offset));
    return this;
  }

  storeAt(offset: number, instruction: 'v128.store' | 'f32.store'): this {
    const [first, second] = op[instruction];
    if (instruction === 'v128.store') this.#code.push(first as number, second as number, 0, ...unsigned(offset));
    else this.#code.push(first as number, 2, ...unsigned(offset));
    return this;
  }

  loadAt(offset: number, instruction: 'f32.load' | 'i32.load'): this {
    this.#code.push(op[instruction][0], 2, ...unsigned(offset));
    return this;
  }

  extractLane(lane: number): this {
    this.#code.push(0xfd, 31, lane);
    return this;
  }

  replaceLane(lane: number): this {
    this.#code.push(0xfd, 32, lane);
    return this;
  }

  replaceIntLane(lane: number): this {
    this.#code.push(0xfd, 28, lane);
    return this;
  }

  /** Stores one lane of the vector on the stack to the address below it. */
  storeLane(lane: number): this {
    this.#code.push(0xfd, 90, 0, 0, lane);
    return this;
  }

  /** Picks 32-bit lanes of two vectors: 0–3 from the first, 4–7 from the second. */
  shuffle(picks: readonly [number, number, number, number]): this {
    this.#code.push(0xfd, 13);
    for (const pick of picks) for (let byte = 0; byte < 4; byte++) this.#code.push(4 * pick + byte);
    return this;
  }

  /** Runs `body` for the counter from `start` below `end` by `step`; both may be constants or locals. */
  loop(counter: number, start: Bound, end: Bound, step: number, body: () => void): void {
    this.#bound(start).set(counter);
    this.#code.push(0x02, 0x40, 0x03, 0x40);
    this.get(counter);
    this.#bound(end).emit('i32.ge_s');
    this.#code.push(0x0d, 1);
    body();
    this.get(counter).i32(step).emit('i32.add').set(counter);
    this.#code.push(0x0c, 0, 0x0b, 0x0b);
  }

  /** Runs `body`, which moves `position`, until that is at `end`; not at all if it is there at first. One branch a turn. */
  repeat(position: { readonly local: number }, end: { readonly local: number }, body: () => void): void {
    const apart = () => this.get(position.local).get(end.local).emit('i32.ne');
    apart().when(() => {
      this.#code.push(0x03, 0x40);
      body();
      apart();
      this.#code.push(0x0d, 0, 0x0b);
    });
  }

  /** Both branches leave a value of `type`; the condition is on the stack. */
  choose(type: ValueType, then: () => void, otherwise: () => void): this {
    this.#code.push(0x04, type);
    then();
    this.emit('else');
    otherwise();
    return this.emit('end');
  }

  /** Runs `then` if the condition on the stack is not 0, else `otherwise`. */
  when(then: () => void, otherwise?: () => void): this {
    this.#code.push(0x04, 0x40);
    then();
    if (otherwise) {
      this.emit('else');
      otherwise();
    }
    return this.emit('end');
  }

  /** The function's entry in the code section. */
  body(): number[] {
    const locals = this.#locals.flatMap((type) => [1, type]);
    const content = [...unsigned(this.#locals.length), ...locals];
    return [...unsigned(content.length + this.#code.length + 1), ...content, ...this.#code, 0x0b];
  }

  #bound(bound: Bound): this {
    return typeof bound === 'number' ? this.i32(bound) : this.get(bound.local);
  }

  #vector(bytes: Uint8Array): this {
    this.#code.push(0xfd, 12, ...bytes);
    return this;
  }
}

export type Bound = number | { readonly local: number };

/** A module that imports one memory (`env.memory`) and exports some of its functions. */
export class ModuleBuilder {
  readonly #functions: FunctionBuilder[] = [];
  readonly #exports: { name: string; index: number }[] = [];

  add(build: FunctionBuilder, name?: string): number {
    const index = this.#functions.push(build) - 1;
    if (name !== undefined) this.#exports.push({ name, index });
    return index;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const types = this.#functions.map(({ parameters, results }) => [
      0x60,
      ...list(parameters.map((type) => [type])),
      ...list(results.map((type) => [type])),
    ]);
    const memory = [...text('env'), ...text('memory'), 2, 0, 0];
    return Uint8Array.from([
      0,
      0x61,
      0x73,
      0x6d,
      1,
      0,
      0,
      0,
      ...section(1, list(types)),
      ...section(2, list([memory])),
      ...section(3, list(this.#functions.map((_, i) => unsigned(i)))),
      ...section(7, list(this.#exports.map(({ name, index }) => [...text(name), 0, ...unsigned(index)]))),
      ...section(10, list(this.#functions.map((build) => build.body()))),
    ]);
  }
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function list(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(name: string): number[] {
  const bytes = new TextEncoder().encode(name);
  return [...unsigned(bytes.length), ...bytes];
}

/** LEB128 of a number that is not negative. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const byte = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest ? byte | 0x80 : byte);
  } while (rest);
  return bytes;
}

function signed(value: number): number[] {
  return signed64(BigInt(value));
}

function signed64(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    if ((rest === 0n && !(byte & 0x40)) || (rest === -1n && byte & 0x40)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}
