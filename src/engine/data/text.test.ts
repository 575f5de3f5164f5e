import { describe, expect, it } from 'vitest';
import { encodeText, textDataset } from './text.ts';

const named = { id: 'own', title: 'Own', sample: [4] };

describe('texts', () => {
  it('are cut into pieces whose labels are the next characters', () => {
    const { train, test, vocabulary, label } = textDataset(`${'hello '.repeat(10)}!`, named);
    expect(vocabulary).toEqual([' ', '!', 'e', 'h', 'l', 'o']);
    expect(label).toEqual([4]);
    expect([train.count, test.count]).toEqual([13, 2]);
    const text = (ids: ArrayLike<number>) => Array.from(ids, (id) => vocabulary![id]).join('');
    expect(text(train.inputs)).toBe('hello hello hello hello hello hello hello hello hell'.slice(0, 52));
    expect(text(train.labels)).toBe('ello hello hello hello hello hello hello hello hello');
    expect(text(test.inputs) + text(test.labels).at(-1)).toBe('o hello !'.slice(0, 9));
  });

  it('are refused where they are too short or no alphabet', () => {
    expect(() => textDataset('abcdefg', named)).toThrow('shorter than two pieces of 4 characters');
    const signs = String.fromCodePoint(...Array.from({ length: 300 }, (_, i) => 0x4e00 + i));
    expect(() => textDataset(signs, named)).toThrow('Own has 300 different characters, at most 256');
  });

  it('leaves out characters that the vocabulary has not', () => {
    expect([...encodeText('aXb', ['a', 'b'])]).toEqual([0, 1]);
  });
});
