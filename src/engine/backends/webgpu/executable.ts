import { EngineError } from '../../errors.ts';
import { formatShape, sameShape } from '../../ir/shape.ts';
import { kernelInfo } from '../../schedule/cost.ts';
import type { KernelCall, Schedule } from '../../schedule/schedule.ts';
import type { DeviceBuffer, Executable, KernelInfo, KernelTiming, Plan } from '../backend.ts';
import { SCRATCH } from './bindings.ts';
import { type BufferPool, WebgpuBuffer } from './buffers.ts';
import { deviceKernels } from './kernels/deviceKernels.ts';
import type { DeviceKernel, DeviceLimits } from './kernels/kernel.ts';
import type { PipelineCache } from './pipelines.ts';
import { timeDispatches } from './timing.ts';

/** What executables need of their backend. */
export interface WebgpuContext {
  readonly device: GPUDevice;
  readonly pool: BufferPool;
  readonly pipelines: PipelineCache;
  readonly limits: DeviceLimits;
  /** @throws EngineError if the device is gone or has reported an error. */
  check(): void;
}

interface Step {
  readonly kernel: DeviceKernel;
  readonly label: string;
}

/** A schedule as dispatches: shaders are written at once, pipelines are built in the background. */
export class WebgpuExecutable implements Executable {
  readonly kernels: readonly KernelInfo[];
  readonly arenaBytes: number;
  readonly pipelines: number;
  readonly ready: Promise<void>;
  readonly #context: WebgpuContext;
  readonly #schedule: Schedule;
  readonly #steps: readonly Step[];
  readonly #scratchBytes: number;

  constructor(context: WebgpuContext, schedule: Schedule) {
    this.#context = context;
    this.#schedule = schedule;
    const steps: Step[] = [];
    const kernels: KernelInfo[] = [];
    for (const call of schedule.calls) {
      const made = deviceKernels(call, context.limits);
      for (const [part, kernel] of made.entries()) {
        steps.push({ kernel, label: call.label });
        kernels.push(partInfo(call, part, made.length));
      }
    }
    this.#steps = steps;
    this.kernels = kernels;
    this.pipelines = new Set(steps.map(({ kernel }) => kernel.code)).size;
    this.#scratchBytes = Math.max(
      0,
      ...steps.flatMap(({ kernel }) =>
        kernel.bindings.flatMap(({ slot, byteOffset, bytes }) => (slot === SCRATCH ? [byteOffset + bytes] : [])),
      ),
    );
    const arenas = schedule.slots.map((slot) => (slot.kind === 'arena' ? slot.bytes : 0));
    this.arenaBytes = arenas.reduce((sum, bytes) => sum + bytes, this.#scratchBytes);
    this.ready = Promise.all(steps.map(({ kernel, label }) => context.pipelines.prepare(kernel, label))).then(() => {});
    // Whoever awaits `ready` sees the failure; for others `run` builds the pipeline again and reports it.
    this.ready.catch(() => {});
  }

  bind(buffers: Readonly<Record<string, DeviceBuffer>>): Plan {
    this.#context.check();
    const { device, pool, pipelines } = this.#context;
    const owned: GPUBuffer[] = [];
    const memory: GPUBuffer[] = [];
    try {
      for (const slot of this.#schedule.slots) {
        if (slot.kind === 'bound') memory.push(boundMemory(slot.name, slot.type, buffers[slot.name]));
        else {
          const buffer = pool.create(slot.bytes, 'an intermediate buffer');
          owned.push(buffer);
          memory.push(buffer);
        }
      }
      this.#refuseAliases(memory);
      const scratch = this.#scratchBytes > 0 ? pool.create(this.#scratchBytes, 'a scratch buffer') : undefined;
      if (scratch) owned.push(scratch);
      const groups = this.#steps.map(({ kernel, label }) =>
        device.createBindGroup({
          label,
          layout: pipelines.bindGroupLayout(kernel),
          entries: kernel.bindings.map(({ slot, byteOffset, bytes }, binding) => ({
            binding,
            resource: {
              buffer: (slot === SCRATCH ? scratch : memory[slot]) as GPUBuffer,
              offset: byteOffset,
              size: bytes,
            },
          })),
        }),
      );
      return new WebgpuPlan(this.#context, this.#steps, this.kernels, groups, owned);
    } catch (error) {
      for (const buffer of owned) pool.release(buffer);
      throw error;
    }
  }

