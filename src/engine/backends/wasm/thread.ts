/** One phase of a plan as all threads know it: plain data. */
export interface PhaseStep {
  readonly code: number;
  /** Base of each argument: 0 for an address as it is, 1 for shared scratch memory, 2 for the thread's own. */
  readonly arguments: readonly (readonly [base: 0 | 1 | 2, bytes: number])[];
  readonly range: number;
  /** Units that are done by one thread at a time, at the least. */
  readonly grain: number;
  /** Whether its range is divided; else one thread does it alone. */
  readonly divided: boolean;
  /** Whether all before it must be done. */
  readonly waits: boolean;
}

/** What threads are given: code that is new to them, plans to forget, a plan to keep. */
export interface ThreadLoad {
  readonly codes: readonly {
    readonly id: number;
    readonly bytes: Uint8Array<ArrayBuffer> | { readonly address: number; readonly length: number };
    readonly imports: Readonly<Record<string, { readonly code: number; readonly name: string }>>;
  }[];
  readonly dropped: readonly number[];
  readonly plan: { readonly id: number; readonly steps: readonly PhaseStep[] };
}

/** Some steps of a plan, and where scratch memory is at the time. */
export interface ThreadRun {
  readonly plan: number;
  readonly from: number;
  readonly to: number;
  readonly shared: number;
  readonly own: number;
  readonly ownBytes: number;
}

export interface Thread {
  load(given: ThreadLoad): void;
  /** On the first thread: does steps by itself. */
  alone(run: ThreadRun): void;
  /** On the first thread: does steps together with whichever others have time. @throws Error if one of them failed. */
  together(run: ThreadRun): void;
  /** On the first thread: has the others load what lies there, as JSON; `meet` waits until they have. */
  handOn(address: number, bytes: number): void;
  /** Waits until all threads have come here. @throws Error if one of them failed. */
  meet(): void;
  /** On the first thread: has the others end. */
  end(): void;
  /** Has all others give up, since this one failed. */
  fail(error: unknown): void;
  /** On all others: does what the first one commands, until that is to end. */
  serve(): void;
}

/** Bytes of memory by which threads talk to each other. */
export const CONTROL_BYTES = 4096;
/** Most threads that fit in there. */
export const MOST_THREADS = 64;

/**
 * Thread `number` of `count` over one memory; `control` is the address of CONTROL_BYTES bytes of it, or unused for a
 * single thread. Each thread goes through the steps of a plan by itself. A phase is cut into blocks; threads take one after
 * the other, first those of their own share, and go on when all are done. So nobody waits for a thread that the system
 * gives no processor to, except for a block that it has begun. Waiting is spinning for some microseconds, then sleeping: a
 * step takes no messages. The function refers to nothing outside of itself, since Node's workers start from its source.
 */
