import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { className, commentText, freeName, stringLiteral, variableName } from './identifiers.ts';

describe('variableName', () => {
  it.each([
    ['conv1', 'conv1'],
    ['My Encoder', 'my_encoder'],
    ['BatchNorm', 'batch_norm'],
    ['LSTM', 'lstm'],
    ['LeakyReLU', 'leaky_relu'],
    ['1st', 'layer_1st'],
    ['größe', 'gro_e'],
    ['ﬁlter', 'filter_'],
    ['class', 'class_'],
    ['train', 'train_'],
    ['import os; os.system("x")', 'import_os_os_system_x'],
    ['\u2028', ''],
    ['层', ''],
  ])('makes %j into %j', (text, name) => {
    expect(variableName(text)).toBe(name);
  });

  it('gives an identifier for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(variableName(text)).toMatch(/^([a-z][a-z0-9_]*)?$/);
      }),
    );
  });
});

describe('className', () => {
  it.each([
    ['Keras quick-start CNN', 'KerasQuickStartCNN'],
    ['', 'Model'],
    ['3 layers', 'Model3Layers'],
    ['exception', 'ExceptionModel'],
    ['a):\n  pass', 'APass'],
  ])('makes %j into %j', (text, name) => {
    expect(className(text)).toBe(name);
  });
});

describe('commentText', () => {
  it('stays on one line of a comment, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const comment = commentText(text);
        // Line ends of Python and of JavaScript, and what would close a block comment.
        expect(comment).not.toMatch(/[\r\n\v\f\u0085\u2028\u2029\u202a-\u202e\u2066-\u2069]|\*\//);
        expect([...comment].length).toBeLessThanOrEqual(80);
      }),
    );
  });

  it('leaves other scripts readable', () => {
    expect(commentText('手写数字\u2028识别')).toBe('手写数字 识别');
  });
});

describe('stringLiteral', () => {
  it('is read back by JavaScript as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const literal = stringLiteral(text);
        expect(literal).toMatch(/^[ -~]*$/);
        expect(JSON.parse(literal)).toBe(text);
      }),
    );
  });
});

describe('freeName', () => {
  it('numbers what is taken', () => {
    const taken = new Set(['fc']);
    expect([freeName('fc', taken), freeName('fc', taken)]).toEqual(['fc2', 'fc3']);
  });
});
