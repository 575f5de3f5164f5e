/**
 * What the engine says, in another language. Definitions, diagnostics and errors are written in English beside the code
 * that they belong to; a catalogue has their sentences as keys, with `{name}` where a number or a name stands:
 *
 *     'Linear expects {wanted} features and receives {given}.': 'Linear 需要 {wanted} 个特征，实际收到 {given} 个。'
 */
export type Phrases = Readonly<Record<string, string>>;

interface Pattern {
  readonly expression: RegExp;
  readonly names: readonly string[];
  readonly translation: string;
}

/** Between what is listed in a sentence, shapes most often; a catalogue may have an entry for it. */
const AND = ' and ';

/** Sentences that are remembered with their translation: more than a page shows, fewer than hold memory. */
const MOST_REMEMBERED = 2000;

/**
 * A function from English to the language of the catalogue. What the catalogue does not know stays English. What stands
 * for a `{name}` is looked up by itself, so that a sentence may hold another one.
 */
export function translator(phrases: Phrases): (text: string) => string {
  const patterns = Object.entries(phrases)
    .filter(([key]) => key.includes('{'))
    // The pattern that says most by itself comes first; one that begins with anything at all would also take the beginning
    // of a sentence that another one knows.
    .sort(([a], [b]) => Number(a.startsWith('{')) - Number(b.startsWith('{')) || literalLength(b) - literalLength(a))
    .map(([key, translation]) => patternOf(key, translation));
  const known = new Map<string, string>();

  /** What stands for a name: a sentence of the catalogue, a list of such, or as it is. */
  const filling = (text: string): string => {
    const whole = translate(text);
    if (whole !== text || !text.includes(AND)) return whole;
    return text
      .split(AND)
      .map(translate)
      .join(phrases[AND] ?? AND);
  };

  const translate = (text: string): string => {
    const exact = Object.hasOwn(phrases, text) ? phrases[text] : undefined;
    if (exact !== undefined) return exact;
    for (const { expression, names, translation } of patterns) {
      const found = expression.exec(text);
      if (found) return filled(translation, (name) => filling(found[names.indexOf(name) + 1] ?? ''));
    }
    return text;
  };

  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const result = translate(text);
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(text, result);
    return result;
  };
}

/** The names that stand in braces in a phrase, in order. */
export const namesIn = (phrase: string): string[] => [...phrase.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);

function patternOf(key: string, translation: string): Pattern {
  const source = key
    .split(/\{\w+\}/)
    .map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('([\\s\\S]+?)');
  return { expression: new RegExp(`^${source}$`), names: namesIn(key), translation };
}

const literalLength = (key: string): number => key.replace(/\{\w+\}/g, '').length;

const filled = (translation: string, value: (name: string) => string): string =>
  translation.replace(/\{(\w+)\}/g, (_, name: string) => value(name));
