import type { PlacedDefinition } from '../../engine/layers/defineLayer.ts';
import { translate } from '../i18n/language.ts';

/** Layers in which every word of the query occurs, in English or the page's language, best first: by the name as a whole, its start, its inside, then help. */
export function searchLayers<Layer extends PlacedDefinition>(layers: readonly Layer[], query: string): Layer[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const whole = words.join(' ');
  const rankOf = ({ type, title }: Layer): number => {
    const names = [type.toLowerCase(), title.toLowerCase()];
    if (names.includes(whole)) return 0;
    if (names.some((name) => name.startsWith(whole))) return 1;
    if (names.some((name) => words.every((word) => name.includes(word)))) return 2;
    return 3;
  };
  const found = layers.filter(({ type, title, category, help }) => {
    const english = `${title} ${type} ${category} ${help.summary}`;
    const text = `${english} ${translate(category)} ${translate(help.summary)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return found.sort((a, b) => rankOf(a) - rankOf(b));
}
