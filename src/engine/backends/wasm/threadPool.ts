import { EngineError } from '../../errors.ts';
import type { Code } from './code.ts';
import type { WasmMemory } from './memory.ts';
import { CONTROL_BYTES, makeThread, type PhaseStep, type Thread, type ThreadLoad } from './thread.ts';
import { type StartedWorker, startWorker } from './threadWorkers.ts';

/** The threads of a backend: the one that calls, which does its share, and workers that wait for it. */
export class ThreadPool {
  readonly count: number;
  /** Resolves with the reason if a worker ends by itself. */
  readonly lost: Promise<string>;
  readonly #memory: WasmMemory;
  readonly #first: Thread;
  readonly #workers: readonly StartedWorker[];
  /** Modules that the calling thread has, and those that all have. */
  #loaded = 0;
  #handedOn = 0;
  #plans = 0;
  /** Plans that the calling thread, and that the others are still to forget. */
  #dropped: number[] = [];
  #droppedElsewhere: number[] = [];
  /** Where the last things that were handed on lie. */
  #handed = 0;
  #failed: EngineError | undefined;

  private constructor(memory: WasmMemory, first: Thread, workers: readonly StartedWorker[], lost: Promise<string>) {
    this.lost = lost;
    this.#memory = memory;
    this.#first = first;
    this.#workers = workers;
    this.count = workers.length + 1;
  }

  /** A pool that has only the calling thread. */
  static single(memory: WasmMemory): ThreadPool {
    return new ThreadPool(memory, makeThread(memory.memory, 0, 0, 1), [], new Promise(() => undefined));
  }

  /** Starts `count − 1` workers over a shared memory. @throws EngineError `unsupported` if one does not start. */
  static async start(memory: WasmMemory, count: number): Promise<ThreadPool> {
    const control = memory.allocate(CONTROL_BYTES);
    let died: (reason: string) => void = () => undefined;
    const lost = new Promise<string>((resolve) => {
      died = resolve;
    });
    const starts = Array.from({ length: count - 1 }, (_, i) =>
      startWorker({ memory: memory.memory, control, number: i + 1, count }, died),
    );
    const settled = await Promise.allSettled(starts);
    const workers = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const refused = settled.find((each) => each.status === 'rejected');
    if (refused) {
      await Promise.all(workers.map((worker) => worker.end()));
      throw new EngineError('unsupported', `threads could not be started: ${messageOf(refused.reason)}`);
    }
    return new ThreadPool(memory, makeThread(memory.memory, control, 0, count), workers, lost);
  }

  /** Keeps a plan on all threads that it needs; its number. */
  keep(codes: readonly Code[], steps: readonly PhaseStep[]): number {
    const plan = { id: ++this.#plans, steps };
    const divided = steps.some((step) => step.divided);
    if (divided) this.#handOn({ codes: codes.slice(this.#handedOn), dropped: this.#droppedElsewhere, plan });
    const given = { codes: codes.slice(this.#loaded), dropped: this.#dropped, plan };
    this.#together(() => this.#first.load(given));
    this.#loaded = codes.length;
    this.#dropped = [];
    if (divided) {
      this.#handedOn = codes.length;
      this.#droppedElsewhere = [];
      this.#together(() => this.#first.meet());
      this.#memory.free(this.#handed);
    }
    return plan.id;
  }

  /** Forgets a plan: at once here, with the next one that is kept elsewhere. */
  drop(plan: number): void {
    this.#dropped.push(plan);
    if (this.count > 1) this.#droppedElsewhere.push(plan);
  }

  /** Does some steps of a plan. @throws EngineError `device-lost` if a thread fails; the pool is of no use then. */
  run(plan: number, steps: readonly PhaseStep[], from = 0, to = steps.length): void {
    if (this.#failed) throw this.#failed;
    const { shared, own, ownBytes } = this.#memory.scratch;
    const run = { plan, from, to, shared, own, ownBytes };
    let divided = false;
    for (let i = from; i < to && !divided; i++) divided = steps[i]?.divided ?? false;
    this.#together(() => (divided ? this.#first.together(run) : this.#first.alone(run)));
  }

  /** Resolves when no worker is left. */
  async end(): Promise<void> {
    if (this.count > 1) this.#first.end();
    await Promise.all(this.#workers.map((worker) => worker.end()));
  }

  /** Text and modules go through the memory itself: workers that wait for work hear no messages. */
  #handOn(given: { codes: readonly Code[]; dropped: readonly number[]; plan: ThreadLoad['plan'] }): void {
    if (this.#failed) throw this.#failed;
    const total = given.codes.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const place = (base: number): Uint8Array => {
      let at = base;
      const codes = given.codes.map(({ id, bytes, imports }) => {
        const address = at;
        at += bytes.length;
        return { id, imports, bytes: { address, length: bytes.length } };
      });
      return new TextEncoder().encode(JSON.stringify({ ...given, codes }));
    };
    // Addresses are at most ten digits.
    const room = place(0).length + 10 * given.codes.length;
    this.#handed = this.#memory.allocate(total + room);
    const text = place(this.#handed);
    const view = new Uint8Array(this.#memory.memory.buffer, this.#handed, total + room);
    let at = 0;
    for (const { bytes } of given.codes) {
      view.set(bytes, at);
      at += bytes.length;
    }
    view.set(text, total);
    this.#first.handOn(this.#handed + total, text.length);
  }

  #together(work: () => void): void {
    try {
      work();
    } catch (error) {
      throw this.#fail(error);
    }
  }

  #fail(error: unknown): EngineError {
    if (this.count > 1) this.#first.fail(error);
    this.#failed ??= new EngineError('device-lost', `a kernel failed on the CPU: ${messageOf(error)}`);
    return this.#failed;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
