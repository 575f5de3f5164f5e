import type { Backend, DeviceBuffer, Executable, Plan } from '../backends/backend.ts';
import {
  evaluationProgram,
  generationProgram,
  type ProgramContext,
  predictionProgram,
  stepProgram,
} from '../compiler/stepProgram.ts';
import type { TrainingGroup } from '../compiler/trainingGroups.ts';
import type { Dataset, Split } from '../data/dataset.ts';
import type { Program } from '../ir/types.ts';
import type { Training } from '../optimizers/resolveTraining.ts';
import { type DeviceSplit, dtypeOf } from './deviceSplit.ts';

interface CompiledStep {
  readonly program: Program;
  readonly executable: Executable;
  readonly batch: DeviceBuffer;
  readonly plan: Plan;
}

interface CompiledEvaluation {
  readonly batch: DeviceBuffer;
  readonly plan: Plan;
}

interface CompiledPrediction {
  readonly input: DeviceBuffer;
  readonly output: DeviceBuffer;
  readonly plan: Plan;
}

interface CompiledGeneration {
  readonly output: DeviceBuffer;
  readonly plan: Plan;
}

/** The programs of one run, compiled for each batch size when that is first wanted, and bound to the run's memory. */
export class RunPlans {
  readonly #backend: Backend;
  readonly #model: Pick<ProgramContext, 'inference' | 'layout'>;
  readonly #groups: readonly TrainingGroup[];
  readonly #options: Training['options'];
  readonly #dataset: Dataset;
  readonly #splits: { readonly train: DeviceSplit; readonly test: DeviceSplit };
  readonly #memory: Readonly<Record<string, DeviceBuffer>>;
  readonly #steps = new Map<number, CompiledStep>();
  readonly #evaluations = new Map<number, CompiledEvaluation>();
  readonly #predictions = new Map<number, CompiledPrediction>();
  readonly #generations = new Map<number, CompiledGeneration>();

  constructor(
    backend: Backend,
    model: Pick<ProgramContext, 'inference' | 'layout'>,
    groups: readonly TrainingGroup[],
    options: Training['options'],
    dataset: Dataset,
    splits: { readonly train: DeviceSplit; readonly test: DeviceSplit },
    memory: Readonly<Record<string, DeviceBuffer>>,
  ) {
    this.#backend = backend;
    this.#model = model;
    this.#groups = groups;
    this.#options = options;
    this.#dataset = dataset;
    this.#splits = splits;
    this.#memory = memory;
  }

  get trainContext(): ProgramContext {
    return this.#context(this.#dataset.train);
  }

  /** The training step over `size` samples of the training set. */
  step(size: number): CompiledStep {
    return known(this.#steps, size, () => {
      const program = stepProgram(this.trainContext, this.#groups, this.#options, size);
      const executable = this.#backend.compile(program);
      const batch = this.#backend.allocate({ shape: [size], dtype: 'i32' });
      return { program, executable, batch, plan: executable.bind(this.trainBindings(program, batch)) };
    });
  }

  /** Loss and accuracy of `size` samples of the test set. */
  evaluation(size: number): CompiledEvaluation {
    return known(this.#evaluations, size, () => {
      const program = evaluationProgram(this.#context(this.#dataset.test), size);
      const batch = this.#backend.allocate({ shape: [size], dtype: 'i32' });
      return { batch, plan: this.#backend.compile(program).bind(this.#testBindings(program, batch)) };
    });
  }

  /** The output for `size` samples of any origin. */
  prediction(size: number): CompiledPrediction {
    return known(this.#predictions, size, () => {
      const program = predictionProgram(this.#context(this.#dataset.test), size);
      const input = this.#backend.allocate(program.inputs.find(({ name }) => name === 'input')!.value.type);
      const output = this.#backend.allocate(program.outputs[0]!.value.type);
      const plan = this.#backend.compile(program).bind({ ...this.#testBindings(program), input, prediction: output });
      return { input, output, plan };
    });
  }

  /** `size` samples that the network makes of noise. @throws EngineError `unsupported` for one that makes none. */
  generation(size: number): CompiledGeneration {
    return known(this.#generations, size, () => {
      const program = generationProgram(this.#context(this.#dataset.test), size);
      const output = this.#backend.allocate(program.outputs[0]!.value.type);
      const plan = this.#backend.compile(program).bind({ ...this.#testBindings(program), generated: output });
      return { output, plan };
    });
  }

  /** The run's buffers for the inputs of a program over the training set. */
  trainBindings(program: Program, batch: DeviceBuffer): Record<string, DeviceBuffer> {
    return this.#bindings(program, this.#splits.train, batch);
  }

  dispose(): void {
    for (const { plan, batch } of [...this.#steps.values(), ...this.#evaluations.values()]) {
      plan.dispose();
      this.#backend.release(batch);
    }
    for (const { plan, output } of this.#generations.values()) {
      plan.dispose();
      this.#backend.release(output);
    }
    for (const { plan, input, output } of this.#predictions.values()) {
      plan.dispose();
      this.#backend.release(input);
      this.#backend.release(output);
    }
  }

  #context(split: Split): ProgramContext {
    const { sample, classes, label = [], target } = this.#dataset;
    const data = {
      count: split.count,
      sample,
      dtype: dtypeOf(split.inputs),
      label: classes.length > 0 || target ? label : undefined,
      labelType: target ? ('f32' as const) : ('i32' as const),
    };
    return { ...this.#model, data };
  }

  /** Where an average of the weights is kept, it is what is tested. */
  #testBindings(program: Program, batch?: DeviceBuffer): Record<string, DeviceBuffer> {
    const bindings = this.#bindings(program, this.#splits.test, batch);
    // Outside of training the same noise each time: so that one sees how what is made of it changes.
    if (bindings.step) bindings.step = this.#memory.noStep as DeviceBuffer;
    const { average } = this.#memory;
    return average && bindings.parameters ? { ...bindings, parameters: average } : bindings;
  }

  #bindings(program: Program, split: DeviceSplit, batch?: DeviceBuffer): Record<string, DeviceBuffer> {
    const all: Record<string, DeviceBuffer> = { ...this.#memory, samples: split.samples, labels: split.labels };
    if (batch) all.batch = batch;
    return Object.fromEntries(program.inputs.flatMap(({ name }) => (all[name] ? [[name, all[name]]] : [])));
  }
}

function known<Made>(all: Map<number, Made>, size: number, make: () => Made): Made {
  const found = all.get(size) ?? make();
  all.set(size, found);
  return found;
}
