/** A mistake in how the command was called: exit code 2. */
export class CommandError extends Error {}

export interface Options {
  readonly values: Readonly<Record<string, string>>;
  readonly flags: ReadonlySet<string>;
}

/** Reads `--name value`, `--name=value` and `--flag`. @throws CommandError for anything else. */
export function parseOptions(words: readonly string[], valued: readonly string[], flags: readonly string[]): Options {
  const values: Record<string, string> = {};
  const set = new Set<string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const [name, inline] = word.startsWith('--') ? splitOnce(word.slice(2)) : [undefined, undefined];
    if (name !== undefined && flags.includes(name) && inline === undefined) {
      set.add(name);
    } else if (name !== undefined && valued.includes(name)) {
      const value = inline ?? words[++i];
      if (value === undefined) throw new CommandError(`--${name} needs a value`);
      values[name] = value;
    } else {
      const known = [...valued, ...flags].map((option) => `--${option}`).join(', ');
      throw new CommandError(`unknown option "${word}": expected ${known || 'none'}`);
    }
  }
  return { values, flags: set };
}

/** A whole number of at least `min`. */
export function integerOption(options: Options, name: string, min: number): number | undefined {
  const text = options.values[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < min) {
    throw new CommandError(`--${name} expects a whole number of at least ${min}, got "${text}"`);
  }
  return value;
}

/** One of a few words. */
export function choiceOption<Choice extends string>(
  options: Options,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const text = options.values[name];
  if (text === undefined) return undefined;
  const found = choices.find((choice) => choice === text);
  if (!found) throw new CommandError(`--${name} expects ${choices.join(', ')}, got "${text}"`);
  return found;
}

function splitOnce(text: string): [string, string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
