import type { DeviceBuffer } from '../backends/backend.ts';
import { EngineError } from '../errors.ts';
import { formatShape, sizeOf } from '../ir/shape.ts';
import type { DType, OpAttributes, Operation, OpName, Shape, TensorType, TypedArray, Value } from '../ir/types.ts';

/** Numbers in lists of lists, as deep as the tensor has axes. */
export type NestedNumbers = number | readonly NestedNumbers[];

export interface BackwardOptions {
  /** Keeps the tape, so that `backward` can be called again. */
  readonly retainGraph?: boolean;
  /** Records the gradient's own operations, for gradients of gradients. Keeps the tape too. */
  readonly createGraph?: boolean;
}

/** What a tensor needs from the device it lives on. */
export interface TensorDevice {
  apply<Name extends OpName>(name: Name, inputs: readonly Tensor[], attributes: OpAttributes[Name]): readonly Tensor[];
  scalar(value: number): Tensor;
  read(storage: Storage): Promise<TypedArray>;
  backward(scalar: Tensor, options: BackwardOptions): void;
  release(cell: MemoryCell): void;
}

/** Device memory of a tensor and of those detached from it. What can be exchanged or freed is in a cell of its own. */
export interface Storage {
  readonly cell: MemoryCell;
}

export interface MemoryCell {
  /** Undefined once it is freed. */
  buffer: DeviceBuffer | undefined;
  /** Counts exchanges of the content: what a tape remembers must still be there for `backward`. */
  version: number;
}

/** An operation on the tape. */
export interface TapeEntry extends Operation {
  /** Version of each input at that time. */
  readonly versions: readonly number[];
}

/**
 * A tensor that is computed as the program runs, PyTorch's way. Operations on tensors that require a gradient are kept
 * on a tape, which `backward` walks. All operations are the compiled engine's own: same kernels, same gradients.
 */
export class Tensor implements Value {
  readonly id: number;
  readonly type: TensorType;
  readonly device: TensorDevice;
  /** @internal */
  readonly storage: Storage;
  /** Whether gradients flow to or through this tensor. */
  readonly requiresGrad: boolean;
  /** Of a leaf, after `backward`: the sum of all gradients since it was last cleared. */
  grad: Tensor | undefined;
  /** The operation that made it; `freed` once `backward` has used it up, undefined for a leaf. @internal */
  producer: TapeEntry | 'freed' | undefined;

  constructor(device: TensorDevice, id: number, type: TensorType, storage: Storage, requiresGrad: boolean) {
    this.device = device;
    this.id = id;
    this.type = type;
    this.storage = storage;
    this.requiresGrad = requiresGrad;
  }

  get shape(): Shape {
    return this.type.shape;
  }

