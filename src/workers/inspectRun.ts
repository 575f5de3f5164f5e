import { profileLayers } from '../engine/training/profile.ts';
import type { TrainingRun } from '../engine/training/trainingRun.ts';
import type { InspectQuery, InspectResult } from './protocol.ts';

/** What a run answers to a question of the page, and what of that moves instead of being copied. */
export async function inspectRun(
  run: TrainingRun,
  query: Exclude<InspectQuery, { kind: 'tune' }>,
): Promise<{ result: InspectResult; transfer: Transferable[] }> {
  switch (query.kind) {
    case 'predictTest':
    case 'predict': {
      const { outputs, width } =
        query.kind === 'predict' ? await run.predict(query.inputs, query.count) : await run.predictTest(query.indices);
      return { result: { kind: 'predictions', outputs, width }, transfer: [outputs.buffer] };
    }
    case 'makeSamples': {
      const { outputs, width } = await run.makeSamples(query.count);
      return { result: { kind: 'predictions', outputs, width }, transfer: [outputs.buffer] };
    }
    case 'generate': {
      const ids = await run.generate(query);
      return { result: { kind: 'generated', ids }, transfer: [ids.buffer] };
    }
    case 'confusion': {
      const counts = await run.confusion();
      return { result: { kind: 'confusion', counts, classes: Math.sqrt(counts.length) }, transfer: [counts.buffer] };
    }
    case 'metrics':
      return { result: { kind: 'metrics', metrics: await run.metrics() }, transfer: [] };
    case 'weights': {
      const weights = await run.weights();
      return { result: { kind: 'weights', weights }, transfer: weights.map(({ data }) => data.buffer) };
    }
    case 'profile': {
      const step = await run.profile();
      const { kernels, batchSize, arenaBytes } = step;
      const profile = { batchSize, arenaBytes, kernels, layers: profileLayers(step) };
      return { result: { kind: 'profile', profile }, transfer: [] };
    }
  }
}
