import type { Backend, BackendName } from '../backends/backend.ts';
import { createBackend } from '../backends/select.ts';
import { EngineError } from '../errors.ts';
import type { GraphDocument, ParameterValue } from '../graph/document.ts';
import { sameShape, sizeOf } from '../ir/shape.ts';
import type { DType, TypedArray } from '../ir/types.ts';
import { philoxUniforms } from '../kernels/philox.ts';
import type { DataShapes, LayerCatalog } from '../layers/defineLayer.ts';
import { completeParameters, parameterProblem } from '../layers/parameters.ts';
import { findLayer } from '../layers/registry.ts';
import type { LayerParameters } from '../model/layers.ts';
import type { OptimizerOptions } from '../model/trainingSettings.ts';
import { allOptimizers, findOptimizer } from '../optimizers/registry.ts';
import { drawWeight, type NamedWeight } from '../training/initialWeights.ts';
import { EagerDevice } from './eagerDevice.ts';
import { EagerLayer } from './eagerLayer.ts';
import { EagerModel } from './eagerModel.ts';
import { EagerOptimizer } from './eagerOptimizer.ts';
import type { NestedNumbers, Tensor } from './tensor.ts';

export interface TensorOptions {
  readonly dtype?: DType;
  readonly requiresGrad?: boolean;
  /** For flat data; nested lists have a shape already. */
  readonly shape?: readonly number[];
}

/**
 * Eager mode on one device: operations run as they are called, on the engine's own kernels, and a tape gives gradients.
 *
 * ```ts
 * const g = await eager('wasm');
 * const w = g.tensor([[1, 2], [3, 4]], { requiresGrad: true });
 * w.square().sum().backward();
 * await w.grad?.toArray(); // [[2, 4], [6, 8]]
 * ```
 */
export class Eager {
  readonly device: EagerDevice;
  readonly #owned: boolean;
  #seed = 0;
  #draws = 0;

  constructor(backend: Backend, owned: boolean) {
    this.device = new EagerDevice(backend);
    this.#owned = owned;
  }

  /** Where all random numbers come from, from now on. */
  manualSeed(seed: number): void {
    this.#seed = seed;
    this.#draws = 0;
  }

  /** @throws EngineError `shape-mismatch` if lists are not of equal lengths, or `shape` does not hold the data. */
  tensor(data: NestedNumbers | TypedArray, options: TensorOptions = {}): Tensor {
    const { requiresGrad = false } = options;
    if (ArrayBuffer.isView(data)) {
      const dtype = options.dtype ?? dtypeOf(data);
      return this.device.leaf(convert(data, dtype), options.shape ?? [data.length], dtype, requiresGrad);
    }
    const shape = shapeOf(data);
    const flat = flatten(data);
    const dtype = options.dtype ?? 'f32';
    return this.device.leaf(convert(flat, dtype), options.shape ?? shape, dtype, requiresGrad);
  }

  full(
    shape: readonly number[],
    value: number,
    { requiresGrad = false }: Pick<TensorOptions, 'requiresGrad'> = {},
  ): Tensor {
    return this.device.leaf(new Float32Array(sizeOf(shape)).fill(value), shape, 'f32', requiresGrad);
  }

  zeros(shape: readonly number[], options?: Pick<TensorOptions, 'requiresGrad'>): Tensor {
    return this.full(shape, 0, options);
  }

  ones(shape: readonly number[], options?: Pick<TensorOptions, 'requiresGrad'>): Tensor {
    return this.full(shape, 1, options);
  }

