import { EngineError } from '../engine/errors.ts';
import { createTrainingRun } from '../engine/training/createTrainingRun.ts';
import { TrainingLoop } from '../engine/training/loop.ts';
import { openBackend } from './device.ts';
import type { Options } from './options.ts';
import { ProgressBar } from './progress.ts';
import { datasetOf, sourceDocument, withSettings } from './sources.ts';

/** Trains a document and prints what happens: one JSON object a line with `--json`, else for a person. */
export async function trainCommand(options: Options): Promise<void> {
  const document = withSettings(await sourceDocument(undefined, options), options);
  const dataset = await datasetOf(document);
  const backend = await openBackend(options, 'auto');
  const json = options.flags.has('json');
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const bar = new ProgressBar();
  try {
    const run = await createTrainingRun({ document, dataset, backend });
    if (!json)
      print(
        `${document.name}: ${run.parameterCount.toLocaleString('en')} parameters, ${run.totalSteps} steps on ${backend.description}`,
      );
    let failure: EngineError | undefined;
    const loop = new TrainingLoop(
      run,
      {
        steps: (records) => {
          for (const { step, loss, terms, accuracy, learningRate } of records)
            if (json) print(JSON.stringify({ event: 'step', step, loss, terms, accuracy, learningRate }));
          const last = records.at(-1);
          if (!json && last)
            bar.show(
              last.step / run.totalSteps,
              `step ${last.step}/${run.totalSteps}  loss ${last.loss.toFixed(4)}  ${Math.round(loop.samplesPerSecond)} samples/s`,
            );
        },
        evaluated: ({ loss, accuracy }, step, epoch) => {
          bar.clear();
          if (json) print(JSON.stringify({ event: 'epoch', epoch, step, testLoss: loss, testAccuracy: accuracy }));
          else
            print(
              `epoch ${epoch}: test loss ${loss.toFixed(4)}${accuracy === undefined ? '' : `, test accuracy ${(100 * accuracy).toFixed(2)}%`}`,
            );
        },
        notFinite: (step, place) => {
          const where = place ? ` in the ${place.what} of "${place.node}"` : '';
          failure = new EngineError(
            'not-finite',
            `the loss is not a finite number at step ${step}${where}: try a lower learning rate`,
            place?.node,
          );
        },
      },
      () => new Promise((resolve) => setImmediate(resolve)),
    );
    await loop.train();
    bar.clear();
    if (failure) throw failure;
    const { stoppedEarly } = loop;
    if (stoppedEarly && !json) print('stopped early: the test loss did not become better');
    const secondsTraining = loop.secondsTraining;
    const { loss: testLoss, accuracy: testAccuracy } = loop.lastEvaluation ?? (await run.evaluate());
    const metrics = await run.metrics();
    const byName = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
    if (json)
      print(
        JSON.stringify({
          event: 'done',
          testLoss,
          testAccuracy,
          metrics: byName,
          stoppedEarly,
          secondsTraining,
          backend: backend.name,
        }),
      );
    else {
      for (const { title, value, isShare } of metrics)
        print(`${title}: ${isShare ? `${(100 * value).toFixed(2)}%` : value.toPrecision(4)}`);
      print(`trained in ${secondsTraining.toFixed(1)} s (${Math.round(loop.samplesPerSecond)} samples/s)`);
    }
    run.dispose();
  } finally {
    backend.dispose();
  }
}
