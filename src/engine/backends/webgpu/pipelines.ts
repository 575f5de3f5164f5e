import { EngineError } from '../../errors.ts';
import type { DeviceKernel } from './kernels/kernel.ts';

interface Entry {
  readonly kernel: DeviceKernel;
  readonly label: string;
  pipeline: GPUComputePipeline | undefined;
  pending: Promise<void> | undefined;
}

/** Compute pipelines of one device, one for each distinct shader. */
export class PipelineCache {
  readonly #device: GPUDevice;
  readonly #entries = new Map<string, Entry>();
  readonly #layouts = new Map<string, { group: GPUBindGroupLayout; pipeline: GPUPipelineLayout }>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Number of distinct shaders seen. */
  get size(): number {
    return this.#entries.size;
  }

  /** Builds the pipeline in the background. @throws EngineError `unsupported` if the driver refuses the shader. */
  prepare(kernel: DeviceKernel, label: string): Promise<void> {
    const entry = this.#entry(kernel, label);
    if (entry.pipeline) return Promise.resolve();
    entry.pending ??= this.#device.createComputePipelineAsync(this.#descriptor(entry)).then(
      (pipeline) => {
        entry.pipeline ??= pipeline;
      },
      (error: unknown) => {
        throw new EngineError(
          'unsupported',
          `the GPU driver refuses the kernel "${label}": ${messageOf(error)}`,
          label,
        );
      },
    );
    return entry.pending;
  }

  /** The pipeline, built on the spot if it is not there yet. */
  get(kernel: DeviceKernel, label: string): GPUComputePipeline {
    const entry = this.#entry(kernel, label);
    entry.pipeline ??= this.#device.createComputePipeline(this.#descriptor(entry));
    return entry.pipeline;
  }

  bindGroupLayout(kernel: DeviceKernel): GPUBindGroupLayout {
    return this.#layout(kernel).group;
  }

  #entry(kernel: DeviceKernel, label: string): Entry {
    let entry = this.#entries.get(kernel.code);
    if (!entry) {
      entry = { kernel, label, pipeline: undefined, pending: undefined };
      this.#entries.set(kernel.code, entry);
    }
    return entry;
  }

  #descriptor({ kernel, label }: Entry): GPUComputePipelineDescriptor {
    const module = this.#device.createShaderModule({ code: kernel.code, label });
    return { label, layout: this.#layout(kernel).pipeline, compute: { module, entryPoint: 'main' } };
  }

  #layout(kernel: DeviceKernel): { group: GPUBindGroupLayout; pipeline: GPUPipelineLayout } {
    const key = kernel.bindings.map(({ write }) => (write ? 'w' : 'r')).join('');
    let layout = this.#layouts.get(key);
    if (!layout) {
      const group = this.#device.createBindGroupLayout({
        entries: kernel.bindings.map(({ write }, binding) => ({
          binding,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: write ? 'storage' : 'read-only-storage' },
        })),
      });
      layout = { group, pipeline: this.#device.createPipelineLayout({ bindGroupLayouts: [group] }) };
      this.#layouts.set(key, layout);
    }
    return layout;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
