import { messages } from '../../editor/i18n/language.ts';
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
    description: messages().datasets.description(counts, kind === 'generated' ? undefined : sample, classes.length),
    available: true,
  }));
  if (choices.some(({ value }) => value === chosen)) return choices;
  const description = problem ?? (entries ? messages().datasets.unknown : messages().devices.looking);
  return [{ value: chosen, title: chosen, description, available: false }, ...choices];
}
