import type { Backend, TunedKernel, TuningStore } from '../engine/backends/backend.ts';
import { availableDevices, createBackend } from '../engine/backends/select.ts';
import { EngineError } from '../engine/errors.ts';
import { sameShape } from '../engine/ir/shape.ts';
import { createTrainingRun } from '../engine/training/createTrainingRun.ts';
import type { NamedWeight } from '../engine/training/initialWeights.ts';
import { type KeptState, TrainingLoop } from '../engine/training/loop.ts';
import { profileLayers } from '../engine/training/profile.ts';
import type { StepRecord } from '../engine/training/records.ts';
import type { TrainingRun } from '../engine/training/trainingRun.ts';
import type { Command, Event, InspectQuery, InspectResult } from './protocol.ts';

type Send = (event: Event, transfer?: Transferable[]) => void;

/** Metrics go to the page at most this often, in milliseconds: about once a frame. */
const METRICS_INTERVAL = 16;

type Load = Command & { kind: 'load' };

interface Current {
  readonly id: string;
  readonly command: Load;
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
  #current: Current | undefined;
  /** Commands wait for a load that is under way. */
  #loading: Promise<void> = Promise.resolve();
  #pending: StepRecord[] = [];
  /** The last step of the run that the page knows. */
  #told = 0;
  #lostDevices = 0;
  #sentAt = 0;
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
    if (command.kind === 'load') {
      this.#loading = this.#loading
        .then(() => this.#load(command))
        .catch((error: unknown) => this.fail(error, command.run));
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
    for (const [device, kept] of this.#backends) if (kept === backend) this.#backends.delete(device);
  }

  async #load(command: Load): Promise<void> {
    const last = command.keepWeights && this.#current ? await this.#current.run.weights('trained') : undefined;
    const before = command.weights ?? last;
    this.#end();
    this.#told = 0;
    const start = performance.now();
    const backend = await this.#backendFor(command.device);
    await this.#begin(command, backend, start, before, undefined);
  }

  /** Makes the run and its loop on a device; `kept` is where it was on another one. */
  async #begin(
    command: Load,
    backend: Backend,
    start: number,
    before: readonly NamedWeight[] | undefined,
    from: KeptState | undefined,
  ): Promise<Current> {
    let run: TrainingRun;
    let kept: { weights: number; of: number } | undefined;
    try {
      run = await createTrainingRun({ document: command.document, dataset: command.dataset, backend });
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
    const current = { id, command, run, loop, backend };
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
        const current = await this.#begin(lost.command, backend, performance.now(), undefined, lost.loop.kept);
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

  async #obey(command: Exclude<Command, { kind: 'load' }>): Promise<void> {
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
          query.kind === 'tune' ? await this.#tune(current) : await inspect(current.run, query);
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

function isLoss(error: unknown): error is EngineError {
  return error instanceof EngineError && error.id === 'device-lost';
}

async function inspect(
  run: TrainingRun,
  query: Exclude<InspectQuery, { kind: 'tune' }>,
): Promise<{ result: InspectResult; transfer: Transferable[] }> {
  switch (query.kind) {
    case 'predictTest':
    case 'predict': {
      const { outputs, width } =
        query.kind === 'predict' ? await run.predict(query.inputs, query.count) : await run.predictTest(query.indices);
      return { result: { kind: 'predictions', outputs, width }, transfer: [outputs.buffer] };
    }
    case 'makeSamples': {
      const { outputs, width } = await run.makeSamples(query.count);
      return { result: { kind: 'predictions', outputs, width }, transfer: [outputs.buffer] };
    }
    case 'generate': {
      const ids = await run.generate(query);
      return { result: { kind: 'generated', ids }, transfer: [ids.buffer] };
    }
    case 'confusion': {
      const counts = await run.confusion();
      return { result: { kind: 'confusion', counts, classes: Math.sqrt(counts.length) }, transfer: [counts.buffer] };
    }
    case 'metrics':
      return { result: { kind: 'metrics', metrics: await run.metrics() }, transfer: [] };
    case 'weights': {
      const weights = await run.weights();
      return { result: { kind: 'weights', weights }, transfer: weights.map(({ data }) => data.buffer) };
    }
    case 'profile': {
      const { kernels, batchSize, arenaBytes } = await run.profile();
      const profile = { batchSize, arenaBytes, kernels, layers: profileLayers(kernels) };
      return { result: { kind: 'profile', profile }, transfer: [] };
    }
  }
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

/** Gives a run the weights of another one where name and shape are the same; all others keep their first values. */
async function keepWeights(run: TrainingRun, before: readonly NamedWeight[]): Promise<{ weights: number; of: number }> {
  const known = new Map(before.map((weight) => [weight.name, weight]));
  let weights = 0;
  const merged = (await run.weights()).map((weight) => {
    const old = known.get(weight.name);
    if (!old || !sameShape(old.shape, weight.shape)) return weight;
    weights++;
    return old;
  });
  run.setWeights(merged);
  return { weights, of: merged.length };
}
