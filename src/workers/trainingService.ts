import type { Backend, TunedKernel, TuningStore } from '../engine/backends/backend.ts';
import { availableDevices, createBackend } from '../engine/backends/select.ts';
import type { Dataset } from '../engine/data/dataset.ts';
import { EngineError } from '../engine/errors.ts';
import { createTrainingRun, whenReady } from '../engine/training/createTrainingRun.ts';
import type { NamedWeight } from '../engine/training/initialWeights.ts';
import { type KeptState, TrainingLoop } from '../engine/training/loop.ts';
import type { StepRecord } from '../engine/training/records.ts';
import type { TrainingRun } from '../engine/training/trainingRun.ts';
import { inspectRun } from './inspectRun.ts';
import { keepWeights } from './keepWeights.ts';
import { Preparation } from './preparation.ts';
import type { Command, Event, InspectResult } from './protocol.ts';

type Send = (event: Event, transfer?: Transferable[]) => void;

/**
 * Metrics go to the page at most this often, in milliseconds; the first at once. An eye reads numbers and curves no faster,
 * and drawing them takes the page's frames, and a small computer's training, a third of their time.
 */
const METRICS_INTERVAL = 100;

type Load = Command & { kind: 'load' };
type Prepare = Command & { kind: 'prepare' };

interface Current {
  readonly id: string;
  readonly command: Load;
  readonly dataset: Dataset;
  readonly run: TrainingRun;
  readonly loop: TrainingLoop;
  readonly backend: Backend;
}

/** What the training worker does with commands; apart from the worker's global scope, so that it can be tested without one. */
export class TrainingService {
  readonly #send: Send;
  readonly #tuningStore: TuningStore | undefined;
  /** Kept from run to run: what one compiled, the next finds again. */
  readonly #backends = new Map<string, Backend>();
  #dataset: Dataset | undefined;
  #current: Current | undefined;
  readonly #preparation = new Preparation();
  /** Counts loads and preparations: one that is not the last need not be prepared any more. */
  #asked = 0;
  /** Commands wait for a load that is under way. */
  #loading: Promise<void> = Promise.resolve();
  #pending: StepRecord[] = [];
  /** The last step of the run that the page knows. */
  #told = 0;
  #lostDevices = 0;
  #sentAt = Number.NEGATIVE_INFINITY;
  #endOfTuning = new AbortController();

  /** `tuning` is where layouts that were found to be the fastest are kept. */
  constructor(send: Send, tuning?: TuningStore) {
    this.#send = send;
    this.#tuningStore = tuning;
  }

  /** Tells the page which devices there are. */
  async announce(): Promise<void> {
    this.#send({ kind: 'ready', devices: await availableDevices() });
  }

  receive(command: Command): void {
    if (command.kind === 'data') {
      this.#dataset = command.dataset;
      return;
    }
    if (command.kind === 'load' || command.kind === 'prepare') {
      const dataset = this.#dataset;
      const asked = ++this.#asked;
      this.#loading = this.#loading
        .then(() => {
          if (command.kind === 'load') return this.#load(command, given(dataset));
          return asked === this.#asked ? this.#prepare(command, given(dataset)) : undefined;
        })
        .catch((error: unknown) => {
          // Nobody has asked for what is prepared: a `load` will, and fails alike.
          if (command.kind === 'load') this.fail(error, command.run);
        });
      return;
    }
    void this.#loading
      .then(() => this.#obey(command))
      .catch((error: unknown) =>
        this.fail(error, command.run, command.kind === 'inspect' ? command.request : undefined),
      );
  }

  /** Turns any error into an event: the worker never dies silently. */
  fail(error: unknown, run = this.#current?.id ?? '', request?: number): void {
    const known = error instanceof EngineError;
    const message = error instanceof Error ? error.message : String(error);
    this.#send({
      kind: 'failed',
      run,
      request,
      id: known ? error.id : 'internal',
      message,
      node: known ? error.where : undefined,
    });
    if (request !== undefined || this.#current?.id !== run) return;
    const { loop, backend } = this.#current;
    loop.stop();
    // A device that failed once is not used again.
    this.#forget(backend);
  }

  #forget(backend: Backend): void {
    this.#preparation.dropFrom(backend);
    for (const [device, kept] of this.#backends) if (kept === backend) this.#backends.delete(device);
  }

