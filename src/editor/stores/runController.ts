import type { Dataset, Split } from '../../engine/data/dataset.ts';
import type { NamedTensor } from '../../engine/data/safetensors.ts';
import { EngineError } from '../../engine/errors.ts';
import type { GraphDocument } from '../../engine/graph/document.ts';
import type { Command, Event, InspectQuery, InspectResult } from '../../workers/protocol.ts';
import { afterEvents, begunRun, isActive, type RunStore, type WantedDevice } from './run.ts';

/** What the controller needs of the worker's handle. */
export interface TrainingPort {
  send(command: Command, transfer?: Transferable[]): void;
  subscribe(listener: (event: Event) => void): () => void;
  inspect(run: string, query: InspectQuery): Promise<InspectResult>;
  restart(): void;
}

export interface RunControllerOptions {
  readonly store: RunStore;
  readonly client: TrainingPort;
  /** The document as it is now. */
  readonly document: () => GraphDocument;
  /** @throws EngineError `bad-data` naming the file. */
  readonly loadDataset: (id: string) => Promise<Dataset>;
  /** Calls back before the next frame is drawn. */
  readonly nextFrame: (callback: () => void) => void;
}

/** Turns what a person wants into commands, and the worker's events into the run store's state, once a frame. */
export class RunController {
  readonly #options: RunControllerOptions;
  #runs = 0;
  #pending: Event[] = [];
  #connected = false;
  /** The samples that the worker has. */
  #given: Dataset | undefined;

  constructor(options: RunControllerOptions) {
    this.#options = options;
  }

  /** Starts the worker and hears it, once; it answers with the devices that there are. */
  connect(): void {
    if (this.#connected) return;
    this.#connected = true;
    this.#options.client.subscribe((event) => this.#hear(event));
    // Its samples are there when they are asked for. A failure is told then: nobody waits for them yet.
    this.#options.loadDataset(this.#options.document().data.dataset).catch(() => undefined);
  }

  setDevice(wantedDevice: WantedDevice): void {
    this.#options.store.setState({ wantedDevice });
  }

  /**
   * Has the worker make ready what `train` would begin now, unless a run is under way.
   * @throws EngineError `bad-data` as `loadDataset` does.
   */
  async prepare(): Promise<void> {
    const { store, client } = this.#options;
    const document = this.#options.document();
    const dataset = await this.#options.loadDataset(document.data.dataset);
    const { status, wantedDevice } = store.getState();
    if (isActive(status) || this.#options.document() !== document) return;
    this.#give(dataset);
    client.send({ kind: 'prepare', document, device: wantedDevice });
  }

  /**
   * Begins a run of the document as it is now; with `steps: 1` it takes one step and pauses. `keepWeights` starts from
   * what the run before has learned, for all layers that are still the same; `weights` from those given, likewise.
   */
  async train(
    options: { readonly steps?: 1; readonly keepWeights?: true; readonly weights?: readonly NamedTensor[] } = {},
  ): Promise<void> {
    const { store, client } = this.#options;
    this.connect();
    const run = `run-${++this.#runs}`;
    const document = this.#options.document();
    // The worker ends any other run when the new one loads; its events are passed over from here on.
    store.setState((state) => begunRun(state, run, document), true);
    try {
      const dataset = await this.#options.loadDataset(document.data.dataset);
      const { id, status, wantedDevice } = store.getState();
      if (id !== run || status !== 'preparing') return;
      store.setState({ dataset });
      this.#give(dataset);
      const keep = {
        ...(options.keepWeights && { keepWeights: options.keepWeights }),
        ...(options.weights && { weights: options.weights }),
      };
      client.send({ kind: 'load', run, document, device: wantedDevice, ...keep });
      client.send({ kind: options.steps ? 'step' : 'start', run });
    } catch (error) {
      const id = error instanceof EngineError ? error.id : 'bad-data';
      const message = error instanceof Error ? error.message : String(error);
      if (store.getState().id !== run) return;
      store.setState({ status: 'failed', failure: { id, message, node: undefined, step: undefined } });
    }
  }

  pause(): void {
    this.#send('pause');
  }

  resume(): void {
    this.#send('resume');
  }

  /** One step of the paused run, or of a new one. */
  step(): void {
    if (this.#options.store.getState().status === 'paused') this.#send('step');
    else void this.train({ steps: 1 });
  }

  stop(): void {
    const { status, compiled } = this.#options.store.getState();
    if (status === 'preparing' && !compiled) {
      // Nobody hears commands while the step is compiled: only a new worker stops that.
      this.#options.client.restart();
      this.#given = undefined;
      this.#options.store.setState({ status: 'stopped' });
    } else this.#send('stop');
  }

  /** Asks the run for something. Rejects with the worker's message, or if there is no run. */
  inspect(query: InspectQuery): Promise<InspectResult> {
    const { id } = this.#options.store.getState();
    if (id === undefined) return Promise.reject(new Error('there is no run yet: press Train'));
    return this.#options.client.inspect(id, query);
  }

  #give(dataset: Dataset): void {
    if (this.#given === dataset) return;
    this.#given = dataset;
    const copy = copyOf(dataset);
    this.#options.client.send({ kind: 'data', dataset: copy }, buffersOf(copy));
  }

  #send(kind: 'pause' | 'resume' | 'step' | 'stop'): void {
    const run = this.#options.store.getState().id;
    if (run !== undefined) this.#options.client.send({ kind, run });
  }

  #hear(event: Event): void {
    this.#pending.push(event);
    if (this.#pending.length > 1) return;
    this.#options.nextFrame(() => {
      const events = this.#pending;
      this.#pending = [];
      this.#options.store.setState((state) => afterEvents(state, events), true);
    });
  }
}

// The worker gets a copy: the page goes on showing the samples.
function copyOf(dataset: Dataset): Dataset {
  const split = ({ count, inputs, labels }: Split): Split => ({
    count,
    inputs: inputs.slice(),
    labels: labels.slice(),
  });
  return { ...dataset, train: split(dataset.train), test: split(dataset.test) };
}

function buffersOf({ train, test }: Dataset): ArrayBuffer[] {
  return [train.inputs, train.labels, test.inputs, test.labels].map(({ buffer }) => buffer as ArrayBuffer);
}
