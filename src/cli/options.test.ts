import { describe, expect, it } from 'vitest';
import { choiceOption, integerOption, parseOptions } from './options.ts';

describe('parseOptions', () => {
  it('reads values in both spellings, and flags', () => {
    const options = parseOptions(['--epochs', '3', '--seed=7', '--json'], ['epochs', 'seed'], ['json']);
    expect(options.values).toEqual({ epochs: '3', seed: '7' });
    expect(options.flags.has('json')).toBe(true);
  });

  it.each([[['--nope']], [['train']], [['--json=1']], [['--epochs']]])('refuses %j', (words) => {
    expect(() => parseOptions(words, ['epochs'], ['json'])).toThrow(/--epochs/);
  });
});

describe('typed options', () => {
  const given = (name: string, value: string) => parseOptions([`--${name}`, value], [name], []);

  it.each(['0', '-1', '1.5', 'x', '1e3', ''])('refuses %j as a count', (value) => {
    expect(() => integerOption(given('epochs', value), 'epochs', 1)).toThrow(/at least 1/);
  });

  it('gives undefined for what was left out', () => {
    expect(integerOption(parseOptions([], [], []), 'epochs', 1)).toBeUndefined();
  });

  it('names the choices', () => {
    expect(() => choiceOption(given('backend', 'cuda'), 'backend', ['wasm', 'webgpu'])).toThrow(
      'wasm, webgpu, got "cuda"',
    );
  });
});
