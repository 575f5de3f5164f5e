import { EngineError } from '../../errors.ts';
import type { Program, TensorType, TypedArray } from '../../ir/types.ts';
import { makeSchedule } from '../../schedule/makeSchedule.ts';
import type { Schedule } from '../../schedule/schedule.ts';
import type { Backend, DeviceBuffer, Executable } from '../backend.ts';
import { BufferPool, WebgpuBuffer } from './buffers.ts';
import { type WebgpuContext, WebgpuExecutable } from './executable.ts';
import { messageOf, PipelineCache } from './pipelines.ts';

export interface WebgpuOptions {
  /** Where adapters come from; the page's or worker's `navigator.gpu` by default, Dawn's binding in Node. */
  readonly gpu?: GPU;
  /** A device to use instead; it stays its owner's and is not destroyed by `dispose`. */
  readonly device?: GPUDevice;
  /** Whether kernels are laid out for an adapter that is a CPU; what the adapter says by default. */
  readonly software?: boolean;
}

/**
 * The WebGPU backend, or undefined where there is no adapter. The same code runs in a page, a worker and Node.
 * @throws Error if an adapter is there but gives no device.
 */
export async function createWebgpuBackend(options: WebgpuOptions = {}): Promise<WebgpuBackend | undefined> {
  if (options.device) {
    return new WebgpuBackend(options.device, describeAdapter(options.device.adapterInfo), false, options.software);
  }
  const gpu = options.gpu ?? globalThis.navigator?.gpu;
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return undefined;
  const { maxStorageBuffersPerShaderStage, maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const device = await adapter.requestDevice({
    requiredFeatures: USED_FEATURES.filter((feature) => adapter.features.has(feature)),
    requiredLimits: { maxStorageBuffersPerShaderStage, maxBufferSize, maxStorageBufferBindingSize },
  });
  return new WebgpuBackend(device, describeAdapter(adapter.info), true, options.software);
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
  readonly #executables = new Map<string, WebgpuExecutable>();
  readonly #onError: (event: GPUUncapturedErrorEvent) => void;
  #failure: EngineError | undefined;
  #disposed = false;

  constructor(
    device: GPUDevice,
    description: string,
    owned: boolean,
    software = SOFTWARE.has(device.adapterInfo.architecture),
  ) {
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
    return this.compileSchedule(
      makeSchedule(program, { concurrent: true, buffers: this.#context.limits.storageBuffers }),
    );
  }

  /** Compiles work that is already scheduled. */
  compileSchedule(schedule: Schedule): Executable {
    this.#check();
    const key = JSON.stringify(schedule, exactNumber);
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

/** Keeps numbers apart that JSON writes alike: NaN, the infinities and −0. */
function exactNumber(_key: string, value: unknown): unknown {
  return typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))
    ? `#${1 / value}${value}`
    : value;
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
