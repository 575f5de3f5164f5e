// What a GPU reaches. Bundled and run by bench/device.mjs, which says how it is called.
import { parseArgs } from 'node:util';
import { nodeGpu } from '../src/cli/nodeGpu.ts';
import { datasetOf } from '../src/cli/sources.ts';
import { createWebgpuBackend, type WebgpuBackend } from '../src/engine/backends/webgpu/webgpuBackend.ts';
import { ProgramBuilder } from '../src/engine/ir/builder.ts';
import { f32 } from '../src/engine/ir/shape.ts';
import type { Program } from '../src/engine/ir/types.ts';
import { opDefinition } from '../src/engine/ops/registry.ts';
import { findTemplate } from '../src/engine/templates/registry.ts';
import { createTrainingRun } from '../src/engine/training/createTrainingRun.ts';

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '4096' },
    peak: { type: 'string' },
    model: { type: 'string', default: 'keras-cnn' },
    batch: { type: 'string', default: '64' },
    tune: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

function numberOption(name: 'size' | 'peak' | 'batch'): number | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} expects a number above 0, got "${text}"`);
  return value;
}

/** A block of launches lasts about so long, in milliseconds: clocks are coarse. */
const BLOCK = 500;
const BLOCKS = 3;

/** Milliseconds of one launch, the least of several blocks. `finish` waits for the device. */
async function least(launch: () => void, finish: () => Promise<unknown>): Promise<number> {
  const block = async (count: number): Promise<number> => {
    const start = performance.now();
    for (let i = 0; i < count; i++) launch();
    await finish();
    return (performance.now() - start) / count;
  };
  await block(1);
  const count = Math.max(1, Math.min(200, Math.round(BLOCK / (await block(1)))));
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < BLOCKS; i++) best = Math.min(best, await block(count));
  return best;
}

function product(size: number): Program {
  const builder = new ProgramBuilder(opDefinition);
  const [a, b] = ['a', 'b'].map((name) => builder.input(name, f32(size, size)));
  builder.output('c', builder.op('matmul', [a!, b!], { transposeA: false, transposeB: false }));
  return builder.build();
}

async function measureProduct(backend: WebgpuBackend, size: number): Promise<{ ms: number; tflops: number }> {
  const program = product(size);
  if (options.tune) await backend.tune(program, () => {});
  const buffers = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, backend.allocate(f32(size, size))]));
  const executable = backend.compile(program);
  await executable.ready;
  const plan = executable.bind(buffers);
  const ms = await least(
    () => plan.run(),
    () => backend.finish(),
  );
  plan.dispose();
  for (const buffer of Object.values(buffers)) backend.release(buffer);
  return { ms, tflops: (2 * size ** 3) / ms / 1e9 };
}

async function measureStep(backend: WebgpuBackend, batchSize: number) {
  const template = findTemplate(options.model);
  if (!template) throw new Error(`--model expects the id of a template, got "${options.model}"`);
  const built = template.build();
  const document = { ...built, training: { ...built.training, batchSize } };
  const run = await createTrainingRun({ document, dataset: await datasetOf(document), backend });
  if (options.tune) await run.tune(() => {});
  let script = 0;
  let steps = 0;
  const ms = await least(
    () => {
      const start = performance.now();
      run.submitStep();
      script += performance.now() - start;
      steps++;
    },
    () => run.drain(),
  );
  const profile = await run.profile(5);
  const kernelMs = profile.kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const flops = run.stepCode.kernels.reduce((sum, kernel) => sum + kernel.flops, 0);
  const { dispatches } = run.stepCode;
  run.dispose();
  return { ms, scriptMs: script / steps, kernelMs, dispatches, gflops: flops / ms / 1e6 };
}

const backend = await createWebgpuBackend({ gpu: (await nodeGpu()) as GPU });
if (!backend) throw new Error('there is no Vulkan device here: set VK_DRIVER_FILES to a driver (docs/gpu.md)');
const size = numberOption('size') as number;
const peak = numberOption('peak');
const batch = numberOption('batch') as number;
const multiplied = await measureProduct(backend, size);
const share = peak === undefined ? undefined : multiplied.tflops / peak;
const step = await measureStep(backend, batch);
if (options.json) {
  console.log(JSON.stringify({ device: backend.description, product: { size, ...multiplied, peak, share } }));
  console.log(JSON.stringify({ device: backend.description, model: options.model, batch, ...step }));
} else {
  console.log(backend.description);
  const ofPeak = share === undefined ? '' : `, ${(100 * share).toFixed(1)}% of ${peak} TFLOP/s`;
  console.log(`product of ${size}³: ${multiplied.ms.toFixed(3)} ms, ${multiplied.tflops.toFixed(4)} TFLOP/s${ofPeak}`);
  console.log(
    `${options.model}, batch ${batch}: ${step.ms.toFixed(3)} ms a step (${step.dispatches} dispatches, ${step.gflops.toFixed(1)} GFLOP/s); ` +
      `script ${step.scriptMs.toFixed(3)} ms, kernels one by one ${step.kernelMs.toFixed(3)} ms`,
  );
}
backend.dispose();
process.exit(0);
