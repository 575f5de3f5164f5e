import { EngineError } from '../errors.ts';
import type { Dataset, Split } from './dataset.ts';

/** Share of the pieces, from the end of the text, that is kept for testing. */
const TEST_SHARE = 0.1;
/** More different characters than this are no alphabet. */
const MOST_CHARACTERS = 256;

/**
 * A text as pieces of `sample[0]` characters, one after another: a sample holds the ids of its characters, its label at
 * each step the character that comes next. The classes are the text's characters, in the order of their code points.
 * @throws EngineError `bad-data` for a text that is too short or has too many different characters.
 */
export function textDataset(text: string, { id, title, sample }: Pick<Dataset, 'id' | 'title' | 'sample'>): Dataset {
  const characters = [...new Set(text)].sort();
  if (characters.length > MOST_CHARACTERS) {
    const problem = `${characters.length} different characters, at most ${MOST_CHARACTERS} are possible`;
    throw new EngineError('bad-data', `${title} has ${problem}`, id);
  }
  const [steps = 1] = sample;
  const ids = encodeText(text, characters);
  const pieces = Math.floor((ids.length - 1) / steps);
  const test = Math.ceil(pieces * TEST_SHARE);
  if (pieces < 2) throw new EngineError('bad-data', `${title} is shorter than two pieces of ${steps} characters`, id);
  const split = (from: number, count: number): Split => ({
    count,
    inputs: ids.slice(from * steps, (from + count) * steps),
    labels: ids.slice(from * steps + 1, (from + count) * steps + 1),
  });
  return {
    id,
    title,
    sample,
    classes: characters,
    label: sample,
    vocabulary: characters,
    train: split(0, pieces - test),
    test: split(pieces - test, test),
  };
}

/** Ids of the characters of a text; those that the vocabulary has not are left out. */
export function encodeText(text: string, vocabulary: readonly string[]): Int32Array {
  const ids = new Map(vocabulary.map((character, i) => [character, i]));
  return Int32Array.from([...text].flatMap((character) => ids.get(character) ?? []));
}
