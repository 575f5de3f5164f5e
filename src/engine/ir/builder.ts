import { EngineError } from '../errors.ts';
import type { NodeEmitter } from './emitter.ts';
import { exactKey } from './exactKey.ts';
import { formatShape, MOST_ELEMENTS, sizeOf } from './shape.ts';
import type {
  OpAttributes,
  Operation,
  OpName,
  Program,
  ProgramInput,
  ProgramOutput,
  ProgramWrite,
  TensorType,
  Value,
} from './types.ts';

/** Finds an op's shape rule by name; passed in, so that the IR itself knows no op. */
export type OpLookup = <Name extends OpName>(
  name: Name,
) => { infer(inputs: readonly TensorType[], attributes: OpAttributes[Name]): readonly TensorType[] };

/** Records operations into a program. Equal operations on equal inputs are recorded once. */
export class ProgramBuilder implements NodeEmitter {
  readonly #lookup: OpLookup;
  readonly #inputs: ProgramInput[] = [];
  readonly #operations: Operation[] = [];
  readonly #outputs: ProgramOutput[] = [];
  readonly #writes: ProgramWrite[] = [];
  readonly #known = new Map<string, readonly Value[]>();
  #nextId = 0;
  #origin: string | undefined;

  constructor(lookup: OpLookup) {
    this.#lookup = lookup;
  }

  get operations(): readonly Operation[] {
    return this.#operations;
  }

  get inputs(): readonly ProgramInput[] {
    return this.#inputs;
  }

  input(name: string, type: TensorType): Value {
    if (this.#inputs.some((input) => input.name === name)) throw new Error(`input "${name}" exists already`);
    const value = this.#value(type);
    this.#inputs.push({ name, value });
    return value;
  }

  output(name: string, value: Value): void {
    this.#outputs.push({ name, value });
  }

  /** Lets the buffer of input `name` hold `value` after each run. */
  write(name: string, value: Value): void {
    this.#writes.push({ input: name, value });
  }

  from<Result>(origin: string, body: () => Result): Result {
    const outer = this.#origin;
    this.#origin = origin;
    try {
      return body();
    } finally {
      this.#origin = outer;
    }
  }

  op<Name extends OpName>(name: Name, inputs: readonly Value[], attributes?: OpAttributes[Name]): Value {
    return this.ops(name, inputs, attributes)[0] as Value;
  }

  ops<Name extends OpName>(name: Name, inputs: readonly Value[], attributes?: OpAttributes[Name]): readonly Value[] {
    const given = attributes ?? ({} as OpAttributes[Name]);
    const key = `${name}(${inputs.map((value) => value.id).join()})${exactKey(given)}`;
    const known = this.#known.get(key);
    if (known) return known;
    let types: readonly TensorType[];
    try {
      types = this.#lookup(name).infer(
        inputs.map((value) => value.type),
        given,
      );
    } catch (error) {
      const shapes = inputs.map((value) => formatShape(value.type.shape)).join(', ');
      throw new EngineError('shape-mismatch', `${name}(${shapes}): ${(error as Error).message}`, this.#origin);
    }
    const large = types.find((type) => sizeOf(type.shape) > MOST_ELEMENTS);
    if (large) {
      const shapes = inputs.map((value) => formatShape(value.type.shape)).join(', ');
      throw new EngineError(
        'out-of-memory',
        `${name}(${shapes}) would give ${formatShape(large.shape)}, ${sizeOf(large.shape).toExponential(1)} numbers: at most ${MOST_ELEMENTS.toExponential(0)} are possible. Use a smaller batch or smaller layers.`,
        this.#origin,
      );
    }
    const outputs = types.map((type) => this.#value(type));
    this.#operations.push({
      op: name,
      inputs,
      outputs,
      attributes: given,
      origin: this.#origin,
    } as unknown as Operation);
    this.#known.set(key, outputs);
    return outputs;
  }

  fill(shape: readonly number[], value: number): Value {
    return this.op('fill', [], { shape, value });
  }

  build(): Program {
    return { inputs: this.#inputs, operations: this.#operations, outputs: this.#outputs, writes: this.#writes };
  }

  #value(type: TensorType): Value {
    return { id: this.#nextId++, type };
  }
}
