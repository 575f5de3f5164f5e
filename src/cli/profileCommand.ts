import { createTrainingRun } from '../engine/training/createTrainingRun.ts';
import { profileLayers, type StepProfile } from '../engine/training/profile.ts';
import { openBackend } from './device.ts';
import { integerOption, type Options } from './options.ts';
import { amount } from './planReport.ts';
import { datasetOf, sourceDocument, withSettings } from './sources.ts';

/** Times one training step of a document kernel by kernel, and rolls it up by layer. */
export async function profileCommand(options: Options): Promise<void> {
  const document = withSettings(await sourceDocument(undefined, options), options);
  const repeats = integerOption(options, 'repeats', 1) ?? 9;
  const dataset = await datasetOf(document);
  const backend = await openBackend(options, 'auto');
  try {
    const run = await createTrainingRun({ document, dataset, backend });
    const profile = await run.profile(repeats);
    run.dispose();
    const name = `${document.name}, batch ${profile.batchSize}, ${backend.description}`;
    const text = options.flags.has('json')
      ? JSON.stringify({
          model: document.name,
          backend: backend.name,
          ...profile,
          layers: profileLayers(profile),
        })
      : `${name}\n${profileTable(profile)}`;
    process.stdout.write(`${text}\n`);
  } finally {
    backend.dispose();
  }
}

/** Layers, slowest first, each with its kernels under it. */
export function profileTable(profile: StepProfile): string {
  const { kernels } = profile;
  const total = kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const line = (name: string, milliseconds: number, flops: number, bytes: number, held: number): string =>
    [
      `${milliseconds.toFixed(3)} ms`.padStart(12),
      `${total > 0 ? ((100 * milliseconds) / total).toFixed(1) : '0.0'}%`.padStart(6),
      `${gigaflops(flops, milliseconds).toFixed(2)} GFLOP/s`.padStart(15),
      amount(bytes, 'B').padStart(9),
      amount(held, 'B').padStart(9),
      name,
    ].join('  ');
  const layers = profileLayers(profile).flatMap(
    ({ node, milliseconds, flops, bytes, weightBytes, resultBytes, kernels: own }) => [
      line(node ?? 'gathering, update, metrics', milliseconds, flops, bytes, weightBytes + resultBytes),
      ...own.map((number) => {
        const kernel = kernels[number] as StepProfile['kernels'][number];
        const others = kernel.origins.slice(1);
        const shared = others.length > 0 ? `  (with ${others.join(', ')})` : '';
        return line(
          `    ${kernel.label}${shared}`,
          kernel.milliseconds,
          kernel.flops,
          kernel.bytes,
          kernel.resultBytes,
        );
      }),
    ],
  );
  const sum = (of: (kernel: StepProfile['kernels'][number]) => number): number =>
    kernels.reduce((all, kernel) => all + of(kernel), 0);
  const weights = Object.values(profile.weightBytes).reduce((all, bytes) => all + bytes, 0);
  const head = ['time', 'share', 'speed', 'traffic', 'memory'].map((name, i) =>
    name.padStart([12, 6, 15, 9, 9][i] ?? 0),
  );
  return [
    head.join('  '),
    ...layers,
    line(
      'the step, kernel by kernel; memory: weights and what is planned for all results',
      total,
      sum(({ flops }) => flops),
      sum(({ bytes }) => bytes),
      weights + profile.arenaBytes,
    ),
  ].join('\n');
}

function gigaflops(flops: number, milliseconds: number): number {
  return milliseconds > 0 ? flops / milliseconds / 1e6 : 0;
}
