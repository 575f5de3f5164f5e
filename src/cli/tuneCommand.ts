import type { TunedKernel } from '../engine/backends/backend.ts';
import { createBackend } from '../engine/backends/select.ts';
import { EngineError } from '../engine/errors.ts';
import { createTrainingRun } from '../engine/training/createTrainingRun.ts';
import { nodeGpu } from './nodeGpu.ts';
import type { Options } from './options.ts';
import { datasetOf, sourceDocument, withSettings } from './sources.ts';
import { TUNING_FILE, tuningFile } from './tuningFile.ts';

/** Measures which layouts of a document's kernels are the fastest on this GPU, and keeps them for `--tuned`. */
export async function tuneCommand(options: Options): Promise<void> {
  const document = withSettings(await sourceDocument(undefined, options), options);
  const backend = await createBackend('webgpu', await nodeGpu(), undefined, tuningFile());
  try {
    const run = await createTrainingRun({ document, dataset: await datasetOf(document), backend });
    const json = options.flags.has('json');
    const found: TunedKernel[] = [];
    if (!json) print(`${document.name}, batch ${run.batchSize}, ${backend.description}`);
    await run.tune((kernel) => {
      found.push(kernel);
      if (!json) print(tunedRow(kernel));
    });
    run.dispose();
    if (found.length === 0)
      throw new EngineError('unsupported', 'the document has no products whose layout could be chosen');
    if (json) print(JSON.stringify({ model: document.name, adapter: backend.description, kernels: found }));
    else print(`Kept in ${TUNING_FILE}; "--tuned" trains and profiles with it.`);
  } finally {
    backend.dispose();
  }
}

export function tunedRow({ label, before, after, choice, tried }: TunedKernel): string {
  const gain = after < before ? `${(before / after).toFixed(2)}× as fast` : 'as estimated';
  return `${before.toFixed(3).padStart(10)} ms → ${after.toFixed(3).padStart(8)} ms  ${gain.padEnd(16)} ${label}: ${choice} (of ${tried})`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
