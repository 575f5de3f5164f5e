import { type OptimizerChoice, optimizerUpdate } from '../compiler/optimizerUpdate.ts';
import type { EagerDevice } from './eagerDevice.ts';
import type { Tensor } from './tensor.ts';

/** Changes tensors by their gradients, with the update formula that the compiled step uses. */
export class EagerOptimizer {
  readonly #device: EagerDevice;
  readonly #choice: OptimizerChoice;
  readonly #tensors: readonly Tensor[];
  readonly #state = new Map<Tensor, readonly Tensor[]>();
  #step = 0;

  constructor(device: EagerDevice, choice: OptimizerChoice, tensors: readonly Tensor[]) {
    this.#device = device;
    this.#choice = choice;
    this.#tensors = tensors;
  }

  /** Lets go of all gradients. */
  zeroGrad(): void {
    for (const tensor of this.#tensors) {
      tensor.grad?.dispose();
      tensor.grad = undefined;
    }
  }

  /** One update of every tensor that has a gradient. */
  step(): void {
    this.#step++;
    const { definition, parameters } = this.#choice;
    const numbers = Float32Array.from(definition.scalarsAt(this.#step, parameters));
    const device = this.#device;
    device.scope(() => {
      const scalars = device.leaf(numbers, [numbers.length], 'f32', false);
      for (const tensor of this.#tensors) {
        if (tensor.grad) this.#update(tensor, tensor.grad, scalars);
      }
    });
  }

  #update(tensor: Tensor, gradient: Tensor, scalars: Tensor): void {
    const device = this.#device;
    const { size } = tensor;
    const state = this.#stateOf(tensor);
    const results = device.noGrad(() => {
      const [flat, by] = [tensor.reshape([size]), gradient.reshape([size])];
      const spec = optimizerUpdate(this.#choice, size);
      const [updated, ...next] = device.ops('compute', [flat, by, ...state, scalars], { spec });
      return [(updated as Tensor).reshape(tensor.shape), ...next];
    });
    for (const [i, each] of [tensor, ...state].entries()) device.assign(each, results[i] as Tensor);
  }

  #stateOf(tensor: Tensor): readonly Tensor[] {
    const known = this.#state.get(tensor);
    if (known) return known;
    const { definition, parameters } = this.#choice;
    const made = definition.state(parameters).map(() => this.#device.keep(this.#device.fill([tensor.size], 0)));
    this.#state.set(tensor, made);
    return made;
  }
}
