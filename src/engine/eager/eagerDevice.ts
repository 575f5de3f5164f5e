import { gradients } from '../autograd/gradients.ts';
import type { Backend, DeviceBuffer, Executable } from '../backends/backend.ts';
import { EngineError } from '../errors.ts';
import { ProgramBuilder } from '../ir/builder.ts';
import type { NodeEmitter } from '../ir/emitter.ts';
import { sizeOf } from '../ir/shape.ts';
import type { DType, OpAttributes, OpName, Shape, TensorType, TypedArray, Value } from '../ir/types.ts';
import { opDefinition } from '../ops/registry.ts';
import { historyOf } from './tape.ts';
import {
  type BackwardOptions,
  type MemoryCell,
  type Storage,
  type TapeEntry,
  Tensor,
  type TensorDevice,
} from './tensor.ts';

/** One op, compiled for the types of its inputs. */
interface CompiledOp {
  readonly executable: Executable;
  readonly outputs: readonly TensorType[];
}

/** Compiled ops beyond this many are forgotten, oldest first: shapes may change at each step. */
const MOST_COMPILED = 2000;

/**
 * Runs operations one by one as they are asked for, and keeps those that gradients will need on a tape. An `Emitter`, so
 * layers, gradients and optimizers that are written for programs run here unchanged.
 */
export class EagerDevice implements NodeEmitter, TensorDevice {
  readonly backend: Backend;
  readonly #compiled = new Map<string, CompiledOp>();
  /** Frees the memory of tensors that nobody can reach any more. */
  readonly #finalizer = new FinalizationRegistry<MemoryCell>((cell) => this.release(cell));
  /** Tensors made since each open scope began, innermost last. */
  readonly #scopes: Tensor[][] = [];
  #recording = true;
  #origin: string | undefined;
  #nextId = 0;

  constructor(backend: Backend) {
    this.backend = backend;
  }

  op<Name extends OpName>(name: Name, inputs: readonly Value[], attributes?: OpAttributes[Name]): Tensor {
    return this.ops(name, inputs, attributes)[0] as Tensor;
  }

