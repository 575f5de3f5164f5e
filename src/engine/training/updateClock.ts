import type { UpdateOptions } from '../compiler/emitUpdate.ts';
import type { OptimizerChoice } from '../compiler/optimizerUpdate.ts';
import { EngineError } from '../errors.ts';
import type { TrainingSettings } from '../graph/document.ts';
import { completeParameters, type ParametersOf } from '../layers/parameters.ts';
import { findOptimizer } from '../optimizers/registry.ts';
import type { ScheduleDefinition } from '../optimizers/schedules/defineSchedule.ts';
import { findSchedule } from '../optimizers/schedules/registry.ts';
import { trainingOptions } from '../optimizers/trainingOptions.ts';

/** The training settings of a document, with defaults filled in and definitions found. */
export interface Training {
  readonly optimizer: OptimizerChoice;
  readonly schedule: {
    readonly definition: ScheduleDefinition;
    readonly parameters: ReturnType<typeof completeParameters>;
  };
  readonly options: ParametersOf<typeof trainingOptions> & UpdateOptions;
}

/** @throws EngineError `bad-document` for an optimizer or a schedule that this program does not know. */
export function resolveTraining(settings: TrainingSettings): Training {
  const { optimizer, schedule = { type: 'Constant', parameters: {} }, options = {} } = settings;
  const definition = findOptimizer(optimizer.type);
  if (!definition) {
    throw new EngineError('bad-document', `unknown optimizer "${optimizer.type}": choose another one`);
  }
  const rates = findSchedule(schedule.type);
  if (!rates) {
    throw new EngineError('bad-document', `unknown learning-rate schedule "${schedule.type}": choose another one`);
  }
  return {
    optimizer: { definition, parameters: completeParameters(definition.parameters, optimizer.parameters) },
    schedule: { definition: rates, parameters: completeParameters(rates.parameters, schedule.parameters) },
    options: completeParameters(trainingOptions, options),
  };
}

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