  async #prepare({ document, device }: Prepare, dataset: Dataset): Promise<void> {
    const wanted = { document, dataset, device };
    if (this.#current?.loop.state === 'running' || this.#preparation.has(wanted)) return;
    this.#preparation.make(wanted, await this.#backendFor(device));
  }

  async #load(command: Load, dataset: Dataset): Promise<void> {
    const last = command.keepWeights && this.#current ? await this.#current.run.weights('trained') : undefined;
    const before = command.weights ?? last;
    this.#end();
    this.#told = 0;
    this.#sentAt = Number.NEGATIVE_INFINITY;
    const start = performance.now();
    const { document, device } = command;
    const prepared = this.#preparation.take({ document, dataset, device });
    const backend = prepared?.backend ?? (await this.#backendFor(device));
    await this.#begin({ command, dataset, backend, start, before, from: undefined, prepared });
  }

  /** Makes the run and its loop on a device; `kept` is where it was on another one. */
  async #begin(options: {
    readonly command: Load;
    readonly dataset: Dataset;
    readonly backend: Backend;
    readonly start: number;
    readonly before: readonly NamedWeight[] | undefined;
    readonly from: KeptState | undefined;
    readonly prepared: TrainingRun | undefined;
  }): Promise<Current> {
    const { command, dataset, backend, start, before, from, prepared } = options;
    let run: TrainingRun;
    let kept: { weights: number; of: number } | undefined;
    try {
      run = await (prepared
        ? whenReady(prepared)
        : createTrainingRun({ document: command.document, dataset, backend }));
      kept = before && (await keepWeights(run, before));
    } catch (error) {
      // What it had allocated by then goes with it.
      this.#forget(backend);
      backend.dispose();
      throw error;
    }
    const id = command.run;
    const loop = new TrainingLoop(
      run,
      {
        steps: (records) => this.#metrics(records),
        evaluated: (evaluation, step, epoch) => {
          this.#flush();
          this.#send({ kind: 'evaluated', run: id, evaluation: { ...evaluation, step, epoch } });
        },
        notFinite: (step, place) => {
          this.#flush();
          const where = place
            ? `: the ${place.what === 'weights' ? 'weights of' : 'output of'} "${place.node}" ${place.what === 'weights' ? 'are' : 'is'} not finite`
            : '';
          this.#send({
            kind: 'diagnostic',
            run: id,
            id: 'not-finite',
            message: `The loss is not a finite number at step ${step}${where}. Training is paused; try a lower learning rate.`,
            node: place?.node,
            step,
          });
        },
      },
      nextTask,
      from,
    );
    const current = { id, command, dataset, run, loop, backend };
    this.#current = current;
    this.#send({
      kind: 'compiled',
      run: id,
      device: backend.name,
      description: backend.description,
      kernels: run.stepCode.kernels.length,
      milliseconds: performance.now() - start,
      stepsPerEpoch: run.stepsPerEpoch,
      totalSteps: run.totalSteps,
      parameters: run.parameterCount,
      kept,
    });
    return current;
  }

  async #backendFor(device: Load['device']): Promise<Backend> {
    const known = this.#backends.get(device);
    if (known) return known;
    const backend = await createBackend(device, undefined, undefined, this.#tuningStore);
    this.#backends.set(device, backend);
    void backend.lost.then((reason) => {
      this.#forget(backend);
      if (this.#current?.backend === backend) this.#goOnElsewhere(this.#current, reason);
    });
    return backend;
  }

  /**
   * After the device of a run was lost: goes on from what was brought into safety last, once with a new device of the same
   * kind, then with WebAssembly, which can't be lost.
   */
  #goOnElsewhere(lost: Current, reason: string): void {
    if (lost.loop.lost) return;
    const running = lost.loop.state === 'running';
    lost.loop.giveUp();
    this.#lostDevices++;
    const wanted = this.#lostDevices > 1 ? 'wasm' : lost.command.device;
    this.#loading = this.#loading
      .then(async () => {
        if (this.#current !== lost) return;
        this.#end();
        const backend = await this.#backendFor(wanted).catch(() => this.#backendFor('wasm'));
        const current = await this.#begin({
          command: lost.command,
          dataset: lost.dataset,
          backend,
          start: performance.now(),
          before: undefined,
          from: lost.loop.kept,
          prepared: undefined,
        });
        const { step } = current.run;
        this.#send({
          kind: 'diagnostic',
          run: lost.id,
          id: 'device-lost',
          message: `The device was lost (${reason}). Training goes on from step ${step} on ${backend.description}.`,
          node: undefined,
          step,
        });
        if (running) this.#train(current);
      })
      .catch((error: unknown) => this.fail(error, lost.id));
  }

  async #obey(command: Exclude<Command, { kind: 'load' | 'prepare' | 'data' }>): Promise<void> {
    const current = this.#current;
    if (!current || current.id !== command.run) {
      throw new EngineError('bad-option', `run "${command.run}" is not loaded`);
    }
    switch (command.kind) {
      case 'start':
      case 'resume':
        this.#train(current);
        return;
      case 'step':
        this.#train(current, 1);
        return;
      case 'pause':
        current.loop.pause();
        return;
      case 'stop':
        current.loop.stop();
        this.#flush();
        this.#send({ kind: 'state', run: current.id, state: 'stopped' });
        return;
      case 'endTuning':
        this.#endOfTuning.abort();
        return;
      case 'inspect': {
        const { query } = command;
        const { result, transfer } =
          query.kind === 'tune' ? await this.#tune(current) : await inspectRun(current.run, query);
        this.#send({ kind: 'inspected', run: current.id, request: command.request, result }, transfer);
        return;
      }
    }
  }

  async #tune({ id, run, backend }: Current): Promise<{ result: InspectResult; transfer: Transferable[] }> {
    if (!backend.tune) {
      throw new EngineError('unsupported', `there is one layout only on ${backend.description}: nothing to choose`);
    }
    this.#endOfTuning = new AbortController();
    const kernels: TunedKernel[] = [];
    await run.tune((kernel, done, of) => {
      kernels.push(kernel);
      this.#send({ kind: 'tuning', run: id, done, of });
    }, this.#endOfTuning.signal);
    // It is laid out as before.
    this.#preparation.drop();
    return { result: { kind: 'tuned', kernels }, transfer: [] };
  }

  // Not awaited by the caller: commands go on being heard while it trains.
  #train(current: Current, steps?: number): void {
    if (current.loop.state === 'running') return;
    this.#send({ kind: 'state', run: current.id, state: 'running' });
    current.loop.train(steps).then(
      (state) => {
        if (current.loop.lost) return;
        this.#flush();
        const evaluation = current.loop.lastEvaluation;
        if (state === 'done' && evaluation) {
          const { step, epoch } = current.run;
          this.#send({
            kind: 'done',
            run: current.id,
            evaluation: { ...evaluation, step, epoch },
            secondsTraining: current.loop.secondsTraining,
          });
        } else if (state === 'paused') this.#send({ kind: 'state', run: current.id, state: 'paused' });
      },
      (error: unknown) => {
        if (current.loop.lost) return;
        if (isLoss(error)) this.#goOnElsewhere(current, error.message);
        else this.fail(error, current.id);
      },
    );
  }

  #metrics(records: readonly StepRecord[]): void {
    // After the loss of a device some steps are taken again: they were told of before.
    const news = records.filter(({ step }) => step > this.#told);
    this.#told = Math.max(this.#told, ...news.map(({ step }) => step));
    this.#pending.push(...news);
    if (performance.now() - this.#sentAt >= METRICS_INTERVAL) this.#flush();
  }

  #flush(): void {
    const current = this.#current;
    const steps = this.#pending;
    if (!current || steps.length === 0) return;
    this.#pending = [];
    this.#sentAt = performance.now();
    this.#send({ kind: 'metrics', run: current.id, steps, samplesPerSecond: current.loop.samplesPerSecond });
  }

  #end(): void {
    const current = this.#current;
    if (!current) return;
    this.#current = undefined;
    this.#pending = [];
    this.#endOfTuning.abort();
    current.loop.stop();
    current.run.dispose();
    if (![...this.#backends.values()].includes(current.backend)) current.backend.dispose();
  }
}

function given(dataset: Dataset | undefined): Dataset {
  if (!dataset) throw new EngineError('bad-option', 'no data set was given before a run was loaded');
  return dataset;
}

function isLoss(error: unknown): error is EngineError {
  return error instanceof EngineError && error.id === 'device-lost';
}

/** Resolves in a task of its own, so that waiting messages are handled first. Timers would wait 4 ms. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
