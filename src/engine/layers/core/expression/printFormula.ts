import { pythonFloat, pythonValue } from '../../python.ts';
import type { Formula } from './parseFormula.ts';

type Framework = 'pytorch' | 'keras';

/** How tightly Python binds: a part that binds less than its place asks for goes into parentheses. */
const COMPARE = 1;
const SUM = 2;
const PRODUCT = 3;
const SIGN = 4;
const POWER = 5;
const ATOM = 6;

/** A formula as a Python expression that may stand as an operand anywhere. `names`: what stands for inputs and scalars. */
export function printFormula(formula: Formula, framework: Framework, names: Readonly<Record<string, string>>): string {
  const { text, binds } = print(formula, framework, names);
  return binds < ATOM ? `(${text})` : text;
}

/** What a caller gives for an input, as an operand: in parentheses unless it is a name or one call. */
export function operand(expression: string): string {
  return /^[\w.]+(\([^()]*\))?$/.test(expression) ? expression : `(${expression})`;
}

interface Printed {
  readonly text: string;
  readonly binds: number;
}

function print(formula: Formula, framework: Framework, names: Readonly<Record<string, string>>): Printed {
  const part = (inner: Formula, least: number): string => {
    const { text, binds } = print(inner, framework, names);
    return binds < least ? `(${text})` : text;
  };
  switch (formula.kind) {
    case 'number':
      return { text: pythonValue(formula.value), binds: formula.value < 0 ? SIGN : ATOM };
    case 'name':
      return { text: names[formula.name] as string, binds: ATOM };
    case 'negate':
      return { text: `-${part(formula.of, SIGN)}`, binds: SIGN };
    case 'call': {
      const { name } = formula.fn;
      const given = formula.given.map((inner, place) => {
        if (name === 'where' && place === 0) {
          return isComparison(inner) ? comparison(inner, part) : `${part(inner, SUM)} != 0`;
        }
        if (inner.kind !== 'number') return part(inner, COMPARE);
        const float = pythonValue(pythonFloat(inner.value));
        // PyTorch's maximum and minimum take tensors only.
        return framework === 'pytorch' && name !== 'where' ? `torch.tensor(${float})` : float;
      });
      return { text: `${formula.fn[framework]}(${given.join(', ')})`, binds: ATOM };
    }
    case 'binary': {
      const { operator, left, right } = formula;
      if (isComparison(formula)) {
        // Truth values don't take part in arithmetic everywhere: numbers do.
        const test = comparison(formula, part);
        return { text: framework === 'pytorch' ? `(${test}).float()` : `ops.cast(${test}, "float32")`, binds: ATOM };
      }
      // The right side of a power is a sign's place in Python: 2 ** -x.
      if (operator === '^') return { text: `${part(left, ATOM)} ** ${part(right, SIGN)}`, binds: POWER };
      const own = operator === '+' || operator === '-' ? SUM : PRODUCT;
      return { text: `${part(left, own)} ${operator} ${part(right, own + 1)}`, binds: own };
    }
  }
}

type Comparison = Extract<Formula, { kind: 'binary' }>;

function isComparison(formula: Formula): formula is Comparison {
  return formula.kind === 'binary' && (formula.operator === '<' || formula.operator === '>');
}

function comparison({ left, operator, right }: Comparison, part: (inner: Formula, least: number) => string): string {
  return `${part(left, SUM)} ${operator} ${part(right, SUM)}`;
}
