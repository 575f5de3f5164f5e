import type { Training } from '../optimizers/resolveTraining.ts';

/** Says which batches end in an update, and which numbers each update takes: pure, given the losses so far. */
export class UpdateClock {
  readonly #training: Training;
  readonly #stepsPerEpoch: number;
  readonly #epochs: number;

  constructor(training: Training, stepsPerEpoch: number, epochs: number) {
    this.#training = training;
    this.#stepsPerEpoch = stepsPerEpoch;
    this.#epochs = epochs;
  }

  /** The learning rate of batch `step` (1 is the first), given the test loss after each epoch so far. */
  learningRate(step: number, losses: readonly number[]): number {
    const { optimizer, schedule } = this.#training;
    const stepsPerEpoch = this.#updatesPerEpoch;
    return schedule.definition.rateAt(
      {
        base: Number(optimizer.parameters.lr),
        step: this.#updatesBefore(step),
        stepsPerEpoch,
        totalSteps: stepsPerEpoch * this.#epochs,
        losses,
      },
      schedule.parameters,
    );
  }

  /** What the host writes for batch `step`: the optimizer's numbers, whether to update, how much of the average stays. */
  scalars(step: number, losses: readonly number[]): Float32Array {
    const { optimizer, options } = this.#training;
    const { definition, parameters } = optimizer;
    const before = this.#updatesBefore(step);
    const numbers = definition.scalarsAt(before + 1, { ...parameters, lr: this.learningRate(step, losses) });
    const inEpoch = ((step - 1) % this.#stepsPerEpoch) + 1;
    // What is left at the end of an epoch is an update too.
    const updates = inEpoch % options.accumulateSteps === 0 || inEpoch === this.#stepsPerEpoch;
    // The average begins as the weights after the first update, as torch.optim.swa_utils has it.
    return Float32Array.from([...numbers, updates ? 1 : 0, before === 0 ? 0 : options.emaDecay]);
  }

  get #updatesPerEpoch(): number {
    return Math.ceil(this.#stepsPerEpoch / this.#training.options.accumulateSteps);
  }

  #updatesBefore(step: number): number {
    const epoch = Math.floor((step - 1) / this.#stepsPerEpoch);
    const inEpoch = (step - 1) % this.#stepsPerEpoch;
    return epoch * this.#updatesPerEpoch + Math.floor(inEpoch / this.#training.options.accumulateSteps);
  }
}
