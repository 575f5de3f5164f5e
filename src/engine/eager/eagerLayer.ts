import { EngineError } from '../errors.ts';
import type { ParameterValue } from '../graph/document.ts';
import { formatShape, sameShape } from '../ir/shape.ts';
import type { Shape, Value } from '../ir/types.ts';
import type { LayerDefinition } from '../layers/defineLayer.ts';
import { completeParameters } from '../layers/parameters.ts';
import { portsOf } from '../layers/ports.ts';
import { drawWeight } from '../training/initialWeights.ts';
import type { EagerDevice } from './eagerDevice.ts';
import { Tensor } from './tensor.ts';

/** Where an eager layer gets its random numbers from: the seed and a count of all draws so far. */
export interface RandomSource {
  readonly seed: number;
  next(): number;
}

/** An input, or those for optional ports by their names. */
export type EagerInput = Tensor | Readonly<Record<string, Tensor>>;

/**
 * A layer to call: the same definition that the canvas places. Its weights are made at the first call, when the shapes
 * are known, from PyTorch's initial distributions.
 */
export class EagerLayer {
  readonly type: string;
  /** `train` and `evaluate` differ for dropout and batch normalization. */
  mode: 'train' | 'evaluate' = 'train';
  readonly #device: EagerDevice;
  readonly #random: RandomSource;
  readonly #definition: LayerDefinition;
  readonly #parameters: Readonly<Record<string, ParameterValue>>;
  #shapes: readonly Shape[] | undefined;
  #ports: readonly string[] = [];
  readonly #weights = new Map<string, Tensor>();

  constructor(
    device: EagerDevice,
    random: RandomSource,
    definition: LayerDefinition,
    parameters: Readonly<Record<string, ParameterValue>>,
  ) {
    this.#device = device;
    this.#random = random;
    this.#definition = definition;
    this.#parameters = completeParameters(definition.parameters, parameters);
    this.type = definition.type;
  }

  /** All weights by PyTorch's names; none before the first call. */
  get weights(): ReadonlyMap<string, Tensor> {
    return this.#weights;
  }

  /** The weights that an optimizer changes. */
  parameters(): Tensor[] {
    return [...this.#weights.values()].filter(({ requiresGrad }) => requiresGrad);
  }

  /**
   * Applies the layer to batches `[N, …]`. A loss takes its inputs and the target, if it has one. What goes to optional
   * ports comes last, by their names: `lstm.forward(x, { mask })`.
   * @throws EngineError `shape-mismatch` if the shapes do not fit, or are not those that the weights were made for.
   */
  forward(...given: readonly EagerInput[]): Tensor {
    return this.forwardAll(...given)[0] as Tensor;
  }

  /** All outputs, for layers with several. */
  forwardAll(...given: readonly EagerInput[]): readonly Tensor[] {
    const { role, inputs: known } = this.#definition;
    const isLoss = role === 'loss';
    const inputs = given.filter((each) => each instanceof Tensor);
    const target = isLoss ? inputs[known.length] : undefined;
    const main = isLoss ? inputs.slice(0, known.length) : inputs;
    const named = Object.assign({}, ...given.filter((each) => !(each instanceof Tensor))) as Record<string, Tensor>;
    const optional = known.filter(({ name }) => Object.hasOwn(named, name));
    const received = [...main, ...optional.map(({ name }) => named[name] as Tensor)];
    const ports = [...portsOf(known, main.length), ...optional.map(({ name }) => name)];
    this.#prepare(received, ports, target);
    const weights: Record<string, Value> = Object.fromEntries(this.#weights);
    const updates: { weight: string; value: Tensor }[] = [];
    const results = this.#definition.lower({
      emit: this.#device,
      inputs: received,
      ports,
      parameters: this.#parameters,
      weights,
      mode: this.mode,
      target,
      update: (weight, value) => updates.push({ weight, value: value as Tensor }),
      random: () => ({
        seed: this.#device.leaf(Int32Array.of(this.#random.seed), [], 'i32', false),
        step: this.#device.leaf(Int32Array.of(this.#random.next()), [], 'i32', false),
        stream: 0,
      }),
    });
    for (const { weight, value } of updates) this.#device.assign(this.#weights.get(weight) as Tensor, value.detach());
    return results as readonly Tensor[];
  }

  #prepare(inputs: readonly Tensor[], ports: readonly string[], target: Tensor | undefined): void {
    const shapes = inputs.map(({ shape }) => shape.slice(1));
    const seen = this.#ports.join() === ports.join();
    if (seen && this.#shapes?.every((shape, i) => sameShape(shape, shapes[i] ?? []))) return;
    const [first = []] = shapes;
    // A label beside several inputs says whether they belong together.
    const pairs = this.#definition.role === 'loss' && inputs.length > 1;
    // Labels for each step lie beside scores for each step.
    const label = target?.dtype === 'i32' ? target.shape.slice(1) : [];
    const classes = pairs ? 2 : first.length === label.length + 1 ? (first.at(-1) as number) : 0;
    let inference: ReturnType<LayerDefinition['infer']>;
    try {
      inference = this.#definition.infer(shapes, this.#parameters, { sample: first, classes, label }, ports);
    } catch (error) {
      throw new EngineError('shape-mismatch', (error as Error).message, this.type);
    }
    const known = [...this.#weights.values()].map(({ shape }) => shape);
    const wanted = inference.weights.map(({ shape }) => shape);
    if (this.#shapes && !wanted.every((shape, i) => sameShape(shape, known[i] ?? []))) {
      const given = shapes.map(formatShape).join(' and ');
      throw new EngineError(
        'shape-mismatch',
        `this ${this.type} has weights for samples of ${this.#shapes.map(formatShape).join(' and ')}, got ${given}`,
        this.type,
      );
    }
    if (!this.#shapes) {
      for (const { name, shape, initial, trainable } of inference.weights) {
        const size = shape.reduce((product, extent) => product * extent, 1);
        const data = drawWeight(initial, size, this.#random.seed, this.#random.next());
        this.#weights.set(name, this.#device.keep(this.#device.leaf(data, shape, 'f32', trainable)));
      }
    }
    this.#shapes = shapes;
    this.#ports = ports;
  }
}
