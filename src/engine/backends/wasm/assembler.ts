import { type Instruction, op } from './opcodes.ts';

/** Value types of WebAssembly, by their binary codes. */
export const I32 = 0x7f;
export const I64 = 0x7e;
export const F32 = 0x7d;
export const V128 = 0x7b;
export type ValueType = typeof I32 | typeof I64 | typeof F32 | typeof V128;

/** One function under construction. Parameters are the first locals. */
export class FunctionBuilder {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly #locals: ValueType[] = [];
  readonly #code: number[] = [];
  /** Code that runs before all other. */
  readonly #start: number[] = [];
  /** By their bits: 0 and −0 are two. */
  readonly #constants = new Map<number, number>();

  constructor(parameters: readonly ValueType[], results: readonly ValueType[] = []) {
    this.parameters = parameters;
    this.results = results;
  }

  /** A new local; its number. */
  local(type: ValueType): number {
    this.#locals.push(type);
    return this.parameters.length + this.#locals.length - 1;
  }

  /** A local that holds a vector of four equal float32 from the start: a loop that uses many has them at hand. */
  constant(value: number): number {
    const bits = new Int32Array(Float32Array.of(value).buffer)[0] as number;
    const known = this.#constants.get(bits);
    if (known !== undefined) return known;
    const local = this.local(V128);
    const bytes = new Uint8Array(Float32Array.of(value, value, value, value).buffer);
    this.#start.push(0xfd, 12, ...bytes, 0x21, ...unsigned(local));
    this.#constants.set(bits, local);
    return local;
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

  /** A vector of sixteen equal bytes. */
  splatByte(value: number): this {
    return this.#vector(new Uint8Array(16).fill(value));
  }

  /** The bytes 0, 1, … 15. */
  bytesUpward(): this {
    return this.#vector(Uint8Array.from({ length: 16 }, (_, i) => i));
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
  vectorLoadAt(
    offset: number,
    instruction: 'v128.load' | 'v128.load32_splat' | 'v128.load32_zero' | 'v128.load64_zero',
  ): this {
    this.#code.push(...op[instruction].slice(0, 2), 0, ...unsigned(offset));
    return this;
  }

  storeAt(offset: number, instruction: 'v128.store' | 'f32.store'): this {
    const [first, second] = op[instruction];
    if (instruction === 'v128.store') this.#code.push(first as number, second as number, 0, ...unsigned(offset));
    else this.#code.push(first as number, 2, ...unsigned(offset));
    return this;
  }

  loadAt(offset: number, instruction: 'f32.load' | 'i32.load' | 'i32.load8_u'): this {
    const [code, alignment] = op[instruction];
    this.#code.push(code, alignment, ...unsigned(offset));
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

  /** Stores one lane of the vector on the stack to the address below it, plus a constant. */
  storeLane(lane: number, offset = 0): this {
    this.#code.push(0xfd, 90, 0, ...unsigned(offset), lane);
    return this;
  }

  /** Picks 32-bit lanes of two vectors: 0–3 from the first, 4–7 from the second. */
  shuffle(picks: readonly [number, number, number, number]): this {
    this.#code.push(0xfd, 13);
    for (const pick of picks) for (let byte = 0; byte < 4; byte++) this.#code.push(4 * pick + byte);
    return this;
  }

  /** The smaller of two, as signed numbers. */
  smaller(a: Bound, b: Bound): this {
    return this.bound(a).bound(b).bound(a).bound(b).emit('i32.lt_s', 'select');
  }

  /** A constant or the value of a local. */
  bound(bound: Bound): this {
    return typeof bound === 'number' ? this.i32(bound) : this.get(bound.local);
  }

  /** Runs `body` for the counter from `start` below `end` by `step`; both may be constants or locals. */
  loop(counter: number, start: Bound, end: Bound, step: number, body: () => void): void {
    this.bound(start).set(counter);
    this.#code.push(0x02, 0x40, 0x03, 0x40);
    this.get(counter);
    this.bound(end).emit('i32.ge_s');
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
    const size = content.length + this.#start.length + this.#code.length + 1;
    return [...unsigned(size), ...content, ...this.#start, ...this.#code, 0x0b];
  }

  #vector(bytes: Uint8Array): this {
    this.#code.push(0xfd, 12, ...bytes);
    return this;
  }
}

export type Bound = number | { readonly local: number };

/** A module that imports one memory (`env.memory`), and functions of others if need be, and exports some of its own. */
export class ModuleBuilder {
  readonly #imports: { name: string; parameters: readonly ValueType[] }[] = [];
  readonly #functions: FunctionBuilder[] = [];
  readonly #exports: { name: string; index: number }[] = [];

  /** A function from outside (`env.NAME`), without results; before any of the module's own. The number to call it by. */
  import(name: string, parameters: readonly ValueType[]): number {
    if (this.#functions.length > 0) throw new Error(`import "${name}" before functions are added`);
    return this.#imports.push({ name, parameters }) - 1;
  }

  add(build: FunctionBuilder, name?: string): number {
    const index = this.#imports.length + this.#functions.push(build) - 1;
    if (name !== undefined) this.#exports.push({ name, index });
    return index;
  }

  /** The binary; `shared` says that the memory is one that threads share, of up to 2³² bytes. */
  bytes(shared = false): Uint8Array<ArrayBuffer> {
    const signatures = [
      ...this.#imports.map(({ parameters }) => ({ parameters, results: [] })),
      ...this.#functions.map(({ parameters, results }) => ({ parameters, results })),
    ];
    const types = signatures.map(({ parameters, results }) => [
      0x60,
      ...list(parameters.map((type) => [type])),
      ...list(results.map((type) => [type])),
    ]);
    const memory = [...text('env'), ...text('memory'), 2, ...(shared ? [3, 0, ...unsigned(65536)] : [0, 0])];
    const imports = this.#imports.map(({ name }, i) => [...text('env'), ...text(name), 0, ...unsigned(i)]);
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
      ...section(2, list([memory, ...imports])),
      ...section(3, list(this.#functions.map((_, i) => unsigned(imports.length + i)))),
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