  /** Uniform in [0, 1). */
  rand(shape: readonly number[], { requiresGrad = false }: Pick<TensorOptions, 'requiresGrad'> = {}): Tensor {
    const data = philoxUniforms(sizeOf(shape), this.#seed, 0, this.#draws++);
    return this.device.leaf(data, shape, 'f32', requiresGrad);
  }

  /** Normal with mean 0 and variance 1. */
  randn(shape: readonly number[], { requiresGrad = false }: Pick<TensorOptions, 'requiresGrad'> = {}): Tensor {
    const data = drawWeight({ kind: 'normal', deviation: 1 }, sizeOf(shape), this.#seed, this.#draws++);
    return this.device.leaf(data, shape, 'f32', requiresGrad);
  }

  /** Joins tensors along an axis that is there. */
  cat(tensors: readonly Tensor[], axis = 0): Tensor {
    return this.device.op('concat', tensors, { axis });
  }

  /** Elementwise choice: `a` where `condition` is not 0, else `b`. */
  where(condition: Tensor, a: Tensor, b: Tensor): Tensor {
    return this.device.op('select', [condition, a, b]);
  }

  /** A layer or a loss by its type. @throws EngineError `unknown-layer`, `bad-option`. */
  layer<Type extends keyof LayerCatalog & string>(
    type: Type,
    options?: LayerParameters<LayerCatalog[Type]>,
  ): EagerLayer {
    const definition = findLayer(type);
    if (!definition) throw new EngineError('unknown-layer', `there is no layer "${type}"`);
    const given: Readonly<Record<string, ParameterValue | undefined>> = options ?? {};
    const parameters: Record<string, ParameterValue> = {};
    for (const [key, value] of Object.entries(given)) {
      if (value === undefined || key === 'name') continue;
      const spec = Object.hasOwn(definition.parameters, key) ? definition.parameters[key] : undefined;
      const problem = spec ? parameterProblem(spec, value) : 'is no parameter of it';
      if (problem)
        throw new EngineError('bad-option', `${type}: ${key} ${problem}, got ${JSON.stringify(value)}`, type);
      parameters[key] = value;
    }
    return new EagerLayer(this.device, this.#random(), definition, parameters);
  }

  /** @throws EngineError `bad-option` for an optimizer that there is not. */
  optimizer(options: OptimizerOptions, tensors: readonly Tensor[]): EagerOptimizer {
    const { type, ...given } = options;
    const definition = findOptimizer(type);
    if (!definition) {
      const known = allOptimizers().map((optimizer) => optimizer.type);
      throw new EngineError('bad-option', `unknown optimizer "${type}": expected one of ${known.join(', ')}`);
    }
    const parameters = completeParameters(definition.parameters, given as Readonly<Record<string, ParameterValue>>);
    return new EagerOptimizer(this.device, { definition, parameters }, tensors);
  }

  /** A document's network, node by node. */
  model(document: GraphDocument, data: DataShapes, weights: readonly NamedWeight[] = []): EagerModel {
    return new EagerModel(this.device, this.#random(), document, data, weights);
  }

  /** Runs `body` without keeping a tape. */
  noGrad<Result>(body: () => Result): Result {
    return this.device.noGrad(body);
  }

  /** Frees what `body` made and does not return: see `EagerDevice.scope`. */
  scope<Result>(body: () => Result): Result {
    return this.device.scope(body);
  }

  /** Lets go of the device. */
  dispose(): void {
    if (this.#owned) this.device.backend.dispose();
  }

  #random(): { readonly seed: number; next(): number } {
    return { seed: this.#seed, next: () => this.#draws++ };
  }
}

/**
 * Eager mode on a device: the best one there is, one by name, or a backend that the caller keeps.
 * @throws EngineError `unsupported` if the device asked for can't be had.
 */
export async function eager(backend: BackendName | 'auto' | Backend = 'auto', gpu?: GPU): Promise<Eager> {
  return typeof backend === 'string' ? new Eager(await createBackend(backend, gpu), true) : new Eager(backend, false);
}

function shapeOf(data: NestedNumbers): number[] {
  if (typeof data === 'number') return [];
  const shapes = data.map(shapeOf);
  const [first = []] = shapes;
  if (!shapes.every((shape) => sameShape(shape, first))) {
    throw new EngineError('shape-mismatch', 'the lists of a tensor must have equal lengths at each depth');
  }
  return [data.length, ...first];
}

function flatten(data: NestedNumbers): number[] {
  return typeof data === 'number' ? [data] : data.flatMap(flatten);
}

function dtypeOf(data: TypedArray): DType {
  if (data instanceof Float32Array) return 'f32';
  return data instanceof Int32Array ? 'i32' : 'u8';
}

function convert(data: TypedArray | readonly number[], dtype: DType): TypedArray {
  switch (dtype) {
    case 'f32':
      return Float32Array.from(data);
    case 'i32':
      return Int32Array.from(data);
    case 'u8':
      return Uint8Array.from(data);
  }
}
