import type { Backend, DeviceBuffer, Executable, OnTuned } from '../backends/backend.ts';
import { scalarCount, updateState } from '../compiler/emitUpdate.ts';
import { type GraphInference, inferGraph } from '../compiler/infer.ts';
import { type ParameterLayout, parameterLayout } from '../compiler/parameterLayout.ts';
import { finitenessProgram, RING_STEPS, rangeOf } from '../compiler/stepProgram.ts';
import { lossTerms, type TrainingGroup, trainingGroups } from '../compiler/trainingGroups.ts';
import { type Dataset, dataShapes, type InputColumn } from '../data/dataset.ts';
import { shuffledIndices } from '../data/shuffle.ts';
import { EngineError } from '../errors.ts';
import type { GraphDocument } from '../graph/document.ts';
import { sizeOf } from '../ir/shape.ts';
import type { MetricResult } from '../metrics/defineMetric.ts';
import { resolveTraining, type Training } from '../optimizers/resolveTraining.ts';
import { DeviceSplit, samplesOf } from './deviceSplit.ts';
import { firstNotFinite } from './finiteness.ts';
import { generateText, type TextRequest } from './generateText.ts';
import { initialWeights, type NamedWeight } from './initialWeights.ts';
import { lossNames } from './lossNames.ts';
import { bytesOfWeights, profileStep, type StepProfile } from './profile.ts';
import { type EvaluationRecord, readRing, type StepRecord } from './records.ts';
import { requireFits } from './requireFits.ts';
import { RunPlans } from './runPlans.ts';
import { type RunState, readBuffers, writeBuffers } from './runState.ts';
import { confusionCounts, testMetrics, whatIsPredicted } from './testMetrics.ts';
import { UpdateClock } from './updateClock.ts';
import { readWeights, writeWeights } from './weightBuffers.ts';

/** Most samples that go through the network at once outside of training. */
const EVALUATION_BATCH = 250;

/** One training of one document on one device. Steps are submitted; their numbers are read with `drain`. */
export class TrainingRun {
  readonly inference: GraphInference;
  readonly layout: ParameterLayout;
  readonly backend: Backend;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** Resolves when the step's device code is built. */
  readonly ready: Promise<void>;
  readonly #dataset: Dataset;
  readonly #document: GraphDocument;
  readonly #training: Training;
  readonly #groups: readonly TrainingGroup[];
  /** Names of the losses, where there are several. */
  readonly #terms: readonly string[];
  /** One a group. */
  readonly #clocks: readonly UpdateClock[];
  /** Test loss after each epoch: what a schedule may go by. */
  readonly #losses: number[] = [];
  readonly #train: DeviceSplit;
  readonly #test: DeviceSplit;
  readonly #memory: Record<string, DeviceBuffer>;
  readonly #plans: RunPlans;
  #step = 0;
  #drained = 0;
  /** Samples in each step that is still in the ring. */
  readonly #batchSizes = new Array<number>(RING_STEPS).fill(0);
  #order: Int32Array = new Int32Array(0);
  #lastBatch: Int32Array = new Int32Array(0);

