import { availableParallelism } from 'node:os';
import type { Backend, BackendName } from '../engine/backends/backend.ts';
import { createBackend } from '../engine/backends/select.ts';
import { nodeGpu } from './nodeGpu.ts';
import { choiceOption, integerOption, type Options } from './options.ts';
import { tuningFile } from './tuningFile.ts';

/**
 * The backend that `--backend` names, with `--threads` threads if it is WebAssembly: as many as there are processors, without.
 * `--tuned` takes the layouts that `gradloom tune` found.
 */
export async function openBackend(options: Options, byDefault: BackendName | 'auto'): Promise<Backend> {
  const wanted = choiceOption(options, 'backend', ['auto', 'webgpu', 'wasm', 'reference']) ?? byDefault;
  const threads = integerOption(options, 'threads', 1) ?? availableParallelism();
  const gpu = wanted === 'webgpu' || wanted === 'auto' ? await nodeGpu() : undefined;
  return createBackend(wanted, gpu, threads, options.flags.has('tuned') ? tuningFile() : undefined);
}