  get dtype(): DType {
    return this.type.dtype;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.type.shape);
  }

  /** A copy of the numbers, row-major. */
  data(): Promise<TypedArray> {
    return this.device.read(this.storage);
  }

  /** The number in a tensor that holds just one. @throws EngineError `shape-mismatch` if it holds more. */
  async item(): Promise<number> {
    if (this.size !== 1) {
      throw new EngineError('shape-mismatch', `item() needs a tensor of one number, this one is ${this.#describe()}`);
    }
    return (await this.data())[0] as number;
  }

  /** The numbers in lists of lists. */
  async toArray(): Promise<NestedNumbers> {
    const data = await this.data();
    const nest = (axis: number, from: number, count: number): NestedNumbers => {
      if (axis === this.shape.length) return data[from] as number;
      const extent = this.shape[axis] as number;
      const part = extent === 0 ? 0 : count / extent;
      return Array.from({ length: extent }, (_, i) => nest(axis + 1, from + i * part, part));
    };
    return nest(0, 0, this.size);
  }

  /**
   * Adds to `grad` of every leaf behind this tensor the gradient of this one number by that leaf.
   * @throws EngineError `shape-mismatch` if it is not one number, `unsupported` if nothing behind it requires a
   * gradient, if the tape was used up, or if an operation has no gradient.
   */
  backward(options: BackwardOptions = {}): void {
    if (this.size !== 1) {
      throw new EngineError('shape-mismatch', `backward() starts at one number, this tensor is ${this.#describe()}`);
    }
    this.device.backward(this, options);
  }

  /** Frees its memory now rather than when it is collected. It can't be used afterwards. */
  dispose(): void {
    this.device.release(this.storage.cell);
  }

  add(other: Tensor | number): Tensor {
    return this.#with('add', other);
  }

  sub(other: Tensor | number): Tensor {
    return this.#with('subtract', other);
  }

  mul(other: Tensor | number): Tensor {
    return this.#with('multiply', other);
  }

  div(other: Tensor | number): Tensor {
    return this.#with('divide', other);
  }

  pow(exponent: Tensor | number): Tensor {
    return this.#with('power', exponent);
  }

  maximum(other: Tensor | number): Tensor {
    return this.#with('maximum', other);
  }

  minimum(other: Tensor | number): Tensor {
    return this.#with('minimum', other);
  }

  neg(): Tensor {
    return this.#apply('negate', [], {});
  }

  abs(): Tensor {
    return this.#apply('abs', [], {});
  }

  exp(): Tensor {
    return this.#apply('exp', [], {});
  }

  log(): Tensor {
    return this.#apply('log', [], {});
  }

  sqrt(): Tensor {
    return this.#apply('sqrt', [], {});
  }

  square(): Tensor {
    return this.#apply('square', [], {});
  }

  sin(): Tensor {
    return this.#apply('sin', [], {});
  }

  cos(): Tensor {
    return this.#apply('cos', [], {});
  }

  relu(): Tensor {
    return this.#apply('relu', [], {});
  }

  sigmoid(): Tensor {
    return this.#apply('sigmoid', [], {});
  }

  tanh(): Tensor {
    return this.#apply('tanh', [], {});
  }

  /** Matrix product over the last two axes; axes before them broadcast. */
  matmul(other: Tensor): Tensor {
    return this.#apply('matmul', [other], { transposeA: false, transposeB: false });
  }

  /** Over the given axes, all if left out. Negative axes count from the end. */
  sum(axes?: number | readonly number[], keepDims = false): Tensor {
    return this.#apply('sum', [], { axes: this.#axes(axes), keepDims });
  }

  mean(axes?: number | readonly number[], keepDims = false): Tensor {
    return this.#apply('mean', [], { axes: this.#axes(axes), keepDims });
  }

  /** Largest elements. */
  amax(axes?: number | readonly number[], keepDims = false): Tensor {
    return this.#apply('reduceMaximum', [], { axes: this.#axes(axes), keepDims });
  }

  /** Index of the largest element along an axis, int32. */
  argmax(axis: number): Tensor {
    return this.#apply('argmax', [], { axis: this.#axis(axis) });
  }

  softmax(axis: number): Tensor {
    return this.#apply('softmax', [], { axis: this.#axis(axis) });
  }

  logSoftmax(axis: number): Tensor {
    return this.#apply('logSoftmax', [], { axis: this.#axis(axis) });
  }

  /** The same numbers in another shape; one size may be −1 and is worked out. */
  reshape(shape: readonly number[]): Tensor {
    const known = shape.reduce((product, size) => (size === -1 ? product : product * size), 1);
    const full = shape.map((size) => (size === -1 ? this.size / known : size));
    return this.#apply('reshape', [], { shape: full });
  }

  /** Axis k of the result is axis `order[k]` of this tensor. */
  permute(order: readonly number[]): Tensor {
    return this.#apply('transpose', [], { permutation: order.map((axis) => this.#axis(axis)) });
  }

  /** Exchanges two axes. */
  transpose(first: number, second: number): Tensor {
    const order = this.shape.map((_, axis) => axis);
    const [a, b] = [this.#axis(first), this.#axis(second)];
    [order[a], order[b]] = [b, a];
    return this.permute(order);
  }

  /** Elements `start` to `end` − 1 along an axis. */
  narrow(axis: number, start: number, length: number): Tensor {
    const at = this.#axis(axis);
    const starts = this.shape.map((_, each) => (each === at ? start : 0));
    const sizes = this.shape.map((extent, each) => (each === at ? length : extent));
    return this.#apply('slice', [], { starts, sizes });
  }

  /** Rows of this table by int32 ids `[N]`: `[N, …]`. */
  takeRows(ids: Tensor): Tensor {
    return this.#apply('takeRows', [ids], {});
  }

  /** Mean softmax cross-entropy of logits `[N, C]` and int32 labels `[N]`, a scalar. */
  crossEntropy(labels: Tensor): Tensor {
    return this.#apply('crossEntropy', [labels], {}).sum();
  }

  /** The same numbers, off the tape. */
  detach(): Tensor {
    return new Tensor(this.device, this.id, this.type, this.storage, false);
  }

  #with(name: 'add' | 'subtract' | 'multiply' | 'divide' | 'power' | 'maximum' | 'minimum', other: Tensor | number) {
    return this.#apply(name, [typeof other === 'number' ? this.device.scalar(other) : other], {});
  }

  #apply<Name extends OpName>(name: Name, others: readonly Tensor[], attributes: OpAttributes[Name]): Tensor {
    return this.device.apply(name, [this, ...others], attributes)[0] as Tensor;
  }

  #axis(axis: number): number {
    const rank = this.shape.length;
    const at = axis < 0 ? axis + rank : axis;
    if (Number.isInteger(at) && at >= 0 && at < rank) return at;
    throw new EngineError('shape-mismatch', `there is no axis ${axis} in a tensor of ${this.#describe()}`);
  }

  #axes(axes: number | readonly number[] | undefined): readonly number[] {
    return axes === undefined ? this.shape.map((_, axis) => axis) : [axes].flat().map((axis) => this.#axis(axis));
  }

  #describe(): string {
    return `shape ${formatShape(this.shape)}`;
  }
}
