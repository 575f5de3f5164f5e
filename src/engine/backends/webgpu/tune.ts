import type { ContractSpec } from '../../kernels/spec.ts';
import type { KernelCall, Schedule } from '../../schedule/schedule.ts';
import type { OnTuned } from '../backend.ts';
import { SCRATCH } from './bindings.ts';
import { type Dispatch, placeScratch, singleDispatch } from './dispatches.ts';
import type { WebgpuContext } from './executable.ts';
import { type ContractVariant, contractKey, contractVariants } from './kernels/contract.ts';
import type { CallOf } from './kernels/kernel.ts';

/** A trial lasts about so long, in milliseconds: clocks are coarse, and a launch has its own price. */
const TRIAL = 20;
const TURNS = 3;
const MOST_REPEATS = 256;
/** A variant must be so much faster than the first one to be chosen: less is noise. */
const GAIN = 0.95;

/**
 * Measures the variants of each product of a schedule on buffers of its own, and gives the fastest by `contractKey`. Nothing
 * that runs is touched: choices are for what is compiled afterwards. `signal` ends it before the next product.
 */
export async function tuneContracts(
  context: WebgpuContext,
  schedule: Schedule,
  onKernel: OnTuned,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const choices = new Map<string, string>();
  const { quads, software, storageBuffers, workgroupBytes } = context.limits;
  const limits = { quads, software, storageBuffers, workgroupBytes, choices: new Map<string, string>() };
  const distinct = new Map(schedule.calls.filter(isContract).map((call) => [contractKey(call), call]));
  for (const [i, [key, call]] of [...distinct].entries()) {
    if (signal?.aborted) break;
    const trials: Trial[] = [];
    try {
      for (const variant of contractVariants(call, limits)) trials.push(await prepare(context, call, variant));
      // In turns: what else the machine does slows all of them.
      for (let turn = 0; turn < TURNS; turn++) for (const trial of trials) await trial.run();
    } finally {
      for (const trial of trials) trial.release();
    }
    const times = trials.map(({ name, least }) => ({ name, milliseconds: least() }));
    const [first] = times;
    const [best] = [...times].sort((a, b) => a.milliseconds - b.milliseconds);
    if (!first || !best) throw new Error(`the product ${call.label} has no layout`);
    const chosen = best.milliseconds < GAIN * first.milliseconds ? best : first;
    choices.set(key, chosen.name);
    const found = { label: call.label, before: first.milliseconds, after: chosen.milliseconds };
    onKernel({ ...found, choice: chosen.name, tried: times.length }, i + 1, distinct.size);
  }
  return choices;
}

function isContract(call: KernelCall): call is KernelCall & CallOf<ContractSpec> {
  return call.spec.kind === 'contract';
}

/** One variant on memory of its own. */
interface Trial {
  readonly name: string;
  /** Measures it once more. */
  run(): Promise<void>;
  /** Milliseconds of one launch, the least so far. */
  least(): number;
  release(): void;
}

async function prepare(context: WebgpuContext, call: CallOf<ContractSpec>, variant: ContractVariant): Promise<Trial> {
  const { device, pool, pipelines } = context;
  const { kernels, bytes } = placeScratch([variant.make().map((kernel) => ({ kernel, label: call.label }))]);
  const dispatches = kernels.map(singleDispatch);
  await Promise.all(dispatches.map((dispatch) => pipelines.prepare(dispatch)));
  const sizes = new Map<number, number>([[SCRATCH, bytes]]);
  for (const { slot, byteOffset, bytes: size } of dispatches.flatMap(({ bindings }) => bindings)) {
    sizes.set(slot, Math.max(sizes.get(slot) ?? 0, byteOffset + size));
  }
  const memory = new Map([...sizes].map(([slot, size]) => [slot, pool.create(size, 'a buffer to tune on')]));
  const bound = dispatches.map((dispatch) => ({
    dispatch,
    pipeline: pipelines.get(dispatch),
    group: device.createBindGroup({
      layout: pipelines.bindGroupLayout(dispatch),
      entries: dispatch.bindings.map(({ slot, byteOffset, bytes: size }, binding) => ({
        binding,
        resource: { buffer: memory.get(slot) as GPUBuffer, offset: byteOffset, size },
      })),
    }),
  }));
  const time = async (repeats: number): Promise<number> => {
    await device.queue.onSubmittedWorkDone();
    const start = performance.now();
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let i = 0; i < repeats; i++) for (const each of bound) encode(pass, each);
    pass.end();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    context.check();
    return (performance.now() - start) / repeats;
  };
  let least = Number.POSITIVE_INFINITY;
  let repeats = 0;
  return {
    name: variant.name,
    least: () => least,
    run: async () => {
      if (repeats === 0) {
        // The first launch may still build something.
        await time(1);
        repeats = Math.min(MOST_REPEATS, Math.max(1, Math.ceil(TRIAL / Math.max(await time(1), 0.01))));
      }
      least = Math.min(least, await time(repeats));
    },
    release: () => {
      for (const buffer of memory.values()) pool.release(buffer);
    },
  };
}

interface Bound {
  readonly dispatch: Dispatch;
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
}

function encode(pass: GPUComputePassEncoder, { dispatch, pipeline, group }: Bound): void {
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(dispatch.grid[0], dispatch.grid[1]);
}
