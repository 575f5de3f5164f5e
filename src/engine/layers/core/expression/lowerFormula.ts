import type { Emitter } from '../../../ir/emitter.ts';
import type { Value } from '../../../ir/types.ts';
import type { Formula, FormulaOperator } from './parseFormula.ts';

const OPS = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide', '<': 'less', '>': 'greater' } as const;

/** Emits the ops of a formula; gradients and fusion are those of the ops. */
export function lowerFormula(emit: Emitter, formula: Formula, values: Readonly<Record<string, Value>>): Value {
  const of = (part: Formula) => lowerFormula(emit, part, values);
  switch (formula.kind) {
    case 'number':
      return emit.fill([], formula.value);
    case 'name':
      return values[formula.name] as Value;
    case 'negate':
      return emit.op('negate', [of(formula.of)]);
    case 'call':
      return formula.fn.lower(emit, ...formula.given.map(of));
    case 'binary':
      return lowerBinary(emit, formula.operator, of(formula.left), formula.right, of);
  }
}

function lowerBinary(
  emit: Emitter,
  operator: FormulaOperator,
  left: Value,
  right: Formula,
  of: (part: Formula) => Value,
): Value {
  if (operator !== '^') return emit.op(OPS[operator], [left, of(right)]);
  // Whole powers that occur in formulas are products: exact, and without a logarithm in the gradient.
  if (right.kind === 'number' && right.value === 2) return emit.op('square', [left]);
  if (right.kind === 'number' && right.value === 3) return emit.op('multiply', [left, emit.op('square', [left])]);
  return emit.op('power', [left, of(right)]);
}
