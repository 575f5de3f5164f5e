import { inferGraph } from '../compiler/infer.ts';
import { lowerGraph, mainLoss } from '../compiler/lower.ts';
import { parameterLayout } from '../compiler/parameterLayout.ts';
import { EngineError } from '../errors.ts';
import type { GraphDocument } from '../graph/document.ts';
import type { DataShapes } from '../layers/defineLayer.ts';
import { lossTarget } from '../layers/lossTarget.ts';
import { initialWeights, type NamedWeight } from '../training/initialWeights.ts';
import type { EagerDevice } from './eagerDevice.ts';
import type { RandomSource } from './eagerLayer.ts';
import type { Tensor } from './tensor.ts';

/** What one forward pass of a document gave. */
export interface EagerPass {
  /** Sum of all losses, a scalar; undefined without a target. */
  readonly loss: Tensor | undefined;
  /** The network's output as a person reads it: probabilities. */
  readonly prediction: Tensor;
  /** Tensors at the output ports of every node, in the order in which they were computed. */
  readonly nodes: ReadonlyMap<string, readonly Tensor[]>;
}

/**
 * A document run eagerly, node by node, so that every tensor on every wire can be looked at. Weights have the names and
 * first values that training the document gives them.
 */
export class EagerModel {
  /** By `NODE.WEIGHT`. */
  readonly weights: ReadonlyMap<string, Tensor>;
  /** Sizes of a sample and number of classes that the document was inferred for. */
  readonly data: DataShapes;
  readonly #device: EagerDevice;
  readonly #random: RandomSource;
  readonly #inference: ReturnType<typeof inferGraph>;

  /**
   * @param weights instead of the initial ones, any number of them by name
   * @throws EngineError `bad-document` if the document has errors.
   */
  constructor(
    device: EagerDevice,
    random: RandomSource,
    document: GraphDocument,
    data: DataShapes,
    weights: readonly NamedWeight[] = [],
  ) {
    this.#device = device;
    this.#random = random;
    this.data = data;
    this.#inference = inferGraph(document, data);
    const problem = this.#inference.diagnostics.find(({ severity }) => severity === 'error');
    if (problem) throw new EngineError('bad-document', problem.message, problem.node);
    const layout = parameterLayout(this.#inference);
    const given = new Map(weights.map((weight) => [weight.name, weight.data]));
    const initial = initialWeights(layout, document.training.seed);
    this.weights = new Map(
      initial.map(({ name, shape, data: drawn }, i) => {
        const trainable = layout.entries[i]?.trainable === true;
        return [name, device.keep(device.leaf(given.get(name) ?? drawn, shape, 'f32', trainable))];
      }),
    );
  }

  /** The weights that an optimizer changes. */
  parameters(): Tensor[] {
    return [...this.weights.values()].filter(({ requiresGrad }) => requiresGrad);
  }

  /** One batch: samples float32 `[N, …]`; labels int32 `[N]` where a loss needs them. */
  forward(samples: Tensor, labels?: Tensor, mode: 'train' | 'evaluate' = 'train'): EagerPass {
    const device = this.#device;
    const needsLabels = Object.values(this.#inference.nodes).some(
      ({ definition, parameters }) => definition?.role === 'loss' && lossTarget(definition, parameters) === 'label',
    );
    const withLosses = labels !== undefined || !needsLabels;
    const random = {
      seed: device.leaf(Int32Array.of(this.#random.seed), [], 'i32', false),
      step: device.leaf(Int32Array.of(this.#random.next()), [], 'i32', false),
    };
    const inputs = { samples, labels, weights: Object.fromEntries(this.weights), mode, random };
    const lowered = lowerGraph(device, this.#inference, inputs, withLosses);
    for (const { weight, value } of lowered.updates) {
      device.assign(this.weights.get(weight) as Tensor, (value as Tensor).detach());
    }
    const [first, ...rest] = lowered.losses;
    if (!first) throw new EngineError('bad-document', 'a document without a loss has no output to predict');
    const main = mainLoss(lowered.losses);
    const total = rest.reduce((sum, { value }) => sum.add(value as Tensor), first.value as Tensor);
    const nodes = new Map<string, readonly Tensor[]>();
    for (const id of this.#inference.order) {
      const outputs = lowered.outputs[id];
      if (outputs) nodes.set(id, outputs as readonly Tensor[]);
    }
    return { loss: withLosses ? total : undefined, prediction: main.prediction as Tensor, nodes };
  }
}
