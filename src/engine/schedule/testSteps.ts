import { readFileSync } from 'node:fs';
import { inferGraph } from '../compiler/infer.ts';
import { parameterLayout } from '../compiler/parameterLayout.ts';
import { stepProgram } from '../compiler/stepProgram.ts';
import { trainingGroups } from '../compiler/trainingGroups.ts';
import { dataShapes } from '../data/dataset.ts';
import { parseManifest } from '../data/manifest.ts';
import type { GraphDocument } from '../graph/document.ts';
import type { Program } from '../ir/types.ts';
import { resolveTraining } from '../optimizers/resolveTraining.ts';

const manifest = parseManifest(
  readFileSync(new URL('../../../public/datasets/manifest.json', import.meta.url), 'utf8'),
);

/** Element type of the samples on the device. */
const DTYPES = { idx: 'u8', csv: 'f32', generated: 'f32', text: 'i32' } as const;

/** A document's training step, on samples of the shape and type that its data set has. */
export function stepOfDocument(document: GraphDocument, batchSize: number): Program {
  const entry = manifest.find(({ id }) => id === document.data.dataset)!;
  const { sample, label = [], kind, target } = entry;
  const inference = inferGraph(document, dataShapes(entry));
  const { optimizer, options } = resolveTraining(document.training);
  const groups = trainingGroups(document.training, optimizer, inference);
  const own = groups.filter(({ prefix }) => prefix !== '').map(({ nodes }) => nodes);
  const data = {
    count: 1000,
    sample,
    dtype: DTYPES[kind],
    label,
    labelType: target === undefined ? ('i32' as const) : ('f32' as const),
  };
  return stepProgram({ inference, layout: parameterLayout(inference, own), data }, groups, options, batchSize);
}