  constructor(document: GraphDocument, dataset: Dataset, backend: Backend, weights: readonly NamedWeight[]) {
    this.backend = backend;
    this.#document = document;
    this.#dataset = dataset;
    this.inference = inferGraph(document, dataShapes(dataset));
    const problem = this.inference.diagnostics.find(({ severity }) => severity === 'error');
    if (problem) throw new EngineError('bad-document', problem.message, problem.node);
    this.#training = resolveTraining(document.training);
    const { optimizer, options } = this.#training;
    this.#groups = trainingGroups(document.training, optimizer, this.inference);
    if (this.#groups.length > 1 && options.emaDecay > 0) {
      throw new EngineError('bad-document', 'a running average of the weights needs one optimizer: set emaDecay to 0');
    }
    this.#terms = lossNames(document, this.inference, lossTerms(this.#groups));
    const named = this.#groups.filter(({ prefix }) => prefix !== '');
    this.layout = parameterLayout(
      this.inference,
      named.map(({ nodes }) => nodes),
    );
    const { batchSize, epochs, seed } = document.training;
    this.stepsPerEpoch = Math.ceil(dataset.train.count / batchSize);
    this.totalSteps = this.stepsPerEpoch * epochs;
    this.#clocks = this.#groups.map(
      (group) => new UpdateClock({ ...this.#training, optimizer: group.optimizer }, this.stepsPerEpoch, epochs),
    );

    requireFits(this.inference, this.layout, this.#wholeBatch);
    const made: DeviceBuffer[] = [];
    const allocate: Backend['allocate'] = (type, data) => {
      const buffer = backend.allocate(type, data);
      made.push(buffer);
      return buffer;
    };
    try {
      this.#train = new DeviceSplit(dataset, dataset.train, { allocate });
      this.#test = new DeviceSplit(dataset, dataset.test, { allocate });
      const flat = { shape: [this.layout.size], dtype: 'f32' } as const;
      const memory: Record<string, DeviceBuffer> = {
        seed: allocate({ shape: [], dtype: 'i32' }, Int32Array.of(seed)),
        step: allocate({ shape: [], dtype: 'i32' }),
        // Of the step that comes before all others; −1, since step 0 draws the first weights.
        noStep: allocate({ shape: [], dtype: 'i32' }, Int32Array.of(-1)),
        ring: allocate({ shape: [RING_STEPS, 2 + this.#terms.length], dtype: 'f32' }),
        totals: allocate({ shape: [3], dtype: 'f32' }),
        parameters: allocate(flat),
      };
      for (const group of this.#groups) {
        const { size } = rangeOf(this, this.#groups, group);
        memory[`${group.prefix}scalars`] = allocate({ shape: [scalarCount(group.optimizer)], dtype: 'f32' });
        for (const name of updateState(group.optimizer, options)) {
          memory[`${group.prefix}${name}`] = allocate({ shape: [size], dtype: 'f32' });
        }
      }
      for (const { name, shape, trainable } of this.layout.entries) {
        if (!trainable) memory[`weight:${name}`] = allocate({ shape, dtype: 'f32' });
      }
      this.#memory = memory;
      this.#plans = new RunPlans(
        backend,
        { inference: this.inference, layout: this.layout },
        this.#groups,
        options,
        dataset,
        { train: this.#train, test: this.#test },
        memory,
      );
      this.setWeights(initialWeights(this.layout, seed));
      this.setWeights(weights);
      this.ready = this.#plans.step(this.#wholeBatch).executable.ready;
    } catch (error) {
      for (const buffer of made) backend.release(buffer);
      throw error;
    }
  }

  /** Steps taken so far. */
  get step(): number {
    return this.#step;
  }

  get finished(): boolean {
    return this.#step >= this.totalSteps;
  }

  /** Whether the last step taken ended an epoch. */
  get atEpochEnd(): boolean {
    return this.#step > 0 && this.#step % this.stepsPerEpoch === 0;
  }

  get batchSize(): number {
    return this.#document.training.batchSize;
  }

  get epoch(): number {
    return Math.floor(this.#step / this.stepsPerEpoch);
  }

  /** Trainable numbers in the model. */
  get parameterCount(): number {
    return this.layout.entries.reduce((sum, { shape, trainable }) => sum + (trainable ? sizeOf(shape) : 0), 0);
  }

  /** One step as compiled for the device. */
  get stepCode(): Executable {
    return this.#plans.step(this.#wholeBatch).executable;
  }

  /** Times one step, kernel by kernel, as medians of `repeats`; training is not changed by it. */
  async profile(repeats = 9): Promise<StepProfile> {
    const batchSize = this.#wholeBatch;
    const { executable, program, batch } = this.#plans.step(batchSize);
    const buffers = this.#plans.trainBindings(program, batch);
    const written = program.writes.map(({ input }) => input);
    const step = Math.max(1, this.#step);
    const given = {
      batch: Int32Array.from({ length: batchSize }, (_, i) => i),
      step: Int32Array.of(step),
      ...Object.fromEntries(this.#scalars(step)),
    };
    const weightBytes = bytesOfWeights(this.layout, this.#groups, this.#training.options);
    const kernels = await profileStep(this.backend, executable, buffers, written, given, repeats);
    return { kernels, batchSize, arenaBytes: executable.arenaBytes, weightBytes };
  }

  /** Measures layouts for the kernels of a step, for runs made after this one; this one goes on as it was compiled. */
  async tune(onKernel: OnTuned, signal?: AbortSignal): Promise<void> {
    await this.backend.tune?.(this.#plans.step(this.#wholeBatch).program, onKernel, signal);
  }

  /** How many more steps may be submitted before `drain` must be called. */
  get room(): number {
    return RING_STEPS - (this.#step - this.#drained);
  }

  /** Submits one step, on the given training samples instead of the next ones in order. Does not wait for the device. */
  submitStep(samples?: Int32Array): void {
    if (this.room <= 0) throw new Error('drain the metrics before more steps are submitted');
    const { batchSize, seed } = this.#document.training;
    const inEpoch = this.#step % this.stepsPerEpoch;
    if (inEpoch === 0) this.#order = shuffledIndices(this.#dataset.train.count, seed, this.epoch);
    const indices = samples ?? this.#order.subarray(inEpoch * batchSize, (inEpoch + 1) * batchSize);
    if (indices.some((index) => index < 0 || index >= this.#dataset.train.count)) {
      throw new EngineError(
        'bad-data',
        `a batch names a sample that does not exist: there are ${this.#dataset.train.count}`,
      );
    }
    const { batch, plan } = this.#plans.step(indices.length);
    this.#step++;
    this.backend.write(batch, indices);
    this.backend.write(this.#memory.step as DeviceBuffer, Int32Array.of(this.#step));
    for (const [name, numbers] of this.#scalars(this.#step)) {
      this.backend.write(this.#memory[name] as DeviceBuffer, numbers);
    }
    plan.run();
    this.#lastBatch = indices;
    this.#batchSizes[this.#step % RING_STEPS] = indices.length;
  }

  /** Waits for the submitted steps and gives the numbers of those that were not given before. */
  async drain(): Promise<StepRecord[]> {
    const upTo = this.#step;
    const from = this.#drained;
    if (upTo === from) return [];
    this.#drained = upTo;
    const ring = (await this.backend.read(this.#memory.ring as DeviceBuffer)) as Float32Array;
    const records: StepRecord[] = [];
    for (let step = from + 1; step <= upTo; step++) {
      const samples = this.#batchSizes[step % RING_STEPS] as number;
      const learningRate = this.#clocks.at(-1)!.learningRate(step, this.#losses);
      records.push({ step, ...readRing(ring, step, samples, this.#terms), learningRate });
    }
    return records;
  }

  /** Tells the schedule the test loss after an epoch. Once an epoch, before the next one begins. */
  endEpoch(testLoss: number): void {
    this.#losses.push(testLoss);
  }

  /** Epochs without a better test loss after which the run ends; 0: never. */
  get patience(): { readonly epochs: number; readonly minDelta: number } {
    const { earlyStopping, minDelta } = this.#training.options;
    return { epochs: earlyStopping, minDelta };
  }

  /** Loss and accuracy over the whole test set, layers in evaluate mode. */
  async evaluate(): Promise<EvaluationRecord> {
    const totals = this.#memory.totals as DeviceBuffer;
    this.backend.write(totals, new Float32Array(3));
    const { count } = this.#dataset.test;
    for (let start = 0; start < count; start += EVALUATION_BATCH) {
      const size = Math.min(EVALUATION_BATCH, count - start);
      const { batch, plan } = this.#plans.evaluation(size);
      this.backend.write(
        batch,
        Int32Array.from({ length: size }, (_, i) => start + i),
      );
      plan.run();
    }
    const [loss, right, samples] = (await this.backend.read(totals)) as Float32Array;
    const classes = this.#dataset.classes.length;
    return {
      loss: loss! / samples!,
      accuracy: classes > 0 && this.#predicts === 'classes' ? right! / samples! : undefined,
    };
  }

  /**
   * The network's output for samples `[count, …sample]`, floats or ids, as a person reads it (probabilities).
   * `width` numbers a sample.
   */
  async predict(inputs: Float32Array | Int32Array, count: number): Promise<{ outputs: Float32Array; width: number }> {
    const size = sizeOf(this.#dataset.sample);
    if (inputs.length !== count * size) {
      throw new EngineError('bad-data', `expected ${count} × ${size} numbers to predict from, got ${inputs.length}`);
    }
    const parts: Float32Array[] = [];
    for (let start = 0; start < count; start += EVALUATION_BATCH) {
      const rows = Math.min(EVALUATION_BATCH, count - start);
      const { input, output, plan } = this.#plans.prediction(rows);
      this.backend.write(input, inputs.subarray(start * size, (start + rows) * size));
      plan.run();
      parts.push((await this.backend.read(output)) as Float32Array);
    }
    const outputs = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      outputs.set(part, at);
      at += part.length;
    }
    return { outputs, width: count === 0 ? 0 : outputs.length / count };
  }

  /** What the numbers of `predict` are of: a table's target as it is scaled, or undefined where they are something else. */
  get predictedTarget(): InputColumn | undefined {
    return this.#predicts === 'numbers' ? this.#dataset.target : undefined;
  }

  /** `predict` on samples of the test set. */
  async predictTest(indices: readonly number[]): Promise<{ outputs: Float32Array; width: number }> {
    return this.predict(samplesOf(this.#dataset, this.#dataset.test, indices), indices.length);
  }

  /**
   * Samples that the network makes of noise, the same noise each time; `width` numbers each.
   * @throws EngineError `unsupported` for a network that makes none.
   */
  async makeSamples(count: number): Promise<{ outputs: Float32Array; width: number }> {
    const { plan, output } = this.#plans.generation(count);
    plan.run();
    const outputs = (await this.backend.read(output)) as Float32Array;
    return { outputs, width: outputs.length / count };
  }

  /** Characters that the model writes on from a beginning. @throws EngineError `unsupported` for another kind of model. */
  generate(request: TextRequest): Promise<Int32Array> {
    return generateText(this.#dataset, (inputs, count) => this.predict(inputs, count), request);
  }

  /** Counts over the test set, `[true class][predicted class]`. @throws EngineError for a model that does not classify. */
  async confusion(): Promise<Uint32Array> {
    const { outputs, width } = await this.#predictAllTest();
    return confusionCounts(this.#dataset, outputs, width);
  }

  /** What can be said of the model on the test set besides loss and accuracy; nothing for a model of its own kind. */
  async metrics(): Promise<MetricResult[]> {
    const { outputs, width } = await this.#predictAllTest();
    return testMetrics(this.#dataset, outputs, width, this.#predicts);
  }

  /** All weights: those that are evaluated, their running average where one is kept, or those that are trained. */
  weights(which: 'evaluated' | 'trained' = 'evaluated'): Promise<NamedWeight[]> {
    const flat = which === 'evaluated' && this.#memory.average ? 'average' : 'parameters';
    return readWeights(this.backend, this.#memory, this.layout, flat);
  }

  /** Overwrites all weights. @throws EngineError for a name or size that the model has not. */
  setWeights(weights: readonly NamedWeight[]): void {
    if (weights.length > 0) writeWeights(this.backend, this.#memory, this.layout, weights);
  }

  /**
   * After a step whose loss was not finite: the first node, in order of computation, with a weight or an output that is
   * not finite for the last batch.
   */
  async findNotFinite(): Promise<{ node: string; what: 'weights' | 'output' } | undefined> {
    for (const { name, data } of await this.weights('trained')) {
      const entry = this.layout.entries.find((weight) => weight.name === name);
      if (entry && !data.every(Number.isFinite)) return { node: entry.node, what: 'weights' };
    }
    const program = finitenessProgram(this.#plans.trainContext, this.#lastBatch.length);
    const batch = this.backend.allocate({ shape: [this.#lastBatch.length], dtype: 'i32' }, this.#lastBatch);
    try {
      const node = await firstNotFinite(this.backend, program, this.#plans.trainBindings(program, batch));
      return node === undefined ? undefined : { node, what: 'output' };
    } finally {
      this.backend.release(batch);
    }
  }

  /** What another run of the same document and data must be given to go on as this one would. Only after `drain`. */
  async state(): Promise<RunState> {
    return { step: this.#step, losses: [...this.#losses], buffers: await readBuffers(this.backend, this.#memory) };
  }

  /** Goes on from where a run of the same document and data was, on this device or another. */
  restore({ step, losses, buffers }: RunState): void {
    writeBuffers(this.backend, this.#memory, buffers);
    this.#losses.splice(0, this.#losses.length, ...losses);
    this.#step = step;
    this.#drained = step;
    this.#order = shuffledIndices(this.#dataset.train.count, this.#document.training.seed, this.epoch);
  }

  dispose(): void {
    this.#plans.dispose();
    for (const buffer of Object.values(this.#memory)) this.backend.release(buffer);
    this.#train.release(this.backend);
    this.#test.release(this.backend);
  }

  /** The numbers that each group's update takes in a step, by the buffer they belong into. */
  #scalars(step: number): [string, Float32Array][] {
    return this.#groups.map(({ prefix }, i) => [`${prefix}scalars`, this.#clocks[i]!.scalars(step, this.#losses)]);
  }

  get #wholeBatch(): number {
    return Math.min(this.#document.training.batchSize, this.#dataset.train.count);
  }

  #predictAllTest(): Promise<{ outputs: Float32Array; width: number }> {
    return this.predictTest(Array.from({ length: this.#dataset.test.count }, (_, i) => i));
  }

  get #predicts() {
    return whatIsPredicted(this.inference, this.#dataset);
  }
}
