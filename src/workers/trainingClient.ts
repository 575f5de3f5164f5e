import type { Command, Event, InspectQuery, InspectResult } from './protocol.ts';

type Listener = (event: Event) => void;

/** The page's handle on the training worker: typed commands in, typed events out. */
export class TrainingClient {
  readonly #makeWorker: () => Worker;
  readonly #listeners = new Set<Listener>();
  readonly #requests = new Map<number, { resolve: (result: InspectResult) => void; reject: (error: Error) => void }>();
  #worker: Worker | undefined;
  #nextRequest = 1;
  #run: string | undefined;

  constructor(
    makeWorker: () => Worker = () =>
      new Worker(new URL('./training.worker.ts', import.meta.url), { type: 'module', name: 'training' }),
  ) {
    this.#makeWorker = makeWorker;
  }

  /** Sends a command; the worker is started with the first one. */
  send(command: Command, transfer: Transferable[] = []): void {
    if (command.kind === 'load') this.#run = command.run;
    this.#started().postMessage(command, transfer);
  }

  /** Hears all events until the returned function is called. Starts the worker, whose first event says which devices there are. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    this.#started();
    return () => this.#listeners.delete(listener);
  }

  /** Asks a loaded run for something. Rejects with the worker's message if it can't answer. */
  inspect(run: string, query: InspectQuery): Promise<InspectResult> {
    const request = this.#nextRequest++;
    return new Promise((resolve, reject) => {
      this.#requests.set(request, { resolve, reject });
      this.send({ kind: 'inspect', run, request, query });
    });
  }

  /** Ends the worker, whatever it is doing; the next command starts a new one. */
  restart(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { reject } of this.#requests.values()) reject(new Error('the training worker was restarted'));
    this.#requests.clear();
    if (this.#listeners.size > 0) this.#started();
  }

  #started(): Worker {
    if (this.#worker) return this.#worker;
    const worker = this.#makeWorker();
    worker.addEventListener('message', ({ data }: MessageEvent<Event>) => this.#receive(data));
    worker.addEventListener('error', (error) => {
      const message = error.message || 'the training worker could not be started: reload the page';
      this.#receive({
        kind: 'failed',
        run: this.#run ?? '',
        request: undefined,
        id: 'worker',
        message,
        node: undefined,
      });
    });
    this.#worker = worker;
    return worker;
  }

  #receive(event: Event): void {
    if (event.kind === 'inspected') {
      this.#requests.get(event.request)?.resolve(event.result);
      this.#requests.delete(event.request);
    } else if (event.kind === 'failed' && event.request !== undefined) {
      this.#requests.get(event.request)?.reject(new Error(event.message));
      this.#requests.delete(event.request);
      return;
    }
    for (const listener of this.#listeners) listener(event);
  }
}
