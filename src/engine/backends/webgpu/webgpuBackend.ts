import { EngineError } from '../../errors.ts';
import { exactKey } from '../../ir/exactKey.ts';
import type { Program, TensorType, TypedArray } from '../../ir/types.ts';
import { makeSchedule } from '../../schedule/makeSchedule.ts';
import type { Schedule } from '../../schedule/schedule.ts';
import type { Backend, DeviceBuffer, Executable, OnTuned, TuningStore } from '../backend.ts';
import { BufferPool, WebgpuBuffer } from './buffers.ts';
import { type WebgpuContext, WebgpuExecutable } from './executable.ts';
import { messageOf, PipelineCache } from './pipelines.ts';
import { tuneContracts } from './tune.ts';

export interface WebgpuOptions {
  /** Where adapters come from; the page's or worker's `navigator.gpu` by default, Dawn's binding in Node. */
  readonly gpu?: GPU;
  /** A device to use instead; it stays its owner's and is not destroyed by `dispose`. */
  readonly device?: GPUDevice;
  /** Whether kernels are laid out for an adapter that is a CPU; what the adapter says by default. */
  readonly software?: boolean;
  /** Where the results of tuning are kept; read here, once, so that all that this backend compiles is laid out alike. */
  readonly tuning?: TuningStore;
}

/**
 * The WebGPU backend, or undefined where there is no adapter. The same code runs in a page, a worker and Node.
 * @throws Error if an adapter is there but gives no device.
 */
