import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineEdit } from './lineEdit.ts';

describe('lineEdit', () => {
  it('finds the one line that changed', () => {
    expect(lineEdit('a\nb\nc', 'a\nB\nc')).toEqual({ from: 2, removed: 1, added: ['B'] });
  });

  it('finds lines put in and taken out', () => {
    expect(lineEdit('a\nc', 'a\nb\nc')).toEqual({ from: 2, removed: 0, added: ['b'] });
    expect(lineEdit('a\nb\nc', 'a\nc')).toEqual({ from: 2, removed: 1, added: [] });
  });

  it('gives the new text when applied, whatever the texts', () => {
    const text = fc.array(fc.constantFrom('a', 'b', ''), { maxLength: 8 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const edit = lineEdit(before, after);
        if (!edit) {
          expect(before).toBe(after);
          return;
        }
        const lines = before.split('\n');
        lines.splice(edit.from - 1, edit.removed, ...edit.added);
        expect(lines.join('\n')).toBe(after);
      }),
    );
  });
});
