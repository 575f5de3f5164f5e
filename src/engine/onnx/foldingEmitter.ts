import { EngineError } from '../errors.ts';
import type { ProgramBuilder } from '../ir/builder.ts';
import type { Emitter } from '../ir/emitter.ts';
import { formatShape, sizeOf } from '../ir/shape.ts';
import type { OpAttributes, OpName, Shape, TensorType, TypedArray, Value } from '../ir/types.ts';
import type { HostTensor } from '../ops/defineOp.ts';
import { opDefinition } from '../ops/registry.ts';

/** What is larger is left to the device: folding is for shapes, indices and scales. */
const MOST_FOLDED = 2 ** 14;
/** Elements that one import folds in all, so that no file keeps the host busy. */
const FOLDING_BUDGET = 2 ** 23;
export const MOST_ELEMENTS = 2 ** 28;
/** Numbers that an operator makes on the host: places, masks, matrices. */
const MOST_MADE = 2 ** 24;
const MOST_OPERATIONS = 100_000;

/** A graph needs numbers that only some of its inputs have: they must be known when it is imported. */
export class NeedsInputs extends Error {
  readonly inputs: readonly string[];

  constructor(inputs: readonly string[]) {
    super(`needs the numbers of ${inputs.join(', ')}`);
    this.inputs = inputs;
  }
}

/**
 * Records operations into a program, except those whose inputs are all known: they are computed at once, by the ops'
 * references. So shapes that a graph computes from shapes are numbers by the time an operator asks for them.
 */
export class FoldingEmitter implements Emitter {
  readonly #builder: ProgramBuilder;
  readonly #known = new Map<number, HostTensor>();
  readonly #placed = new Map<number, Value>();
  readonly #data = new Map<string, TypedArray>();
  readonly #makers = new Map<number, readonly Value[]>();
  #folded = 0;
  #operations = 0;

  constructor(builder: ProgramBuilder) {
    this.#builder = builder;
  }

  /** Contents of the program inputs that hold constants, by name. */
  get constants(): ReadonlyMap<string, TypedArray> {
    return this.#data;
  }

  constant(shape: Shape, data: TypedArray): Value {
    const type: TensorType = { shape, dtype: data instanceof Int32Array ? 'i32' : 'f32' };
    const value: Value = { id: -1 - this.#known.size, type };
    this.#known.set(value.id, { type, data });
    return value;
  }

  /** The numbers of a value if they do not depend on the program's inputs. */
  known(value: Value): HostTensor | undefined {
    return this.#known.get(value.id);
  }

  /** The value in the program: a constant becomes one of its inputs. */
  place(value: Value): Value {
    const host = this.#known.get(value.id);
    if (!host) return value;
    const placed = this.#placed.get(value.id) ?? this.#placeConstant(host);
    this.#placed.set(value.id, placed);
    return placed;
  }

  #placeConstant({ type, data }: HostTensor): Value {
    const first = data[0];
    if (type.dtype === 'f32' && first !== undefined && Number.isFinite(first) && !Object.is(first, -0)) {
      if (data.every((element) => element === first)) return this.#builder.fill(type.shape, first);
    }
    const name = `constant:${this.#data.size}`;
    this.#data.set(name, data);
    return this.#builder.input(name, type);
  }

  op<Name extends OpName>(name: Name, inputs: readonly Value[], attributes?: OpAttributes[Name]): Value {
    return this.ops(name, inputs, attributes)[0] as Value;
  }

  ops<Name extends OpName>(name: Name, inputs: readonly Value[], attributes?: OpAttributes[Name]): readonly Value[] {
    if (++this.#operations > MOST_OPERATIONS) {
      throw new EngineError('out-of-memory', `the model unrolls to more than ${MOST_OPERATIONS} operations`);
    }
    const given = attributes ?? ({} as OpAttributes[Name]);
    const folded = this.#fold(name, inputs, given);
    if (folded) return folded;
    const placed = inputs.map((value) => this.place(value));
    const outputs = this.#builder.ops(name, placed, given);
    for (const { id, type } of outputs) {
      refuseHuge(type.shape);
      this.#makers.set(id, placed);
    }
    return outputs;
  }

  fill(shape: readonly number[], value: number): Value {
    refuseHuge(shape);
    const size = sizeOf(shape);
    // A program's constants are written as text, which has no infinity.
    if (size <= MOST_FOLDED || !Number.isFinite(value)) return this.constant(shape, new Float32Array(size).fill(value));
    return this.#builder.fill(shape, value);
  }

  /** Names of the program's inputs that a value is computed from, constants left out. */
  dependencies(value: Value): string[] {
    const seen = new Set<number>();
    const open = [value];
    while (open.length > 0) {
      const { id } = open.pop() as Value;
      if (seen.has(id)) continue;
      seen.add(id);
      open.push(...(this.#makers.get(id) ?? []));
    }
    return this.#builder.inputs
      .filter((input) => seen.has(input.value.id) && !this.#data.has(input.name))
      .map(({ name }) => name);
  }

  #fold<Name extends OpName>(
    name: Name,
    inputs: readonly Value[],
    attributes: OpAttributes[Name],
  ): readonly Value[] | undefined {
    const hosts: HostTensor[] = [];
    for (const { id } of inputs) {
      const host = this.#known.get(id);
      if (!host) return undefined;
      hosts.push(host);
    }
    const definition = opDefinition(name);
    let types: readonly TensorType[];
    try {
      types = definition.infer(
        inputs.map(({ type }) => type),
        attributes,
      );
    } catch {
      // The builder says the same with the op's name and the shapes.
      return undefined;
    }
    const size = [...inputs.map(({ type }) => type), ...types].reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    if (size > MOST_FOLDED || this.#folded + size > FOLDING_BUDGET) return undefined;
    this.#folded += size;
    return definition
      .reference(hosts, attributes)
      .map((data, k) => this.constant((types[k] as TensorType).shape, data));
  }
}

/** @throws EngineError `out-of-memory` if an operator would make more numbers than any sensible model needs. */
export function requireRoom(size: number): number {
  if (size <= MOST_MADE) return size;
  throw new EngineError('out-of-memory', `${size} constants, at most ${MOST_MADE} are made`);
}

function refuseHuge(shape: Shape): void {
  if (sizeOf(shape) > MOST_ELEMENTS) {
    throw new EngineError('out-of-memory', `a tensor of ${formatShape(shape)} has more than ${MOST_ELEMENTS} elements`);
  }
}
