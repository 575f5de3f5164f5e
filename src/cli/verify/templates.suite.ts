import type { Backend } from '../../engine/backends/backend.ts';
import { sizeOf } from '../../engine/ir/shape.ts';
import type { TemplateDefinition } from '../../engine/templates/defineTemplate.ts';
import { allTemplates } from '../../engine/templates/registry.ts';
import { createTrainingRun } from '../../engine/training/createTrainingRun.ts';
import { TrainingLoop } from '../../engine/training/loop.ts';
import { datasetOf } from '../sources.ts';
import { scoreOfSamples } from './inceptionScore.ts';
import type { Suite, Verdict } from './suite.ts';

/** `--quick` trains only those whose samples have at most so many numbers: seconds instead of minutes. */
const FEW_NUMBERS = 64;

export default {
  name: 'templates',
  title: 'every template, trained as it is, against the metric in its file',
  comparesDevices: false,
  async *run({ backend, filter, quick }) {
    for (const template of allTemplates()) {
      if (filter !== undefined && !template.id.includes(filter)) continue;
      const document = template.build();
      const dataset = await datasetOf(document);
      if (quick && (sizeOf(dataset.sample) >= FEW_NUMBERS || dataset.vocabulary)) continue;
      yield { name: template.id, ...(await trained(template, backend)) };
    }
  },
} satisfies Suite;

async function trained({ build, expected }: TemplateDefinition, backend: Backend): Promise<Verdict> {
  const document = build();
  const run = await createTrainingRun({ document, dataset: await datasetOf(document), backend });
  let broken: number | undefined;
  const events = {
    steps: () => undefined,
    evaluated: () => undefined,
    notFinite: (step: number) => {
      broken = step;
    },
  };
  const loop = new TrainingLoop(run, events, () => new Promise((resolve) => setImmediate(resolve)));
  await loop.train();
  const { loss, accuracy } = loop.lastEvaluation ?? (await run.evaluate());
  const { metric, value } = expected;
  const score =
    metric === 'inceptionScore' && broken === undefined
      ? await scoreOfSamples(run, document.data.dataset, backend)
      : undefined;
  run.dispose();
  if (broken !== undefined) return { verdict: 'failed', reason: `the loss of step ${broken} is not finite` };
  const reached = { loss, accuracy, inceptionScore: score }[metric] ?? Number.NaN;
  const detail = { loss, accuracy, inceptionScore: score, expected: value, seconds: Math.round(loop.secondsTraining) };
  const good = metric === 'loss' ? reached <= value : reached >= value;
  const reason = `${metric} ${reached}, expected ${metric === 'loss' ? 'at most' : 'at least'} ${value}`;
  return good ? { verdict: 'passed', ...detail } : { verdict: 'failed', reason, ...detail };
}
