import type { ManifestEntry } from '../../engine/data/manifest.ts';
import type { Choice } from './ChoiceMenu.tsx';

/** The data sets of the manifest as choices; one that a document names and nobody knows is among them, to be seen. */
export function datasetChoices(
  entries: readonly ManifestEntry[] | undefined,
  problem: string | undefined,
  chosen: string,
): readonly Choice<string>[] {
  const choices = (entries ?? []).map(({ id, title, sample, classes, counts, kind }) => ({
    value: id,
    title,
    description: `${counts.train.toLocaleString('en')} to train on, ${counts.test.toLocaleString('en')} to test; ${
      kind === 'generated' ? 'drawn from a seed' : `samples [${sample.join(', ')}]`
    }, ${classes.length} classes`,
    available: true,
  }));
  if (choices.some(({ value }) => value === chosen)) return choices;
  const description = problem ?? (entries ? 'not known here: choose another one' : 'looking for it…');
  return [{ value: chosen, title: chosen, description, available: false }, ...choices];
}
