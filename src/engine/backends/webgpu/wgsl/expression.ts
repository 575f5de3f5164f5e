import type { BinaryFunction, Expression, UnaryFunction } from '../../../kernels/expression.ts';
import type { WgslFunctionName } from './functions.ts';
import type { Shader } from './shader.ts';

/** A load as WGSL: its value as f32, and the same as an integer (or the bits of a float). */
export interface LoadedValue {
  readonly value: string;
  /** An i32: what gathers and random numbers use. */
  readonly integer: string;
  readonly neverNan: boolean;
}

/** Where the leaves of an expression come from at one place in a kernel. */
export interface Leaves {
  load(load: number): LoadedValue;
  /** An i32. */
  index(dim: number): string;
  stage(stage: number): string;
  /** A u32: row-major index over the spec's dims. */
  linear(): string;
}

const comparisons: Partial<Record<BinaryFunction, string>> = {
  equal: '==',
  notEqual: '!=',
  less: '<',
  lessEqual: '<=',
  greater: '>',
  greaterEqual: '>=',
};
const operators: Partial<Record<BinaryFunction, string>> = { add: '+', subtract: '-', multiply: '*', divide: '/' };
type UnaryNames = Partial<Record<UnaryFunction, WgslFunctionName>>;

const unaryFunctions: UnaryNames = {
  sign: 'sign_of',
  exp: 'exp_of',
  expm1: 'expm1',
  log: 'log_of',
  log1p: 'log1p',
  tanh: 'tanh_of',
  erf: 'erf_of',
  isFinite: 'is_finite',
};

/** Prints expressions as statements of one block; equal parts are computed once. */
export class ExpressionPrinter {
  readonly #functions: UnaryNames;
  readonly #shader: Shader;
  readonly #lines: string[];
  readonly #leaves: Leaves;
  readonly #printed = new Map<Expression, string>();
  readonly #known = new Map<string, string>();
  readonly #neverNan = new Set<string>();

  /** `own` are functions that the kernel uses in place of the usual ones. */
  constructor(shader: Shader, lines: string[], leaves: Leaves, own: UnaryNames = {}) {
    this.#functions = { ...unaryFunctions, ...own };
    this.#shader = shader;
    this.#lines = lines;
    this.#leaves = leaves;
  }

  /** The f32 value of an expression: a name or a literal. */
  value(expression: Expression): string {
    const known = this.#printed.get(expression);
    if (known !== undefined) return known;
    const printed = this.#value(expression);
    this.#printed.set(expression, printed);
    return printed;
  }

  /** The integer of a load, exact where a float32 is not. */
  integer(load: number): string {
    return this.#leaves.load(load).integer;
  }

  #value(expression: Expression): string {
    switch (expression.kind) {
      case 'load': {
        const { value, neverNan } = this.#leaves.load(expression.load);
        if (neverNan) this.#neverNan.add(value);
        return value;
      }
      case 'constant':
        return this.#constant(expression.value);
      case 'index':
        return this.#name(`f32(${this.#leaves.index(expression.dim)})`, true);
      case 'stage':
        return this.#leaves.stage(expression.stage);
      case 'unary':
        return this.#unary(expression.fn, this.value(expression.a));
      case 'binary':
        return this.#binary(expression);
      case 'select': {
        const condition = this.#condition(expression.condition);
        const otherwise = this.value(expression.otherwise);
        return this.#name(`select(${otherwise}, ${this.value(expression.then)}, ${condition})`);
      }
      case 'random': {
        const seed = this.#leaves.load(expression.seed).integer;
        const step = this.#leaves.load(expression.step).integer;
        const call = this.#shader.call('random_uniform');
        const stream = `${expression.stream >>> 0}u`;
        return this.#name(`${call}(${this.#leaves.linear()}, ${stream}, u32(${seed}), u32(${step}))`, true);
      }
    }
  }

  #constant(value: number): string {
    const printed = this.#shader.constant(value);
    if (!Number.isNaN(value)) this.#neverNan.add(printed);
    return Number.isFinite(Math.fround(value)) ? printed : this.#name(printed, !Number.isNaN(value));
  }

  #unary(fn: UnaryFunction, a: string): string {
    if (fn === 'negate') return this.#name(`-${a}`, this.#neverNan.has(a));
    if (fn === 'sin' || fn === 'cos') {
      return this.#name(`${this.#shader.call('sine_quadrant')}(${a}, ${fn === 'sin' ? 0 : 1})`);
    }
    const written = this.#functions[fn];
    return this.#name(`${written ? this.#shader.call(written) : fn}(${a})`, fn === 'isFinite');
  }

  #binary(expression: Expression & { kind: 'binary' }): string {
    const { fn } = expression;
    if (comparisons[fn]) return this.#name(`select(0.0, 1.0, ${this.#condition(expression)})`, true);
    const a = this.value(expression.a);
    if (fn === 'power' && expression.b.kind === 'constant') {
      const simple = simplePower(a, expression.b.value);
      if (simple) return this.#name(simple);
    }
    const b = this.value(expression.b);
    const operator = operators[fn];
    if (operator) return this.#name(`${a} ${operator} ${b}`);
    if ((fn === 'maximum' || fn === 'minimum') && this.#neverNan.has(b)) {
      // Where one side is known to be a number, one test is enough.
      const builtin = fn === 'maximum' ? 'max' : 'min';
      if (this.#neverNan.has(a)) return this.#name(`${builtin}(${a}, ${b})`, true);
      return this.#name(`select(${builtin}(${a}, ${b}), ${a}, ${this.#shader.call('is_nan')}(${a}))`);
    }
    return this.#name(`${this.#shader.call(fn as WgslFunctionName)}(${a}, ${b})`);
  }

  /** A bool: `expression ≠ 0`, where NaN counts as not 0. */
  #condition(expression: Expression): string {
    const operator = expression.kind === 'binary' ? comparisons[expression.fn] : undefined;
    if (expression.kind !== 'binary' || operator === undefined) {
      return this.#name(`(bitcast<u32>(${this.value(expression)}) & 0x7fffffffu) != 0u`);
    }
    const a = this.value(expression.a);
    const b = this.value(expression.b);
    const unordered = [...new Set([a, b])]
      .filter((side) => !this.#neverNan.has(side))
      .map((side) => `${this.#shader.call('is_nan')}(${side})`);
    // `|` and `&` rather than `||` and `&&`: those are branches.
    const plain = `(${a} ${operator} ${b})`;
    if (unordered.length === 0) return this.#name(plain);
    return this.#name(
      expression.fn === 'notEqual' ? `${plain} | ${unordered.join(' | ')}` : `${plain} & !(${unordered.join(' | ')})`,
    );
  }

  #name(code: string, neverNan = false): string {
    const known = this.#known.get(code);
    if (known !== undefined) return known;
    const name = this.#shader.fresh('t');
    this.#lines.push(`let ${name} = ${code};`);
    this.#known.set(code, name);
    if (neverNan) this.#neverNan.add(name);
    return name;
  }
}

/** Powers by constants that are products, quotients or roots: exact for negative bases too. */
function simplePower(a: string, exponent: number): string | undefined {
  switch (exponent) {
    case 1:
      return a;
    case 2:
      return `${a} * ${a}`;
    case 3:
      return `${a} * ${a} * ${a}`;
    case 4:
      return `(${a} * ${a}) * (${a} * ${a})`;
    case -1:
      return `1.0 / ${a}`;
    case -2:
      return `1.0 / (${a} * ${a})`;
    case 0.5:
      return `sqrt(${a})`;
    default:
      return undefined;
  }
}
