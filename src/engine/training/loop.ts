import type { EvaluationRecord, StepRecord } from './records.ts';
import type { RunState } from './runState.ts';
import type { TrainingRun } from './trainingRun.ts';

export interface LoopEvents {
  /** Numbers of finished steps, in order. */
  steps(records: readonly StepRecord[]): void;
  /** After each epoch, over the test set. */
  evaluated(evaluation: EvaluationRecord, step: number, epoch: number): void;
  /** A loss that is not finite: the loop has paused, the weights are those that led to it. */
  notFinite(step: number, place: { node: string; what: 'weights' | 'output' } | undefined): void;
}

export type LoopState = 'idle' | 'running' | 'paused' | 'stopped' | 'done';

/** How long the device is kept busy before the loop looks at its commands, in milliseconds. */
const SLICE = 40;
/** How often the state of a run on a device that can be lost is brought into safety, in milliseconds. */
const KEEP_EVERY = 5000;

/** What a loop goes on from with another run of the same document, on another device. */
export interface KeptState {
  readonly run: RunState;
  readonly evaluatedAt: number;
  readonly best: number;
  readonly withoutBetter: number;
}

/**
 * Drives a run: submits steps in slices, reads the numbers of one slice while the next is on the device, and gives way
 * to commands between slices.
 */
export class TrainingLoop {
  readonly run: TrainingRun;
  readonly #events: LoopEvents;
  readonly #giveWay: () => Promise<void>;
  #state: LoopState = 'idle';
  #perSlice = 1;
  #secondsTraining = 0;
  #paused = false;
  #evaluatedAt = 0;
  #last: EvaluationRecord | undefined;
  #best = Number.POSITIVE_INFINITY;
  #withoutBetter = 0;
  #stoppedEarly = false;
  #lost = false;
  readonly #firstStep: number;
  #kept: KeptState | undefined;
  #keptAt = performance.now();

  /** `giveWay` resolves in a later task, so that messages are heard. `kept` is where another loop was. */
  constructor(run: TrainingRun, events: LoopEvents, giveWay: () => Promise<void>, kept?: KeptState) {
    this.run = run;
    this.#events = events;
    this.#giveWay = giveWay;
    if (kept) {
      run.restore(kept.run);
      this.#evaluatedAt = kept.evaluatedAt;
      this.#best = kept.best;
      this.#withoutBetter = kept.withoutBetter;
      this.#kept = kept;
    }
    this.#firstStep = run.step;
  }

  /** What was brought into safety last; nothing in the first seconds, and from a device that is not lost. */
  get kept(): KeptState | undefined {
    return this.#kept;
  }

  get state(): LoopState {
    return this.#state;
  }

  /** Time spent in training steps, evaluation left out. */
  get secondsTraining(): number {
    return this.#secondsTraining;
  }

  /** Over the time spent in training steps. */
  get samplesPerSecond(): number {
    return this.#secondsTraining === 0
      ? 0
      : ((this.run.step - this.#firstStep) * this.run.batchSize) / this.#secondsTraining;
  }

  /** Whether the run ended because the test loss did not become better any more. */
  get stoppedEarly(): boolean {
    return this.#stoppedEarly;
  }

  get lastEvaluation(): EvaluationRecord | undefined {
    return this.#last;
  }

  /** Trains until the run ends, `pause` or `stop` is called, or a loss is not finite. Resolves with the state then. */
  async train(mostSteps = Number.POSITIVE_INFINITY): Promise<LoopState> {
    if (this.#state === 'running' || this.#state === 'stopped' || this.#state === 'done') return this.#state;
    this.#state = 'running';
    this.#paused = false;
    const last = Math.min(this.run.totalSteps, this.run.step + mostSteps);
    while (this.run.step < last && this.#goesOn() && !this.#stoppedEarly) {
      await this.#slice(last);
      if (this.run.atEpochEnd && this.run.step !== this.#evaluatedAt && this.#goesOn()) await this.#evaluate();
    }
    if (this.#goesOn()) this.#state = this.run.finished || this.#stoppedEarly ? 'done' : 'paused';
    else if (this.#state === 'running') this.#state = 'paused';
    return this.#state;
  }

  pause(): void {
    this.#paused = true;
  }

  stop(): void {
    this.#state = 'stopped';
  }

  /** Stops for good because the device is gone: another loop goes on from `kept`. */
  giveUp(): void {
    this.#lost = true;
    this.stop();
  }

  get lost(): boolean {
    return this.#lost;
  }

  // The state may change while something is awaited, so it is asked anew each time.
  #goesOn(): boolean {
    return this.#state === 'running' && !this.#paused;
  }

  async #slice(last: number): Promise<void> {
    const start = performance.now();
    const toEpochEnd = this.run.stepsPerEpoch - (this.run.step % this.run.stepsPerEpoch);
    const count = Math.min(this.#perSlice, last - this.run.step, toEpochEnd, this.run.room);
    for (let i = 0; i < count; i++) this.run.submitStep();
    const records = await this.run.drain();
    const milliseconds = performance.now() - start;
    this.#secondsTraining += milliseconds / 1000;
    if (count > 0)
      this.#perSlice = Math.max(1, Math.min(64, Math.round((count * SLICE) / Math.max(0.5, milliseconds))));
    this.#events.steps(records);
    const broken = records.find(({ loss }) => !Number.isFinite(loss));
    if (broken) {
      this.#paused = true;
      this.#events.notFinite(broken.step, await this.run.findNotFinite());
    }
    if (this.run.backend.name === 'webgpu' && performance.now() - this.#keptAt >= KEEP_EVERY) await this.#keep();
    await this.#giveWay();
  }

  async #keep(): Promise<void> {
    this.#kept = {
      run: await this.run.state(),
      evaluatedAt: this.#evaluatedAt,
      best: this.#best,
      withoutBetter: this.#withoutBetter,
    };
    this.#keptAt = performance.now();
  }

  /** Ends the run when the test loss has not become better for as many epochs as the document says. */
  #waitForBetter(loss: number): void {
    const { epochs, minDelta } = this.run.patience;
    if (loss < this.#best - minDelta) {
      this.#best = loss;
      this.#withoutBetter = 0;
    } else this.#withoutBetter++;
    if (epochs > 0 && this.#withoutBetter >= epochs && !this.run.finished) this.#stoppedEarly = true;
  }

  async #evaluate(): Promise<void> {
    this.#evaluatedAt = this.run.step;
    this.#last = await this.run.evaluate();
    this.run.endEpoch(this.#last.loss);
    this.#waitForBetter(this.#last.loss);
    this.#events.evaluated(this.#last, this.run.step, this.run.epoch);
  }
}
