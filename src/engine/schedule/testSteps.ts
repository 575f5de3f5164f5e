import { inferGraph } from '../compiler/infer.ts';
import { parameterLayout } from '../compiler/parameterLayout.ts';
import { stepProgram } from '../compiler/stepProgram.ts';
import { trainingGroups } from '../compiler/trainingGroups.ts';
import type { GraphDocument } from '../graph/document.ts';
import type { Program } from '../ir/types.ts';
import { resolveTraining } from '../optimizers/resolveTraining.ts';

/** A document's training step, on images as bytes or on points in the plane. */
export function stepOfDocument(document: GraphDocument, batchSize: number): Program {
  const points = document.data.dataset === 'moons';
  const sample = points ? [2] : [1, 28, 28];
  const inference = inferGraph(document, { sample, classes: points ? 2 : 10 });
  const { optimizer, options } = resolveTraining(document.training);
  const groups = trainingGroups(document.training, optimizer, inference);
  const own = groups.filter(({ prefix }) => prefix !== '').map(({ nodes }) => nodes);
  const data = { count: 1000, sample, dtype: points ? 'f32' : 'u8', label: [] } as const;
  return stepProgram({ inference, layout: parameterLayout(inference, own), data }, groups, options, batchSize);
}