export function makeThread(memory: WebAssembly.Memory, control: number, number: number, count: number): Thread {
  // Words of the control block, apart from each other where they are written often.
  const [EPOCH, COMMAND, PHASE, DONE, ARRIVED, ROUND, SLEEPERS, FAILED] = [0, 16, 32, 48, 64, 80, 96, 112] as const;
  const [LENGTH, TEXT, SHARES, MOST_TEXT] = [113, 114, 512, 390] as const;
  const [RUN, LOAD, END] = [1, 2, 3] as const;
  const SPINS = 4000;
  const BLOCKS_A_THREAD = 4;
  /** A share's word is the phase's number and the next of its blocks, in so many bits. */
  const BITS = 8;
  /** Milliseconds after which a thread that does not come is taken for dead. */
  const PATIENCE = 60_000;
  interface Group {
    /** For each share the blocks of it. */
    readonly shares: readonly (readonly (() => void)[])[];
    readonly blocks: number;
  }
  interface Plan {
    readonly steps: readonly PhaseStep[];
    scratch: string;
    whole: (() => void)[];
    readonly groups: Map<string, readonly Group[]>;
  }
  const words = count > 1 ? new Int32Array(memory.buffer, control, 1024) : new Int32Array(1024);
  const instances = new Map<number, WebAssembly.Exports>();
  const plans = new Map<number, Plan>();

  const failure = (): Error => {
    const length = Math.min(Atomics.load(words, LENGTH), MOST_TEXT);
    return new Error(String.fromCharCode(...words.subarray(TEXT, TEXT + length)));
  };
  const until = (place: number, seen: number, patience: number): void => {
    for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(words, place) !== seen) return;
    Atomics.add(words, SLEEPERS, 1);
    let answer: string = 'ok';
    while (answer !== 'timed-out' && Atomics.load(words, place) === seen)
      answer = Atomics.wait(words, place, seen, patience);
    Atomics.sub(words, SLEEPERS, 1);
    if (answer === 'timed-out') throw new Error(`a thread has not answered for ${patience / 1000} seconds`);
  };
  const wake = (place: number): void => {
    if (Atomics.load(words, SLEEPERS) > 0) Atomics.notify(words, place);
  };
  const meet = (): void => {
    if (count === 1) return;
    const round = Atomics.load(words, ROUND);
    if (Atomics.add(words, ARRIVED, 1) === count - 1) {
      Atomics.store(words, ARRIVED, 0);
      Atomics.add(words, ROUND, 1);
      wake(ROUND);
    } else until(ROUND, round, PATIENCE);
    if (Atomics.load(words, FAILED)) throw failure();
  };
  const fail = (error: unknown): void => {
    if (Atomics.compareExchange(words, FAILED, 0, 1) === 0) {
      const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      for (let i = 0; i < Math.min(text.length, MOST_TEXT); i++) words[TEXT + i] = text.charCodeAt(i);
      Atomics.store(words, LENGTH, text.length);
    }
    // Whatever others wait for has a new value now.
    for (const [place, by] of [
      [ROUND, 1],
      [PHASE, 1],
      [EPOCH, 2],
    ] as const) {
      Atomics.add(words, place, by);
      Atomics.notify(words, place);
    }
  };

  const load = ({ codes, dropped, plan }: ThreadLoad): void => {
    for (const { id, bytes, imports } of codes) {
      const binary = 'address' in bytes ? new Uint8Array(memory.buffer, bytes.address, bytes.length).slice() : bytes;
      const env: Record<string, WebAssembly.ImportValue> = { memory };
      for (const [name, from] of Object.entries(imports))
        env[name] = instances.get(from.code)?.[from.name] as WebAssembly.ImportValue;
      const module = new WebAssembly.Module(binary as BufferSource);
      instances.set(id, new WebAssembly.Instance(module, { env }).exports);
    }
    for (const id of dropped) plans.delete(id);
    plans.set(plan.id, { steps: plan.steps, scratch: '', whole: [], groups: new Map() });
  };
  const bind = (step: PhaseStep, run: ThreadRun, begin: number, end: number): (() => void) => {
    const bases = [0, run.shared, run.own + number * run.ownBytes];
    const given = step.arguments.map(([base, bytes]) => (bases[base] as number) + bytes);
    const code = instances.get(step.code)?.run as (...values: number[]) => void;
    // A bound function, since a spread would allocate with each call.
    return code.bind(undefined, ...given, begin, end);
  };
  const planOf = (run: ThreadRun): Plan => {
    const plan = plans.get(run.plan);
    if (!plan) throw new Error(`no plan ${run.plan} on thread ${number}`);
    const scratch = `${run.shared} ${run.own} ${run.ownBytes}`;
    if (plan.scratch === scratch) return plan;
    plan.groups.clear();
    plan.whole = plan.steps.map((step) => bind(step, run, 0, step.range));
    plan.scratch = scratch;
    return plan;
  };
  /** Steps in groups that follow each other; within a group all blocks are independent, or one block does it all. */
  const groupsOf = (run: ThreadRun): readonly Group[] => {
    const plan = planOf(run);
    const key = `${run.from} ${run.to}`;
    const known = plan.groups.get(key);
    if (known) return known;
    const groups: { shares: (() => void)[][]; blocks: number }[] = [];
    let inOrder: (() => void)[] | undefined;
    for (let i = run.from; i < run.to; i++) {
      const step = plan.steps[i] as PhaseStep;
      if (!step.divided) {
        const call = plan.whole[i] as () => void;
        if (inOrder) inOrder.push(call);
        else {
          const calls = [call];
          inOrder = calls;
          const all = (): void => {
            for (const each of calls) each();
          };
          groups.push({ shares: Array.from({ length: count }, (_, share) => (share === 0 ? [all] : [])), blocks: 1 });
        }
        continue;
      }
      const last = groups.at(-1);
      const group =
        last && !inOrder && !step.waits ? last : { shares: Array.from({ length: count }, () => []), blocks: 0 };
      if (group !== last) groups.push(group);
      inOrder = undefined;
      const units = Math.ceil(step.range / step.grain);
      const blocks = Math.min(units, BLOCKS_A_THREAD * count);
      for (let block = 0; block < blocks; block++) {
        const begin = Math.floor((units * block) / blocks) * step.grain;
        const end = Math.min(step.range, Math.floor((units * (block + 1)) / blocks) * step.grain);
        group.shares[Math.floor((block * count) / blocks)]?.push(bind(step, run, begin, end));
        group.blocks++;
      }
    }
    plan.groups.set(key, groups);
    return groups;
  };
  /** The number of phase `at`'s next block of a share, or −1 if there is none, or if that phase is over. */
  const take = (share: number, at: number, length: number): number => {
    for (;;) {
      const word = Atomics.load(words, SHARES + 8 * share);
      const block = word & ((1 << BITS) - 1);
      if (word >> BITS !== (at << BITS) >> BITS || block >= length) return -1;
      if (Atomics.compareExchange(words, SHARES + 8 * share, word, word + 1) === word) return block;
    }
  };
  const open = (at: number): void => {
    Atomics.store(words, DONE, 0);
    for (let share = 0; share < count; share++) Atomics.store(words, SHARES + 8 * share, at << BITS);
  };
  /** Goes through groups whose first has the number `first`, taking part where there is still something to do. */
  const walk = (groups: readonly Group[], first: number): void => {
    for (;;) {
      const at = Atomics.load(words, PHASE);
      if (Atomics.load(words, FAILED)) throw failure();
      const place = (at - first) | 0;
      const group = groups[place];
      if (place < 0 || !group) return;
      let took = false;
      for (let i = 0; i < count; i++) {
        const share = (number + i) % count;
        const calls = group.shares[share] as readonly (() => void)[];
        for (let block = take(share, at, calls.length); block >= 0; block = take(share, at, calls.length)) {
          took = true;
          calls[block]?.();
          if (Atomics.add(words, DONE, 1) !== group.blocks - 1) continue;
          open((at + 1) | 0);
          Atomics.store(words, PHASE, (at + 1) | 0);
          wake(PHASE);
        }
      }
      if (!took) until(PHASE, at, number === 0 ? PATIENCE : Number.POSITIVE_INFINITY);
    }
  };

  const command = (values: readonly number[]): void => {
    // Odd while it is being written.
    Atomics.add(words, EPOCH, 1);
    for (const [i, value] of values.entries()) Atomics.store(words, COMMAND + i, value);
    Atomics.add(words, EPOCH, 1);
    wake(EPOCH);
  };
  const alone = (run: ThreadRun): void => {
    const { whole } = planOf(run);
    for (let i = run.from; i < run.to; i++) whole[i]?.();
  };
  const together = (run: ThreadRun): void => {
    const groups = groupsOf(run);
    const first = Atomics.load(words, PHASE);
    open(first);
    command([RUN, first, run.plan, run.from, run.to, run.shared, run.own, run.ownBytes]);
    walk(groups, first);
  };
  const serve = (): void => {
    let seen = 0;
    try {
      for (;;) {
        until(EPOCH, seen, Number.POSITIVE_INFINITY);
        const epoch = Atomics.load(words, EPOCH);
        if (Atomics.load(words, FAILED)) return;
        const values = Array.from({ length: 8 }, (_, i) => Atomics.load(words, COMMAND + i));
        // Written anew in the meantime: look again.
        if (epoch % 2 !== 0 || Atomics.load(words, EPOCH) !== epoch) continue;
        seen = epoch;
        const [kind, a, b, c, d, shared, own, ownBytes] = values as [number, ...number[]] as [
          number,
          number,
          number,
          number,
          number,
          number,
          number,
          number,
        ];
        if (kind === END) return;
        if (kind === LOAD) {
          const text = new Uint8Array(memory.buffer, a >>> 0, b).slice();
          load(JSON.parse(new TextDecoder().decode(text)));
          meet();
        } else walk(groupsOf({ plan: b, from: c, to: d, shared, own, ownBytes }), a);
      }
    } catch (error) {
      // A failure of another thread is known already; the first one throws it to the user.
      fail(error);
    }
  };
  return {
    load,
    alone,
    together,
    handOn: (address, bytes) => command([LOAD, address, bytes]),
    meet,
    end: () => command([END]),
    fail,
    serve,
  };
}
