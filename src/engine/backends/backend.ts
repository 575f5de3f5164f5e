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
}

export interface KernelTiming extends KernelInfo {
  readonly milliseconds: number;
}
