import type { Backend } from '../../engine/backends/backend.ts';
import { findTemplate } from '../../engine/templates/registry.ts';
import { createTrainingRun } from '../../engine/training/createTrainingRun.ts';
import type { TrainingRun } from '../../engine/training/trainingRun.ts';
import { datasetOf } from '../sources.ts';

/** Samples that are judged. */
const SAMPLES = 1000;

/**
 * The inception score (Salimans et al. 2016, https://arxiv.org/abs/1606.03498) of `probabilities` [N, classes] that a
 * classifier gives to samples: exp of the mean of KL(p(class | sample) ‖ p(class)). It is 1 where all samples look alike
 * or none looks like a class, and the number of classes where each is certainly one class and all are there alike.
 */
export function inceptionScore(probabilities: Float32Array, classes: number): number {
  const count = probabilities.length / classes;
  const share = new Float64Array(classes);
  for (const [i, p] of probabilities.entries()) share[i % classes]! += p / count;
  let divergence = 0;
  for (const [i, p] of probabilities.entries()) {
    if (p > 0) divergence += (p * Math.log(p / share[i % classes]!)) / count;
  }
  return Math.exp(divergence);
}

/**
 * The score of what a trained generator makes of noise, by a convolutional classifier that has learned the same data set
 * for this purpose.
 */
export async function scoreOfSamples(run: TrainingRun, dataset: string, backend: Backend): Promise<number> {
  const { outputs } = await run.makeSamples(SAMPLES);
  const document = { ...findTemplate('pytorch-cnn')!.build(), data: { dataset } };
  const judge = await createTrainingRun({ document, dataset: await datasetOf(document), backend });
  while (!judge.finished) {
    while (judge.room > 0 && !judge.finished) judge.submitStep();
    await judge.drain();
  }
  const answers = await judge.predict(outputs, SAMPLES);
  judge.dispose();
  return inceptionScore(answers.outputs, answers.width);
}
