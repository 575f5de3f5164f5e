import { EngineError } from '../../errors.ts';
import { byteLengthOf, formatShape, sameShape, sizeOf } from '../../ir/shape.ts';
import type { Program, TensorType, TypedArray } from '../../ir/types.ts';
import { kernelInfo } from '../../schedule/cost.ts';
import { makeSchedule } from '../../schedule/makeSchedule.ts';
import type { KernelCall, Location, Schedule, Slot } from '../../schedule/schedule.ts';
import type { Backend, DeviceBuffer, Executable, KernelInfo, Plan } from '../backend.ts';
import type { Kernel } from './code.ts';
import { buildGemm } from './gemmModule.ts';
import { KernelCache } from './kernelCache.ts';
import { WasmMemory } from './memory.ts';
import { stepsOf } from './steps.ts';
import { MOST_THREADS } from './thread.ts';
import { ThreadPool } from './threadPool.ts';
import { canHaveThreads, defaultThreads } from './threadWorkers.ts';

class WasmBuffer implements DeviceBuffer {
  readonly type: TensorType;
  readonly address: number;

  constructor(type: TensorType, address: number) {
    this.type = type;
    this.address = address;
  }
}

export interface WasmOptions {
  /** As many as suit the place, if none are named. */
  readonly threads?: number | undefined;
  /** Operations and bytes from which a kernel is divided among threads. */
  readonly leastDivided?: number;
}

/** Below, waiting for each other takes longer than the work. */
const LEAST_DIVIDED = 60_000;

/**
 * The WebAssembly backend: kernels assembled at run time for the shapes at hand, 128-bit SIMD, divided among threads over
 * one shared memory. Results are the same bits for any number of threads. Where threads can't be had there is one, and
 * the description says why.
 * @throws EngineError `unsupported` where WebAssembly has no SIMD.
 */
export async function createWasmBackend({
  threads = defaultThreads(),
  leastDivided = LEAST_DIVIDED,
}: WasmOptions = {}): Promise<WasmBackend> {
  if (!WebAssembly.validate(buildGemm(false).bytes())) {
    throw new EngineError('unsupported', 'this browser has no WebAssembly SIMD: update it, or choose another device');
  }
  const single = (reason: string): WasmBackend => {
    const memory = new WasmMemory();
    return new WasmBackend(memory, ThreadPool.single(memory), leastDivided, reason);
  };
  if (threads <= 1) return single('');
  if (!canHaveThreads()) return single('others need a worker of a cross-origin isolated page');
  const count = Math.min(threads, MOST_THREADS);
  const memory = new WasmMemory(count);
  try {
    return new WasmBackend(memory, await ThreadPool.start(memory, count), leastDivided, '');
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return single(error.message);
  }
}

/** For people. */
export function describeWasm(threads: number): string {
  return `WebAssembly SIMD, ${threads === 1 ? '1 thread' : `${threads} threads`}`;
}

export class WasmBackend implements Backend {
  readonly name = 'wasm';
  readonly description: string;
  readonly lost: Promise<string>;
  readonly #memory: WasmMemory;
  readonly #threads: ThreadPool;
  readonly #leastDivided: number;
  readonly #kernels: KernelCache;

  /** `reason`: why there is one thread only, if more were wanted. */
  constructor(memory: WasmMemory, threads: ThreadPool, leastDivided: number, reason: string) {
    this.#memory = memory;
    this.#threads = threads;
    this.#leastDivided = leastDivided;
    this.#kernels = new KernelCache(memory, threads.count > 1);
    this.lost = threads.lost;
    this.description = `${describeWasm(threads.count)}${reason ? ` (${reason})` : ''}`;
  }

  /** Number of distinct kernels compiled so far. */
  get kernelCount(): number {
    return this.#kernels.size;
  }

  /** Bytes of the WebAssembly memory, which never shrinks. */
  get memoryBytes(): number {
    return this.#memory.memory.buffer.byteLength;
  }

