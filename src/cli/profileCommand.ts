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
          layers: profileLayers(profile.kernels),
        })
      : `${name}\n${profileTable(profile)}`;
    process.stdout.write(`${text}\n`);
  } finally {
    backend.dispose();
  }
}

/** Layers, slowest first, each with its kernels under it. */
export function profileTable({ kernels }: StepProfile): string {
  const total = kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const line = (name: string, milliseconds: number, flops: number, bytes: number): string =>
    [
      `${milliseconds.toFixed(3)} ms`.padStart(12),
      `${total > 0 ? ((100 * milliseconds) / total).toFixed(1) : '0.0'}%`.padStart(6),
      `${gigaflops(flops, milliseconds).toFixed(2)} GFLOP/s`.padStart(15),
      amount(bytes, 'B').padStart(9),
      name,
    ].join('  ');
  const layers = profileLayers(kernels).flatMap(({ node, milliseconds, flops, bytes, kernels: own }) => [
    line(node ?? 'gathering, update, metrics', milliseconds, flops, bytes),
    ...own.map((number) => {
      const kernel = kernels[number] as StepProfile['kernels'][number];
      const others = kernel.origins.slice(1);
      const shared = others.length > 0 ? `  (with ${others.join(', ')})` : '';
      return line(`    ${kernel.label}${shared}`, kernel.milliseconds, kernel.flops, kernel.bytes);
    }),
  ]);
  const sums = kernels.reduce((sum, { flops, bytes }) => ({ flops: sum.flops + flops, bytes: sum.bytes + bytes }), {
    flops: 0,
    bytes: 0,
  });
  return [...layers, line('the step, kernel by kernel', total, sums.flops, sums.bytes)].join('\n');
}

function gigaflops(flops: number, milliseconds: number): number {
  return milliseconds > 0 ? flops / milliseconds / 1e6 : 0;
}
