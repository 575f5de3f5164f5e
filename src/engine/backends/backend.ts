import type { Program, TensorType, TypedArray } from '../ir/types.ts';

export type BackendName = 'reference' | 'wasm' | 'webgpu';

/** Memory on a device that holds one tensor. Made by a backend; meaningless to any other. */
export interface DeviceBuffer {
  readonly type: TensorType;
}

/** The device contract: what the compiler and the training loop need, and nothing else. */
export interface Backend {
  readonly name: BackendName;
  /** For people: "WebAssembly SIMD, 1 thread", "WebGPU, SwiftShader". */
  readonly description: string;
  /** New memory, holding `data` or zeros. @throws EngineError `out-of-memory` before anything is allocated if it is over the limits. */
  allocate(type: TensorType, data?: TypedArray): DeviceBuffer;
  write(buffer: DeviceBuffer, data: TypedArray): void;
  /** A copy of the buffer's content after all work submitted so far. */
  read(buffer: DeviceBuffer): Promise<TypedArray>;
  release(buffer: DeviceBuffer): void;
  /** Selects kernels, fuses them, plans memory. Cached by the program's structure: a second compile of an equal program makes no code. */
  compile(program: Program): Executable;
  /**
   * Measures the ways in which the kernels of a program can be laid out, and keeps the fastest for what is compiled after
   * that; where there is nothing to choose, there is no such method. What runs already stays as it is. `signal` ends it
   * before the next kernel: what was found by then is kept.
   */
  tune?(program: Program, onKernel: OnTuned, signal?: AbortSignal): Promise<void>;
  /** Resolves when all submitted work is done. */
  finish(): Promise<void>;
  /** Resolves with a reason if the device goes away; never before. */
  readonly lost: Promise<string>;
  dispose(): void;
}

/** A compiled program, not yet tied to memory. */
export interface Executable {
  readonly kernels: readonly KernelInfo[];
  /** Bytes of the planned intermediate buffers. */
  readonly arenaBytes: number;
  /** Launches a run takes; several kernels may share one. */
  readonly dispatches: number;
  /** Distinct pieces of device code behind the kernels: shaders, or functions. */
  readonly pipelines: number;
  /** Resolves when device code is built; `run` before that builds what is missing on the spot. */
  readonly ready: Promise<void>;
  /**
   * Ties every input and output, by name, to memory. Inputs that the program writes are changed in place by each run.
   * @throws Error naming a buffer that is missing or of the wrong type.
   */
  bind(buffers: Readonly<Record<string, DeviceBuffer>>): Plan;
}

/** Ready to run: nothing is allocated and nothing is waited for in `run`. */
export interface Plan {
  run(): void;
  /** The same work as `run`, timed kernel by kernel: slower as a whole, for reports only. */
  profile(): Promise<readonly KernelTiming[]>;
  dispose(): void;
}

export interface KernelInfo {
  readonly label: string;
  /** Canvas nodes whose work this kernel does, the one with most of it first; none for what a step does beside the layers. */
  readonly origins: readonly string[];
  readonly flops: number;
  readonly bytes: number;
  /** What its results take of intermediate memory. */
  readonly resultBytes: number;
}

/** What tuning found for one kernel. Times are milliseconds of one launch. */
export interface TunedKernel {
  readonly label: string;
  /** By the layout that is chosen by estimate. */
  readonly before: number;
  readonly after: number;
  readonly choice: string;
  /** How many layouts were measured. */
  readonly tried: number;
}

/** Hears what was found for each kernel, the `done`-th of so many. */
export type OnTuned = (kernel: TunedKernel, done: number, of: number) => void;

/** Where layouts that were found to be the fastest are kept, for each adapter by its description. */
export interface TuningStore {
  load(adapter: string): Promise<Readonly<Record<string, string>>>;
  save(adapter: string, choices: Readonly<Record<string, string>>): Promise<void>;
}

export interface KernelTiming extends KernelInfo {
  readonly milliseconds: number;
}
