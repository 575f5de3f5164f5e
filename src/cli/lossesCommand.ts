import { writeFile } from 'node:fs/promises';
import { readNpy } from '../engine/data/npy.ts';
import { readSafetensors, writeSafetensors } from '../engine/data/safetensors.ts';
import { EngineError } from '../engine/errors.ts';
import { createTrainingRun } from '../engine/training/createTrainingRun.ts';
import { openBackend } from './device.ts';
import { CommandError, integerOption, type Options } from './options.ts';
import { datasetOf, readInput, sourceDocument } from './sources.ts';

/**
 * Prints the loss of each step of a document from given initial weights and given batches, so that the run can be held
 * against another framework's: `losses FILE.json --weights W.safetensors --batches B.npy --steps N [--save-weights F]`.
 */
export async function lossesCommand(file: string | undefined, options: Options): Promise<void> {
  const document = await sourceDocument(file, options);
  const steps = integerOption(options, 'steps', 1) ?? 100;
  const weightsFile = options.values.weights;
  const weights = weightsFile ? readSafetensors(await readInput(weightsFile), weightsFile) : undefined;
  const batches = options.values.batches ? await readBatches(options.values.batches, steps) : undefined;
  const dataset = await datasetOf(document);
  const backend = await openBackend(options, 'wasm');
  try {
    const run = await createTrainingRun({ document, dataset, backend, ...(weights ? { weights } : {}) });
    for (let step = 0; step < steps; step++) {
      run.submitStep(batches?.[step]);
      const [record] = await run.drain();
      const { loss, terms, accuracy } = record!;
      process.stdout.write(
        options.flags.has('json')
          ? `${JSON.stringify({ step: step + 1, loss, terms, accuracy })}\n`
          : `${step + 1}  ${loss}\n`,
      );
      if (!Number.isFinite(loss))
        throw new EngineError('not-finite', `the loss is not a finite number at step ${step + 1}`);
    }
    const save = options.values['save-weights'];
    if (save) await writeFile(save, writeSafetensors(await run.weights('trained')));
    run.dispose();
  } finally {
    backend.dispose();
  }
}

/** One list of sample indices a step, from an integer array of shape [steps, batch]. */
async function readBatches(file: string, steps: number): Promise<Int32Array[]> {
  const { shape, data } = readNpy(await readInput(file), file);
  const [rows, batch] = shape;
  if (shape.length !== 2 || rows === undefined || batch === undefined || rows < steps) {
    throw new CommandError(
      `${file} must have shape (steps, batch) with at least ${steps} rows, it has (${shape.join(', ')})`,
    );
  }
  return Array.from({ length: steps }, (_, i) => Int32Array.from(data.subarray(i * batch, (i + 1) * batch)));
}
