import { EngineError } from '../../errors.ts';
import type { Dispatch } from './dispatches.ts';

interface Entry {
  readonly dispatch: Dispatch;
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
  prepare(dispatch: Dispatch): Promise<void> {
    const entry = this.#entry(dispatch);
    if (entry.pipeline) return Promise.resolve();
    entry.pending ??= this.#device.createComputePipelineAsync(this.#descriptor(entry)).then(
      (pipeline) => {
        entry.pipeline ??= pipeline;
      },
      (error: unknown) => {
        throw new EngineError(
          'unsupported',
          `the GPU driver refuses the kernel "${dispatch.label}": ${messageOf(error)}`,
          dispatch.label,
        );
      },
    );
    return entry.pending;
  }

  /** The pipeline, built on the spot if it is not there yet. */
  get(dispatch: Dispatch): GPUComputePipeline {
    const entry = this.#entry(dispatch);
    entry.pipeline ??= this.#device.createComputePipeline(this.#descriptor(entry));
    return entry.pipeline;
  }

  bindGroupLayout(dispatch: Dispatch): GPUBindGroupLayout {
    return this.#layout(dispatch).group;
  }

  #entry(dispatch: Dispatch): Entry {
    let entry = this.#entries.get(dispatch.code);
    if (!entry) {
      entry = { dispatch, pipeline: undefined, pending: undefined };
      this.#entries.set(dispatch.code, entry);
    }
    return entry;
  }

  #descriptor({ dispatch }: Entry): GPUComputePipelineDescriptor {
    const { code, label } = dispatch;
    const module = this.#device.createShaderModule({ code, label });
    return { label, layout: this.#layout(dispatch).pipeline, compute: { module, entryPoint: 'main' } };
  }

  #layout(dispatch: Dispatch): { group: GPUBindGroupLayout; pipeline: GPUPipelineLayout } {
    const key = dispatch.bindings.map(({ write }) => (write ? 'w' : 'r')).join('');
    let layout = this.#layouts.get(key);
    if (!layout) {
      const group = this.#device.createBindGroupLayout({
        entries: dispatch.bindings.map(({ write }, binding) => ({
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
