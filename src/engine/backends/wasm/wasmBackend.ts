import { EngineError } from '../../errors.ts';
import { byteLengthOf, formatShape, sameShape, sizeOf } from '../../ir/shape.ts';
import type { Program, TensorType, TypedArray } from '../../ir/types.ts';
import { kernelInfo } from '../../schedule/cost.ts';
import { makeSchedule } from '../../schedule/makeSchedule.ts';
import type { Location, Schedule, Slot } from '../../schedule/schedule.ts';
import type { Backend, DeviceBuffer, Executable, KernelInfo, Plan } from '../backend.ts';
import { buildGemm } from './gemmModule.ts';
import { KernelCache } from './kernelCache.ts';
import { WasmMemory } from './memory.ts';

class WasmBuffer implements DeviceBuffer {
  readonly type: TensorType;
  readonly address: number;

  constructor(type: TensorType, address: number) {
    this.type = type;
    this.address = address;
  }
}

/**
 * The WebAssembly backend: kernels assembled at run time for the shapes at hand, 128-bit SIMD, one thread.
 * @throws EngineError `unsupported` where WebAssembly has no SIMD.
 */
export async function createWasmBackend(): Promise<WasmBackend> {
  if (!WebAssembly.validate(buildGemm(false))) {
    throw new EngineError('unsupported', 'this browser has no WebAssembly SIMD: update it, or choose another device');
  }
  return new WasmBackend();
}

export class WasmBackend implements Backend {
  readonly name = 'wasm';
  readonly description = 'WebAssembly SIMD, 1 thread';
  readonly lost: Promise<string> = new Promise(() => undefined);
  readonly #memory = new WasmMemory();
  readonly #kernels = new KernelCache(this.#memory);

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
    const infos = schedule.calls.map(kernelInfo);
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

  dispose(): void {
    // The memory goes with the last reference to this object.
  }

  #bind(
    schedule: Schedule,
    kernels: readonly ((addresses: readonly number[]) => () => void)[],
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
    this.#memory.demand(arenaBytesOf(schedule));
    let addresses: readonly number[];
    try {
      addresses = schedule.slots.map(place);
    } catch (error) {
      free();
      throw error;
    }
    const at = ({ slot, byteOffset }: Location): number => (addresses[slot] as number) + byteOffset;
    const runs = schedule.calls.map(({ operands, results }, i) => {
      const kernel = kernels[i] as (addresses: readonly number[]) => () => void;
      return kernel([...operands.map(at), ...results.map(at)]);
    });
    return {
      run: () => {
        for (const run of runs) run();
      },
      profile: async () =>
        runs.map((run, i) => {
          const start = performance.now();
          run();
          return { ...(infos[i] as KernelInfo), milliseconds: performance.now() - start };
        }),
      dispose: free,
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