  allocate(type: TensorType, data?: TypedArray): DeviceBuffer {
    const buffer = new WasmBuffer(type, this.#memory.allocate(byteLengthOf(type)));
    if (data) this.write(buffer, data);
    return buffer;
  }

  write(buffer: DeviceBuffer, data: TypedArray): void {
    const view = this.#view(ours(buffer));
    if (view.length !== data.length) throw new Error(`a buffer of ${view.length} elements can't take ${data.length}`);
    view.set(data);
  }

  async read(buffer: DeviceBuffer): Promise<TypedArray> {
    return this.#view(ours(buffer)).slice();
  }

  release(buffer: DeviceBuffer): void {
    this.#memory.free(ours(buffer).address);
  }

  compile(program: Program): Executable {
    return this.compileSchedule(makeSchedule(program));
  }

  /** Compiles work that is already scheduled. */
  compileSchedule(schedule: Schedule): Executable {
    const kernels = schedule.calls.map((call) => this.#kernels.kernelOf(call));
    const infos = schedule.calls.map((call) => kernelInfo(call, schedule.slots));
    return {
      kernels: infos,
      arenaBytes: arenaBytesOf(schedule),
      dispatches: infos.length,
      pipelines: new Set(kernels).size,
      ready: Promise.resolve(),
      bind: (buffers) => this.#bind(schedule, kernels, infos, buffers),
    };
  }

  async finish(): Promise<void> {
    // Kernels run where they are called: there is nothing to wait for.
  }

  /** Resolves when its threads have ended; the memory goes with the last reference to this object. */
  async dispose(): Promise<void> {
    await this.#threads.end();
  }

  #bind(
    schedule: Schedule,
    kernels: readonly Kernel[],
    infos: readonly KernelInfo[],
    buffers: Readonly<Record<string, DeviceBuffer>>,
  ): Plan {
    const arena: number[] = [];
    const free = () => {
      for (const address of arena.splice(0)) this.#memory.free(address);
    };
    const place = (slot: Slot): number => {
      if (slot.kind === 'bound') return boundAddress(slot, buffers[slot.name]);
      const address = this.#memory.allocate(slot.bytes);
      arena.push(address);
      return address;
    };
    const most = (of: 'sharedBytes' | 'ownBytes'): number => Math.max(0, ...kernels.map((kernel) => kernel[of]));
    this.#memory.reserveScratch({ sharedBytes: most('sharedBytes'), ownBytes: most('ownBytes') });
    this.#memory.demand(arenaBytesOf(schedule));
    let addresses: readonly number[];
    try {
      addresses = schedule.slots.map(place);
    } catch (error) {
      free();
      throw error;
    }
    const at = ({ slot, byteOffset }: Location): number => (addresses[slot] as number) + byteOffset;
    const { steps, starts } = stepsOf(
      kernels.map(({ phases }, i) => {
        const { operands, results } = schedule.calls[i] as KernelCall;
        return { phases, info: infos[i] as KernelInfo, operands: operands.map(at), results: results.map(at) };
      }),
      this.#threads.count > 1 ? this.#leastDivided : Number.POSITIVE_INFINITY,
    );
    const plan = this.#threads.keep(this.#kernels.codes.codes, steps);
    return {
      run: () => this.#threads.run(plan, steps),
      profile: async () =>
        infos.map((info, i) => {
          const start = performance.now();
          this.#threads.run(plan, steps, starts[i], starts[i + 1]);
          return { ...info, milliseconds: performance.now() - start };
        }),
      dispose: () => {
        this.#threads.drop(plan);
        free();
      },
    };
  }

  #view({ type, address }: WasmBuffer): TypedArray {
    const { buffer } = this.#memory.memory;
    const size = sizeOf(type.shape);
    switch (type.dtype) {
      case 'f32':
        return new Float32Array(buffer, address, size);
      case 'i32':
        return new Int32Array(buffer, address, size);
      case 'u8':
        return new Uint8Array(buffer, address, size);
    }
  }
}

function ours(buffer: DeviceBuffer): WasmBuffer {
  if (!(buffer instanceof WasmBuffer)) throw new EngineError('bad-option', 'this buffer belongs to another device');
  return buffer;
}

function arenaBytesOf({ slots }: Schedule): number {
  return slots.reduce((sum, slot) => sum + (slot.kind === 'arena' ? slot.bytes : 0), 0);
}

/** @throws Error if the buffer is missing or of another type. */
function boundAddress({ name, type }: Slot & { kind: 'bound' }, buffer: DeviceBuffer | undefined): number {
  if (!buffer) throw new Error(`the program needs a buffer "${name}"`);
  const given = ours(buffer);
  if (given.type.dtype !== type.dtype || !sameShape(given.type.shape, type.shape)) {
    const [has, needs] = [given.type, type].map(({ dtype, shape }) => `${dtype} ${formatShape(shape)}`);
    throw new Error(`buffer "${name}" is ${has}, expected ${needs}`);
  }
  return given.address;
}
