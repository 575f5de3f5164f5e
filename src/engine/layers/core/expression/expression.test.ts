import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Shape } from '../../../ir/types.ts';
import { LayerError } from '../../defineLayer.ts';
import expression from '../expression.layer.ts';
import { FormulaError } from './formulaError.ts';
import { parseFormula } from './parseFormula.ts';
import { operand, printFormula } from './printFormula.ts';

/** The error that a formula gives, with what the person sees of its place. */
function refusal(formula: string, scalars = '', inputs: readonly Shape[] = [[4]]): LayerError {
  try {
    expression.infer(inputs, { formula, scalars }, { sample: [4], classes: 0 });
  } catch (error) {
    if (error instanceof LayerError) return error;
    throw error;
  }
  throw new Error(`no error in ${formula}`);
}

const printed = (formula: string, framework: 'pytorch' | 'keras' = 'pytorch') =>
  printFormula(parseFormula(formula), framework, { x: 'x', y: 'y', b: 'b' });

describe('formulas', () => {
  it.each([
    ['x *', 4, 'instead of the end'],
    ['x * sigmod(x)', 5, 'there is no function "sigmod"'],
    ['x + beta', 5, '"beta" is neither an input nor one of the scalars'],
    ['(x + 1', 7, 'the parenthesis opened at column 1'],
    ['x ? 2', 3, 'the character "?"'],
    ['x 2', 3, 'an operator'],
    ['max(x)', 1, 'max takes 2 arguments, here are 1'],
    ['x + exp', 5, 'exp is a function'],
    ['x + 1 / 0', 7, 'no finite number'],
    ['x * y', 5, 'y is what wire 2 carries'],
    ['', 1, 'instead of the end'],
    [`${'('.repeat(100)}x`, 65, 'deeper than 64'],
  ])('%s points at column %i', (formula, column, message) => {
    const error = refusal(formula);
    expect(error).toMatchObject({ column, parameter: 'formula' });
    expect(error.message).toContain(`column ${column}: `);
    expect(error.message).toContain(message);
  });

  it('offers to make an unknown name a scalar', () => {
    expect(refusal('x * beta * a', 'a = 2').fixes).toEqual([
      { kind: 'setParameter', parameter: 'scalars', value: 'a = 2, beta = 1' },
    ]);
  });

  it.each([
    ['a', 1],
    ['a = 1, b', 7],
    ['a = 1, exp = 2', 8],
    ['a = 1,  a = 2', 9],
    ['values = 1', 1],
    ['x = 1', 1],
    ['a = 1e999', 1],
  ])('refuses the scalars %s at column %i', (scalars, column) => {
    expect(refusal('x', scalars)).toMatchObject({ column, parameter: 'scalars' });
  });

  it('wants every wire and every scalar used, and shapes that fit', () => {
    expect(refusal('x', '', [[4], [4]]).message).toContain('never reads y');
    expect(refusal('x', 'a = 1').message).toContain('does not use');
    expect(refusal('x + y', '', [[4], [3]]).message).toContain("can't join");
  });

  it('binds as Python does', () => {
    expect(printed('-x^2')).toBe('(-x ** 2)');
    expect(printed('x ^ -y ^ 2')).toBe('(x ** -y ** 2)');
    expect(printed('(x + y) * (x - (y - 1)) / (2 * b)')).toBe('((x + y) * (x - (y - 1)) / (2 * b))');
    expect(printed('(-x) ^ 2 - -y')).toBe('((-x) ** 2 - -y)');
    expect(printed('2 * pi * x')).toBe(`(${2 * Math.PI} * x)`);
  });

  it('gives truth values as numbers, and PyTorch tensors where it wants them', () => {
    expect(printed('(x > 0) - 1')).toBe('((x > 0).float() - 1)');
    expect(printed('(x > 0) * y', 'keras')).toBe('(ops.cast(x > 0, "float32") * y)');
    expect(printed('where(x, max(y, 0), 1)')).toBe('torch.where(x != 0, torch.maximum(y, torch.tensor(0.0)), 1.0)');
  });

  it('puts what it is given into parentheses where that is more than a name or a call', () => {
    expect([operand('x'), operand('self.fc1(x)'), operand('x + self.p.weight')]).toEqual([
      'x',
      'self.fc1(x)',
      '(x + self.p.weight)',
    ]);
  });

  it('never fails in another way, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'xy(),+-*/^<>.0e9 abé\u2028'), maxLength: 40 }), (text) => {
        try {
          parseFormula(text);
        } catch (error) {
          expect(error).toBeInstanceOf(FormulaError);
          expect((error as FormulaError).column).toBeLessThanOrEqual(text.length + 1);
        }
      }),
    );
  });
});
