import type { Backend } from '../backends/backend.ts';
import type { Dataset } from '../data/dataset.ts';
import type { GraphDocument } from '../graph/document.ts';
import type { NamedWeight } from './initialWeights.ts';
import { TrainingRun } from './trainingRun.ts';

/**
 * Makes a run: compiles the document's step for the device, draws the initial weights from the seed and puts the data
 * set on the device.
 * @throws EngineError if the document has errors, does not fit the data, or does not fit into memory.
 */
export async function createTrainingRun(options: {
  readonly document: GraphDocument;
  readonly dataset: Dataset;
  readonly backend: Backend;
  /** Instead of the weights drawn from the seed, by `NODE.WEIGHT`. */
  readonly weights?: readonly NamedWeight[];
}): Promise<TrainingRun> {
  return whenReady(new TrainingRun(options.document, options.dataset, options.backend, options.weights ?? []));
}

/** The run when its device code is built. One that can't be built is gone, memory and all. */
export async function whenReady(run: TrainingRun): Promise<TrainingRun> {
  try {
    await run.ready;
  } catch (error) {
    run.dispose();
    throw error;
  }
  return run;
}
