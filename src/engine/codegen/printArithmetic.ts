import type { Formula } from '../layers/core/expression/parseFormula.ts';

/** How a language makes a whole number of one that is near it; undefined where its numbers are all of one kind. */
export interface ArithmeticSyntax {
  readonly whole: ((source: string) => string) | undefined;
}

/** Formulas that Python and TypeScript write alike: numbers, names, `+ - * / **`. */
export function isArithmetic(formula: Formula): boolean {
  switch (formula.kind) {
    case 'number':
    case 'name':
      return true;
    case 'negate':
      return isArithmetic(formula.of);
    case 'call':
      return false;
    case 'binary': {
      const { operator, left, right } = formula;
      return operator !== '<' && operator !== '>' && isArithmetic(left) && isArithmetic(right);
    }
  }
}

export function namesOf(formula: Formula): string[] {
  switch (formula.kind) {
    case 'number':
      return [];
    case 'name':
      return [formula.name];
    case 'negate':
      return namesOf(formula.of);
    case 'call':
      return formula.given.flatMap(namesOf);
    case 'binary':
      return [...namesOf(formula.left), ...namesOf(formula.right)];
  }
}

const SUM = 1;
const PRODUCT = 2;
const SIGN = 3;
const POWER = 4;
const ATOM = 5;

/**
 * A formula for which `isArithmetic` holds.
 * @param options `whole`: only a whole number may come out, whatever the constants are made of
 */
export function printArithmetic(
  formula: Formula,
  names: ReadonlyMap<string, string>,
  { syntax, whole }: { readonly syntax: ArithmeticSyntax; readonly whole: boolean },
): string {
  const { text } = print(formula, names);
  return whole && syntax.whole && !staysWhole(formula) ? syntax.whole(text) : text;
}

/** Whether whole numbers in give whole numbers out. */
function staysWhole(formula: Formula): boolean {
  switch (formula.kind) {
    case 'number':
      return Number.isInteger(formula.value);
    case 'name':
      return true;
    case 'negate':
      return staysWhole(formula.of);
    case 'call':
      return false;
    case 'binary':
      return (
        formula.operator !== '/' && formula.operator !== '^' && staysWhole(formula.left) && staysWhole(formula.right)
      );
  }
}

function print(
  formula: Formula,
  names: ReadonlyMap<string, string>,
): { readonly text: string; readonly binds: number } {
  const part = (inner: Formula, least: number): string => {
    const { text, binds } = print(inner, names);
    return binds < least ? `(${text})` : text;
  };
  switch (formula.kind) {
    case 'number':
      return { text: String(formula.value), binds: formula.value < 0 ? SIGN : ATOM };
    case 'name':
      return { text: names.get(formula.name) as string, binds: ATOM };
    case 'negate':
      return { text: `-${part(formula.of, SIGN)}`, binds: SIGN };
    case 'call':
      throw new RangeError(`${formula.fn.name} is no arithmetic`);
    case 'binary': {
      const { operator, left, right } = formula;
      // TypeScript refuses a sign on either side of a power; in parentheses both languages take it.
      if (operator === '^') return { text: `${part(left, ATOM)} ** ${part(right, ATOM)}`, binds: POWER };
      const own = operator === '+' || operator === '-' ? SUM : PRODUCT;
      return { text: `${part(left, own)} ${operator} ${part(right, own + 1)}`, binds: own };
    }
  }
}