  ops<Name extends OpName>(name: Name, inputs: readonly Value[], attributes?: OpAttributes[Name]): readonly Tensor[] {
    return this.apply(
      name,
      inputs.map((value) => this.#own(value)),
      attributes ?? ({} as OpAttributes[Name]),
    );
  }

  apply<Name extends OpName>(name: Name, inputs: readonly Tensor[], attributes: OpAttributes[Name]): readonly Tensor[] {
    for (const input of inputs) this.#own(input);
    const { executable, outputs: types } = this.#compile(name, inputs, attributes);
    const tracked = this.#recording && inputs.some(({ requiresGrad }) => requiresGrad);
    const outputs = types.map((type) => this.#make(type, undefined, tracked && type.dtype === 'f32'));
    const buffers: Record<string, DeviceBuffer> = {};
    for (const [i, input] of inputs.entries()) buffers[`in${i}`] = bufferOf(input);
    for (const [k, output] of outputs.entries()) buffers[`out${k}`] = bufferOf(output);
    const plan = executable.bind(buffers);
    plan.run();
    plan.dispose();
    if (tracked) {
      const versions = inputs.map(({ storage }) => storage.cell.version);
      const operation = {
        op: name,
        inputs,
        outputs,
        attributes,
        origin: this.#origin,
        versions,
      } as unknown as TapeEntry;
      for (const output of outputs) output.producer = operation;
    }
    return outputs;
  }

  fill(shape: readonly number[], value: number): Tensor {
    return this.#make({ shape, dtype: 'f32' }, new Float32Array(sizeOf(shape)).fill(value), false);
  }

  scalar(value: number): Tensor {
    return this.fill([], value);
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

  /** A new leaf that holds a copy of `data`. @throws EngineError `shape-mismatch` if their sizes differ. */
  leaf(data: TypedArray, shape: Shape, dtype: DType, requiresGrad: boolean): Tensor {
    if (data.length !== sizeOf(shape)) {
      throw new EngineError('shape-mismatch', `${data.length} numbers do not fill a tensor of ${shape.join('×')}`);
    }
    if (requiresGrad && dtype !== 'f32') {
      throw new EngineError('unsupported', `only float32 tensors can require a gradient, this one is ${dtype}`);
    }
    return this.#make({ shape, dtype }, data, requiresGrad);
  }

  /** Runs `body` without keeping a tape. */
  noGrad<Result>(body: () => Result): Result {
    return this.#record(false, body);
  }

  /**
   * Frees all tensors made inside `body` except those that it returns (alone, or in a list or a record), gradients of
   * leaves, and what `assign` put into them. WebAssembly and GPU memory fills faster than the collector notices: put
   * the body of a training loop in here.
   */
  scope<Result>(body: () => Result): Result {
    const made: Tensor[] = [];
    this.#scopes.push(made);
    let kept = new Set<Storage>();
    try {
      const result = body();
      kept = storagesIn(result);
      return result;
    } finally {
      this.#scopes.pop();
      const outer = this.#scopes.at(-1);
      for (const tensor of made) {
        if (kept.has(tensor.storage)) outer?.push(tensor);
        else tensor.dispose();
      }
    }
  }

  /** Lets `target` hold what `source` holds, and frees the latter. Both are leaves of one type. */
  assign(target: Tensor, source: Tensor): void {
    const { cell } = target.storage;
    this.release(cell);
    cell.buffer = bufferOf(source);
    cell.version++;
    source.storage.cell.buffer = undefined;
  }

  backward(scalar: Tensor, { retainGraph = false, createGraph = false }: BackwardOptions): void {
    const { operations, leaves } = historyOf(scalar);
    if (leaves.length === 0) {
      throw new EngineError('unsupported', 'nothing behind this tensor requires a gradient');
    }
    const found = this.#record(createGraph, () => gradients(this, operations, scalar, leaves));
    for (const [i, leaf] of leaves.entries()) {
      const more = found[i] && this.#own(found[i]);
      if (!more) continue;
      const old = leaf.grad;
      // A copy even where nothing is added: two leaves may have been given the same tensor.
      const sum = this.#record(createGraph, () => (old ? old.add(more) : more.reshape(more.shape)));
      leaf.grad = this.keep(sum);
      if (old && !createGraph) old.dispose();
    }
    if (retainGraph || createGraph) return;
    for (const { outputs } of operations) for (const output of outputs) this.#own(output).producer = 'freed';
  }

  async read(storage: Storage): Promise<TypedArray> {
    return this.backend.read(bufferIn(storage.cell));
  }

  release(cell: MemoryCell): void {
    if (cell.buffer) this.backend.release(cell.buffer);
    cell.buffer = undefined;
  }

  /** Takes a tensor out of the open scopes: it lives until its owner lets go of it. */
  keep(tensor: Tensor): Tensor {
    for (const scope of this.#scopes) {
      const at = scope.indexOf(tensor);
      if (at >= 0) scope.splice(at, 1);
    }
    return tensor;
  }

  #record<Result>(recording: boolean, body: () => Result): Result {
    const outer = this.#recording;
    this.#recording = recording;
    try {
      return body();
    } finally {
      this.#recording = outer;
    }
  }

  #make(type: TensorType, data: TypedArray | undefined, requiresGrad: boolean): Tensor {
    const storage: Storage = { cell: { buffer: this.backend.allocate(type, data), version: 0 } };
    this.#finalizer.register(storage, storage.cell);
    const tensor = new Tensor(this, this.#nextId++, type, storage, requiresGrad);
    this.#scopes.at(-1)?.push(tensor);
    return tensor;
  }

  #compile<Name extends OpName>(name: Name, inputs: readonly Tensor[], attributes: OpAttributes[Name]): CompiledOp {
    const types = inputs.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`);
    const key = `${name}(${types.join()})${JSON.stringify(attributes)}`;
    const known = this.#compiled.get(key);
    if (known) return known;
    const builder = new ProgramBuilder(opDefinition);
    const values = inputs.map(({ type }, i) => builder.input(`in${i}`, type));
    const results =
      this.#origin === undefined
        ? builder.ops(name, values, attributes)
        : builder.from(this.#origin, () => builder.ops(name, values, attributes));
    for (const [k, value] of results.entries()) builder.output(`out${k}`, value);
    const compiled = { executable: this.backend.compile(builder.build()), outputs: results.map(({ type }) => type) };
    if (this.#compiled.size >= MOST_COMPILED) {
      for (const oldest of this.#compiled.keys()) {
        this.#compiled.delete(oldest);
        break;
      }
    }
    this.#compiled.set(key, compiled);
    return compiled;
  }

  #own(value: Value): Tensor {
    if (value instanceof Tensor && value.device === this) return value;
    throw new EngineError('bad-option', 'this tensor belongs to another device');
  }
}

function bufferOf(tensor: Tensor): DeviceBuffer {
  return bufferIn(tensor.storage.cell);
}

function bufferIn({ buffer }: MemoryCell): DeviceBuffer {
  if (buffer) return buffer;
  throw new EngineError('bad-option', 'this tensor was freed: it can not be used any more');
}

/** The storages of the tensors in what a scope returns. */
function storagesIn(result: unknown): Set<Storage> {
  if (result instanceof Tensor) return new Set([result.storage]);
  if (typeof result !== 'object' || result === null) return new Set();
  const tensors = Object.values(result).filter((each): each is Tensor => each instanceof Tensor);
  return new Set(tensors.map(({ storage }) => storage));
}