  /** One buffer under two names may only be read: WebGPU allows no second binding of what a dispatch writes. */
  #refuseAliases(memory: readonly GPUBuffer[]): void {
    const written = new Set(this.#schedule.calls.flatMap(({ results }) => results.map(({ slot }) => slot)));
    const first = new Map<GPUBuffer, number>();
    for (const [slot, buffer] of memory.entries()) {
      const other = first.get(buffer);
      first.set(buffer, slot);
      if (other === undefined || !(written.has(other) || written.has(slot))) continue;
      const names = [other, slot].map((number) => {
        const entry = this.#schedule.slots[number];
        return entry?.kind === 'bound' ? `"${entry.name}"` : '';
      });
      throw new EngineError('bad-option', `${names.join(' and ')} are the same buffer, and the program writes it`);
    }
  }
}

/** What dispatch `part` of the `parts` that do a call costs; the work is counted for the first. */
function partInfo(call: KernelCall, part: number, parts: number): KernelInfo {
  const info = kernelInfo(call);
  if (parts === 1) return info;
  const label = `${info.label} (${part + 1} of ${parts})`;
  return part === 0 ? { ...info, label } : { ...info, label, flops: 0, bytes: 0 };
}

function boundMemory(
  name: string,
  type: { readonly shape: readonly number[]; readonly dtype: string },
  buffer: DeviceBuffer | undefined,
): GPUBuffer {
  const wanted = `${type.dtype} ${formatShape(type.shape)}`;
  if (!buffer) throw new EngineError('bad-option', `buffer "${name}" (${wanted}) is not bound`, name);
  if (!(buffer instanceof WebgpuBuffer)) {
    throw new EngineError('bad-option', `buffer "${name}" belongs to another backend`, name);
  }
  if (buffer.type.dtype !== type.dtype || !sameShape(buffer.type.shape, type.shape)) {
    const given = `${buffer.type.dtype} ${formatShape(buffer.type.shape)}`;
    throw new EngineError('bad-option', `buffer "${name}" is ${given}, the program has ${wanted}`, name);
  }
  return buffer.memory;
}

/** Prebuilt bind groups in order: a run encodes one compute pass and submits it. */
class WebgpuPlan implements Plan {
  readonly #context: WebgpuContext;
  readonly #steps: readonly Step[];
  readonly #infos: readonly KernelInfo[];
  readonly #groups: readonly GPUBindGroup[];
  readonly #owned: readonly GPUBuffer[];
  #pipelines: readonly GPUComputePipeline[] | undefined;
  #disposed = false;

  constructor(
    context: WebgpuContext,
    steps: readonly Step[],
    infos: readonly KernelInfo[],
    groups: readonly GPUBindGroup[],
    owned: readonly GPUBuffer[],
  ) {
    this.#context = context;
    this.#steps = steps;
    this.#infos = infos;
    this.#groups = groups;
    this.#owned = owned;
  }

  run(): void {
    const pipelines = this.#prepared();
    const { device } = this.#context;
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let i = 0; i < this.#steps.length; i++) this.#encode(pass, i, pipelines);
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  async profile(): Promise<readonly KernelTiming[]> {
    const pipelines = this.#prepared();
    const times = await timeDispatches(this.#context.device, this.#steps.length, (pass, i) =>
      this.#encode(pass, i, pipelines),
    );
    this.#context.check();
    return this.#infos.map((info, i) => ({ ...info, milliseconds: times[i] as number }));
  }

  #prepared(): readonly GPUComputePipeline[] {
    if (this.#disposed) throw new Error('this plan was disposed of');
    this.#context.check();
    this.#pipelines ??= this.#steps.map(({ kernel, label }) => this.#context.pipelines.get(kernel, label));
    return this.#pipelines;
  }

  #encode(pass: GPUComputePassEncoder, i: number, pipelines: readonly GPUComputePipeline[]): void {
    const [x, y] = (this.#steps[i] as Step).kernel.grid;
    pass.setPipeline(pipelines[i] as GPUComputePipeline);
    pass.setBindGroup(0, this.#groups[i] as GPUBindGroup);
    pass.dispatchWorkgroups(x, y);
  }

  dispose(): void {
    this.#disposed = true;
    for (const buffer of this.#owned) this.#context.pool.release(buffer);
  }
}