export async function createWebgpuBackend(options: WebgpuOptions = {}): Promise<WebgpuBackend | undefined> {
  if (options.device) return makeBackend(options.device, options.device.adapterInfo, false, options);
  const gpu = options.gpu ?? globalThis.navigator?.gpu;
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return undefined;
  const { maxStorageBuffersPerShaderStage, maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const device = await adapter.requestDevice({
    requiredFeatures: USED_FEATURES.filter((feature) => adapter.features.has(feature)),
    requiredLimits: { maxStorageBuffersPerShaderStage, maxBufferSize, maxStorageBufferBindingSize },
  });
  return makeBackend(device, adapter.info, true, options);
}

async function makeBackend(
  device: GPUDevice,
  info: GPUAdapterInfo,
  owned: boolean,
  { software, tuning }: WebgpuOptions,
): Promise<WebgpuBackend> {
  const description = describeAdapter(info);
  const choices = (await tuning?.load(description)) ?? {};
  return new WebgpuBackend(device, description, owned, software, new Map(Object.entries(choices)), tuning);
}

const USED_FEATURES = ['timestamp-query', 'subgroups'] as const;

/** Architectures that Dawn reports for adapters that are CPUs. */
const SOFTWARE = new Set(['swiftshader', 'llvmpipe', 'lavapipe', 'warp']);

function describeAdapter({ vendor, architecture, description }: GPUAdapterInfo): string {
  return `WebGPU, ${description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter'}`;
}

export class WebgpuBackend implements Backend {
  readonly name = 'webgpu';
  readonly description: string;
  readonly lost: Promise<string>;
  readonly #device: GPUDevice;
  readonly #owned: boolean;
  readonly #pool: BufferPool;
  readonly #context: WebgpuContext;
  readonly #choices: Map<string, string>;
  readonly #tuning: TuningStore | undefined;
  readonly #executables = new Map<string, WebgpuExecutable>();
  readonly #onError: (event: GPUUncapturedErrorEvent) => void;
  #failure: EngineError | undefined;
  #disposed = false;

  constructor(
    device: GPUDevice,
    description: string,
    owned: boolean,
    software = SOFTWARE.has(device.adapterInfo.architecture),
    choices: Map<string, string> = new Map(),
    tuning?: TuningStore,
  ) {
    this.#choices = choices;
    this.#tuning = tuning;
    this.#device = device;
    this.description = description;
    this.#owned = owned;
    this.#pool = new BufferPool(device);
    this.#context = {
      device,
      pool: this.#pool,
      pipelines: new PipelineCache(device),
      limits: {
        storageBuffers: device.limits.maxStorageBuffersPerShaderStage,
        workgroupBytes: device.limits.maxComputeWorkgroupStorageSize,
        software,
        quads: hasQuads(device),
        choices,
      },
      check: () => this.#check(),
    };
    this.lost = new Promise((resolve) => {
      device.lost.then(({ reason, message }) => {
        if (this.#disposed) return;
        const text = message || reason || 'unknown reason';
        this.#failure = new EngineError('device-lost', `the GPU went away: ${text}`);
        resolve(text);
      });
    });
    this.#onError = (event) => {
      event.preventDefault();
      this.#failure ??= asEngineError(event.error);
    };
    device.addEventListener('uncapturederror', this.#onError);
  }

  allocate(type: TensorType, data?: TypedArray): DeviceBuffer {
    this.#check();
    const buffer = this.#pool.allocate(type);
    if (!data) return buffer;
    try {
      this.#pool.write(buffer, data);
    } catch (error) {
      this.#pool.release(buffer.memory);
      throw error;
    }
    return buffer;
  }

  write(buffer: DeviceBuffer, data: TypedArray): void {
    this.#check();
    this.#pool.write(ours(buffer), data);
  }

  async read(buffer: DeviceBuffer): Promise<TypedArray> {
    this.#check();
    let data: TypedArray;
    try {
      data = await this.#pool.read(ours(buffer));
    } catch (error) {
      this.#check();
      throw new EngineError('device-lost', `reading from the GPU failed: ${messageOf(error)}`);
    }
    this.#check();
    return data;
  }

  release(buffer: DeviceBuffer): void {
    this.#pool.release(ours(buffer).memory);
  }

  compile(program: Program): Executable {
    return this.compileSchedule(this.#scheduleOf(program));
  }

  async tune(program: Program, onKernel: OnTuned, signal?: AbortSignal): Promise<void> {
    this.#check();
    const found = await tuneContracts(this.#context, this.#scheduleOf(program), onKernel, signal);
    for (const [kernel, choice] of found) this.#choices.set(kernel, choice);
    // What is compiled from now on is laid out anew; plans that run keep what they have.
    this.#executables.clear();
    await this.#tuning?.save(this.description, Object.fromEntries(this.#choices));
  }

  #scheduleOf(program: Program): Schedule {
    return makeSchedule(program, { concurrent: true, buffers: this.#context.limits.storageBuffers });
  }

  /** Compiles work that is already scheduled. */
  compileSchedule(schedule: Schedule): Executable {
    this.#check();
    const key = exactKey(schedule);
    let executable = this.#executables.get(key);
    if (!executable) {
      executable = new WebgpuExecutable(this.#context, schedule);
      this.#executables.set(key, executable);
    }
    return executable;
  }

  /** Number of distinct shaders compiled so far. */
  get pipelineCount(): number {
    return this.#context.pipelines.size;
  }

  /** Number of GPU buffers that hold tensors or intermediate results. */
  get bufferCount(): number {
    return this.#pool.count;
  }

  async finish(): Promise<void> {
    this.#check();
    await this.#device.queue.onSubmittedWorkDone();
    this.#check();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#device.removeEventListener('uncapturederror', this.#onError);
    this.#pool.dispose();
    if (this.#owned) this.#device.destroy();
  }

  #check(): void {
    if (this.#disposed) throw new EngineError('device-lost', 'this backend was disposed of');
    if (this.#failure) throw this.#failure;
  }
}

/** Whether each four threads side by side are a subgroup. */
function hasQuads({ features, adapterInfo }: GPUDevice): boolean {
  const { subgroupMinSize, subgroupMaxSize } = adapterInfo;
  return features.has('subgroups') && subgroupMinSize === 4 && subgroupMaxSize === 4;
}

function ours(buffer: DeviceBuffer): WebgpuBuffer {
  if (buffer instanceof WebgpuBuffer) return buffer;
  throw new EngineError('bad-option', 'the buffer belongs to another backend');
}

function asEngineError(error: GPUError): EngineError {
  if (error instanceof GPUOutOfMemoryError) {
    return new EngineError('out-of-memory', `the GPU is out of memory: use a smaller batch or model. ${error.message}`);
  }
  return new EngineError('unsupported', `the GPU reports an error: ${error.message}`);
}
