import { EngineError } from '../../errors.ts';
import { formatShape, sameShape } from '../../ir/shape.ts';
import { kernelInfo } from '../../schedule/cost.ts';
import type { KernelCall, Schedule, Slot } from '../../schedule/schedule.ts';
import type { DeviceBuffer, Executable, KernelInfo, KernelTiming, Plan } from '../backend.ts';
import { SCRATCH } from './bindings.ts';
import { type BufferPool, WebgpuBuffer } from './buffers.ts';
import { type Dispatch, dispatchesOf, type PlacedKernel, placeScratch, singleDispatch } from './dispatches.ts';
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

/** A schedule as dispatches: shaders are written at once, pipelines are built in the background. */
export class WebgpuExecutable implements Executable {
  readonly kernels: readonly KernelInfo[];
  readonly arenaBytes: number;
  readonly dispatches: number;
  readonly pipelines: number;
  readonly ready: Promise<void>;
  readonly #context: WebgpuContext;
  readonly #schedule: Schedule;
  readonly #placed: readonly PlacedKernel[];
  readonly #dispatches: readonly Dispatch[];
  readonly #scratchBytes: number;

  constructor(context: WebgpuContext, schedule: Schedule) {
    this.#context = context;
    this.#schedule = schedule;
    const kernels: KernelInfo[] = [];
    const calls = schedule.calls.map((call) => {
      const made = deviceKernels(call, context.limits);
      kernels.push(...made.map((_, part) => partInfo(call, schedule.slots, part, made)));
      return made.map((kernel) => ({ kernel, label: call.label }));
    });
    const scratch = placeScratch(calls);
    const dispatches = dispatchesOf(scratch.kernels, context.limits);
    this.kernels = kernels;
    this.#placed = scratch.kernels;
    this.#dispatches = dispatches;
    this.#scratchBytes = scratch.bytes;
    this.dispatches = dispatches.length;
    this.pipelines = new Set(dispatches.map(({ code }) => code)).size;
    const arenas = schedule.slots.map((slot) => (slot.kind === 'arena' ? slot.bytes : 0));
    this.arenaBytes = arenas.reduce((sum, bytes) => sum + bytes, this.#scratchBytes);
    this.ready = Promise.all(dispatches.map((dispatch) => context.pipelines.prepare(dispatch))).then(() => {});
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
      const bindGroup = (dispatch: Dispatch): GPUBindGroup =>
        device.createBindGroup({
          label: dispatch.label,
          layout: pipelines.bindGroupLayout(dispatch),
          entries: dispatch.bindings.map(({ slot, byteOffset, bytes }, binding) => ({
            binding,
            resource: {
              buffer: (slot === SCRATCH ? scratch : memory[slot]) as GPUBuffer,
              offset: byteOffset,
              size: bytes,
            },
          })),
        });
      const bound = this.#dispatches.map((dispatch) => ({ dispatch, bindGroup: bindGroup(dispatch) }));
      const singles = (): BoundDispatch[] =>
        this.#placed.map(singleDispatch).map((dispatch) => ({ dispatch, bindGroup: bindGroup(dispatch) }));
      return new WebgpuPlan(this.#context, bound, singles, this.kernels, owned);
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

/** What dispatch `part` of those that do a call costs; the work is counted for the first that does more than prepare. */
function partInfo(call: KernelCall, slots: readonly Slot[], part: number, parts: readonly DeviceKernel[]): KernelInfo {
  const info = kernelInfo(call, slots);
  if (parts.length === 1) return info;
  const label = `${info.label} (${part + 1} of ${parts.length})`;
  const main = parts.findIndex(({ prepares }) => prepares !== true);
  return part === main ? { ...info, label } : { ...info, label, flops: 0, bytes: 0, resultBytes: 0 };
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

interface BoundDispatch {
  readonly dispatch: Dispatch;
  readonly bindGroup: GPUBindGroup;
}

/** Prebuilt bind groups in order: a run encodes one compute pass and submits it. */
class WebgpuPlan implements Plan {
  readonly #context: WebgpuContext;
  readonly #bound: readonly BoundDispatch[];
  readonly #singles: () => readonly BoundDispatch[];
  readonly #infos: readonly KernelInfo[];
  readonly #owned: readonly GPUBuffer[];
  #pipelines: readonly GPUComputePipeline[] | undefined;
  #disposed = false;

  /** `singles` makes the same work with a dispatch for each kernel. */
  constructor(
    context: WebgpuContext,
    bound: readonly BoundDispatch[],
    singles: () => readonly BoundDispatch[],
    infos: readonly KernelInfo[],
    owned: readonly GPUBuffer[],
  ) {
    this.#context = context;
    this.#bound = bound;
    this.#singles = singles;
    this.#infos = infos;
    this.#owned = owned;
  }

  run(): void {
    this.#check();
    const { device } = this.#context;
    this.#pipelines ??= this.#pipelinesOf(this.#bound);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let i = 0; i < this.#bound.length; i++) {
      encode(pass, this.#bound[i] as BoundDispatch, this.#pipelines[i] as GPUComputePipeline);
    }
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  async profile(): Promise<readonly KernelTiming[]> {
    this.#check();
    const singles = this.#singles();
    await Promise.all(singles.map(({ dispatch }) => this.#context.pipelines.prepare(dispatch)));
    const pipelines = this.#pipelinesOf(singles);
    const times = await timeDispatches(this.#context.device, singles.length, (pass, i) =>
      encode(pass, singles[i] as BoundDispatch, pipelines[i] as GPUComputePipeline),
    );
    this.#context.check();
    return this.#infos.map((info, i) => ({ ...info, milliseconds: times[i] as number }));
  }

  dispose(): void {
    this.#disposed = true;
    for (const buffer of this.#owned) this.#context.pool.release(buffer);
  }

  #check(): void {
    if (this.#disposed) throw new Error('this plan was disposed of');
    this.#context.check();
  }

  #pipelinesOf(bound: readonly BoundDispatch[]): readonly GPUComputePipeline[] {
    return bound.map(({ dispatch }) => this.#context.pipelines.get(dispatch));
  }
}

function encode(
  pass: GPUComputePassEncoder,
  { dispatch, bindGroup }: BoundDispatch,
  pipeline: GPUComputePipeline,
): void {
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(dispatch.grid[0], dispatch.grid[1]);
}
