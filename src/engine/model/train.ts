import type { Backend, BackendName } from '../backends/backend.ts';
import { createBackend } from '../backends/select.ts';
import type { Dataset } from '../data/dataset.ts';
import { EngineError } from '../errors.ts';
import type { GraphDocument } from '../graph/document.ts';
import { createTrainingRun } from '../training/createTrainingRun.ts';
import type { NamedWeight } from '../training/initialWeights.ts';
import { TrainingLoop } from '../training/loop.ts';
import type { StepRecord } from '../training/records.ts';

export interface TrainOptions {
  readonly dataset: Dataset;
  /** Each of these three is the document's own where it is left out. */
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly seed?: number;
  /** A device by name, the best one there is (`auto`, the default), or a backend of the caller's, which stays open. */
  readonly backend?: BackendName | 'auto' | Backend;
  /** Where WebGPU comes from outside of a browser. */
  readonly gpu?: GPU;
  /** Instead of the weights drawn from the seed, by `NODE.WEIGHT`. */
  readonly weights?: readonly NamedWeight[];
  readonly onStep?: (step: StepRecord) => void;
  readonly onEpoch?: (epoch: EpochRecord) => void;
}

export interface EpochRecord {
  /** 1 for the first epoch. */
  readonly epoch: number;
  readonly step: number;
  /** Mean over the steps of this epoch. */
  readonly loss: number;
  readonly testLoss: number;
  /** Share of the test set that was classified right; undefined without classes. */
  readonly testAccuracy: number | undefined;
}

/** A model with the weights that training has left; it holds device memory until `dispose`. */
export interface TrainedModel {
  readonly document: GraphDocument;
  /** For people: which device did it. */
  readonly device: string;
  readonly epochs: readonly EpochRecord[];
  /** In steps; evaluation left out. */
  readonly secondsTraining: number;
  /**
   * The output for `count` samples, `width` numbers each, as a person reads it: probabilities; for a table whose target is
   * a number, that number in the units of the table. Samples are as the data set has them, bytes divided by 255.
   */
  predict(samples: Float32Array, count: number): Promise<{ outputs: Float32Array; width: number }>;
  weights(): Promise<NamedWeight[]>;
  dispose(): void;
}

/**
 * Trains a model from its initial weights over the whole data set.
 * @throws EngineError `bad-document` if the model has errors, `bad-option` for a setting that is no count,
 * `not-finite` if the loss stops being a number.
 */
export async function train(document: GraphDocument, options: TrainOptions): Promise<TrainedModel> {
  const { epochs, batchSize, seed } = { ...document.training, ...definedOnly(options) };
  checkCount('epochs', epochs, 1);
  checkCount('batchSize', batchSize, 1);
  checkCount('seed', seed, 0);
  const settled = { ...document, training: { ...document.training, epochs, batchSize, seed } };
  const { backend: wanted = 'auto' } = options;
  const backend = typeof wanted === 'string' ? await createBackend(wanted, options.gpu) : wanted;
  const close = () => {
    if (typeof wanted === 'string') backend.dispose();
  };
  try {
    const run = await createTrainingRun({
      document: settled,
      dataset: options.dataset,
      backend,
      ...(options.weights ? { weights: options.weights } : {}),
    });
    const records: EpochRecord[] = [];
    let sum = 0;
    let count = 0;
    let failure: EngineError | undefined;
    const loop = new TrainingLoop(
      run,
      {
        steps: (steps) => {
          for (const step of steps) {
            sum += step.loss;
            count++;
            options.onStep?.(step);
          }
        },
        evaluated: (evaluation, step, epoch) => {
          const record = {
            epoch,
            step,
            loss: sum / count,
            testLoss: evaluation.loss,
            testAccuracy: evaluation.accuracy,
          };
          sum = 0;
          count = 0;
          records.push(record);
          options.onEpoch?.(record);
        },
        notFinite: (step, place) => {
          const where = place ? ` in the ${place.what} of "${place.node}"` : '';
          const message = `the loss is not a finite number at step ${step}${where}: try a lower learning rate`;
          failure = new EngineError('not-finite', message, place?.node);
        },
      },
      () => new Promise((resolve) => setTimeout(resolve, 0)),
    );
    try {
      await loop.train();
      if (failure) throw failure;
    } catch (error) {
      run.dispose();
      throw error;
    }
    return {
      document: settled,
      device: backend.description,
      epochs: records,
      secondsTraining: loop.secondsTraining,
      predict: async (samples, samplesCount) => {
        const predicted = await run.predict(samples, samplesCount);
        const target = run.predictedTarget;
        if (!target || predicted.width !== 1) return predicted;
        return { ...predicted, outputs: predicted.outputs.map((value) => target.mean + target.deviation * value) };
      },
      weights: () => run.weights(),
      dispose: () => {
        run.dispose();
        close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

function definedOnly(options: TrainOptions): Partial<Pick<GraphDocument['training'], 'epochs' | 'batchSize' | 'seed'>> {
  const { epochs, batchSize, seed } = options;
  return {
    ...(epochs === undefined ? {} : { epochs }),
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function checkCount(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new EngineError('bad-option', `${name} expects a whole number of at least ${least}, got ${value}`);
}
