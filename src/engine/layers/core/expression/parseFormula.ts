import { FormulaError } from './formulaError.ts';
import { FORMULA_CONSTANTS, type FormulaFunction, formulaFunction, formulaFunctions } from './formulaFunctions.ts';

export type FormulaOperator = '+' | '-' | '*' | '/' | '^' | '<' | '>';

/** A formula as a tree. What consists of numbers only is a number already. */
export type Formula =
  | { readonly kind: 'number'; readonly value: number }
  /** An input or a learnable scalar. */
  | { readonly kind: 'name'; readonly name: string; readonly column: number }
  | { readonly kind: 'negate'; readonly of: Formula }
  | { readonly kind: 'binary'; readonly operator: FormulaOperator; readonly left: Formula; readonly right: Formula }
  | { readonly kind: 'call'; readonly fn: FormulaFunction; readonly given: readonly Formula[] };

interface Token {
  readonly kind: 'number' | 'name' | 'sign' | 'end';
  readonly text: string;
  /** Of its first character, from 1. */
  readonly column: number;
}

/** Parentheses and signs may be nested so deep: each level is a call of this parser. */
const DEEPEST = 64;

/**
 * Reads a formula: numbers, names, `+ - * / ^ < >`, parentheses and calls of the functions that there are. `^` (also
 * written `**`) binds to the right and before a minus sign, as in Python.
 * @throws FormulaError with the column, what stands there and what was expected
 */
export function parseFormula(text: string): Formula {
  return new Parser(tokens(text)).whole();
}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  const pattern = /\s+|((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(\*\*|[-+*/^<>(),])/y;
  while (pattern.lastIndex < text.length) {
    const column = pattern.lastIndex + 1;
    const match = pattern.exec(text);
    if (!match) throw new FormulaError(`the character "${[...text.slice(column - 1)][0]}" has no meaning here`, column);
    const [, number, name, sign] = match;
    if (number !== undefined) found.push({ kind: 'number', text: number, column });
    else if (name !== undefined) found.push({ kind: 'name', text: name, column });
    else if (sign !== undefined) found.push({ kind: 'sign', text: sign === '**' ? '^' : sign, column });
  }
  found.push({ kind: 'end', text: '', column: text.length + 1 });
  return found;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(list: readonly Token[]) {
    this.#tokens = list;
  }

  whole(): Formula {
    const formula = this.#comparison();
    if (this.#next.kind !== 'end') this.#fail('an operator such as + or * was expected before');
    return formula;
  }

  get #next(): Token {
    return this.#tokens[this.#at] as Token;
  }

  #take(): Token {
    const token = this.#next;
    this.#at++;
    return token;
  }

  #isSign(...texts: string[]): boolean {
    return this.#next.kind === 'sign' && texts.includes(this.#next.text);
  }

  #comparison(): Formula {
    const left = this.#sum();
    if (!this.#isSign('<', '>')) return left;
    return binary(this.#take(), left, this.#sum());
  }

  #sum(): Formula {
    let left = this.#product();
    while (this.#isSign('+', '-')) left = binary(this.#take(), left, this.#product());
    return left;
  }

  #product(): Formula {
    let left = this.#signed();
    while (this.#isSign('*', '/')) left = binary(this.#take(), left, this.#signed());
    return left;
  }

  #signed(): Formula {
    if (!this.#isSign('-', '+')) return this.#power();
    return this.#deeper(() => {
      const { text } = this.#take();
      const of = this.#signed();
      if (text === '+') return of;
      return of.kind === 'number' ? { kind: 'number', value: -of.value } : { kind: 'negate', of };
    });
  }

  #power(): Formula {
    const base = this.#atom();
    if (!this.#isSign('^')) return base;
    return this.#deeper(() => binary(this.#take(), base, this.#signed()));
  }

  #atom(): Formula {
    const token = this.#next;
    if (token.kind === 'number') {
      this.#take();
      return number(Number(token.text), token.column);
    }
    if (token.kind === 'name') {
      this.#take();
      if (this.#isSign('(')) return this.#call(token);
      if (formulaFunction(token.text)) {
        throw new FormulaError(`${token.text} is a function: write what it is of, ${token.text}(x)`, token.column);
      }
      if (Object.hasOwn(FORMULA_CONSTANTS, token.text)) {
        return { kind: 'number', value: FORMULA_CONSTANTS[token.text] as number };
      }
      return { kind: 'name', name: token.text, column: token.column };
    }
    if (!this.#isSign('(')) return this.#fail('a number, a name or "(" was expected instead of');
    return this.#deeper(() => {
      this.#take();
      const inner = this.#comparison();
      this.#close(token);
      return inner;
    });
  }

  #call(name: Token): Formula {
    const fn = formulaFunction(name.text);
    if (!fn) {
      throw new FormulaError(
        `there is no function "${name.text}": ${formulaFunctions()
          .map((known) => known.name)
          .join(', ')}`,
        name.column,
      );
    }
    return this.#deeper(() => {
      const open = this.#take();
      const given = this.#isSign(')') ? [] : [this.#comparison()];
      while (this.#isSign(',')) {
        this.#take();
        given.push(this.#comparison());
      }
      this.#close(open);
      if (given.length !== fn.takes) {
        const wanted = `${fn.takes} argument${fn.takes === 1 ? '' : 's'}`;
        throw new FormulaError(`${fn.name} takes ${wanted}, here are ${given.length}`, name.column);
      }
      const numbers = given.flatMap((part) => (part.kind === 'number' ? [part.value] : []));
      if (numbers.length === given.length) return number(fn.evaluate(...numbers), name.column);
      return { kind: 'call', fn, given };
    });
  }

  #close(open: Token): void {
    if (!this.#isSign(')')) this.#fail(`the parenthesis opened at column ${open.column} was to be closed before`);
    this.#take();
  }

  #deeper(body: () => Formula): Formula {
    if (this.#depth >= DEEPEST) throw new FormulaError(`it is nested deeper than ${DEEPEST} levels`, this.#next.column);
    this.#depth++;
    try {
      return body();
    } finally {
      this.#depth--;
    }
  }

  #fail(expected: string): never {
    const { kind, text, column } = this.#next;
    throw new FormulaError(`${expected} ${kind === 'end' ? 'the end' : `"${text}"`}`, column);
  }
}

function binary({ text, column }: Token, left: Formula, right: Formula): Formula {
  const operator = text as FormulaOperator;
  if (left.kind === 'number' && right.kind === 'number') {
    return number(OPERATIONS[operator](left.value, right.value), column);
  }
  return { kind: 'binary', operator, left, right };
}

const OPERATIONS: Readonly<Record<FormulaOperator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
};

function number(value: number, column: number): Formula {
  if (!Number.isFinite(Math.fround(value))) throw new FormulaError(`this is ${value}, no finite number`, column);
  return { kind: 'number', value };
}

/**
 * The number that a formula is when each name is a number.
 * @throws FormulaError where a name has none, or where no finite number comes out
 */
export function evaluateFormula(formula: Formula, numberOf: (name: string, column: number) => number): number {
  const visit = (part: Formula): number => {
    switch (part.kind) {
      case 'number':
        return part.value;
      case 'name':
        return numberOf(part.name, part.column);
      case 'negate':
        return -visit(part.of);
      case 'binary':
        return OPERATIONS[part.operator](visit(part.left), visit(part.right));
      case 'call':
        return part.fn.evaluate(...part.given.map(visit));
    }
  };
  const value = visit(formula);
  if (!Number.isFinite(value)) throw new FormulaError(`this is ${value}, no finite number`, 1);
  return value;
}
