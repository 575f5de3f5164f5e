import type { Emitter } from '../../../ir/emitter.ts';
import type { Value } from '../../../ir/types.ts';
import { erf } from '../../../kernels/erf.ts';

/** A function that formulas may call. */
export interface FormulaFunction {
  readonly name: string;
  /** How many arguments. */
  readonly takes: number;
  /** Of plain numbers: parts of a formula that consist of numbers are computed once. */
  evaluate(...given: number[]): number;
  lower(emit: Emitter, ...given: Value[]): Value;
  /** Names of the functions in PyTorch and Keras, where those are called in the same way. */
  readonly pytorch: string;
  readonly keras: string;
}

export const FORMULA_CONSTANTS: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** A function of one number that is an op, called the same in all places unless said otherwise. */
function unary(
  name:
    | 'exp'
    | 'log'
    | 'sqrt'
    | 'abs'
    | 'sin'
    | 'cos'
    | 'tanh'
    | 'sigmoid'
    | 'sign'
    | 'square'
    | 'erf'
    | 'relu'
    | 'softplus'
    | 'silu'
    | 'gelu',
  evaluate: (x: number) => number,
  { pytorch = `torch.${name}`, keras = `ops.${name}` }: { readonly pytorch?: string; readonly keras?: string } = {},
): FormulaFunction {
  return { name, takes: 1, evaluate, lower: (emit, x) => emit.op(name, [x]), pytorch, keras };
}

const FUNCTIONS: readonly FormulaFunction[] = [
  unary('exp', Math.exp),
  unary('log', Math.log),
  unary('sqrt', Math.sqrt),
  unary('square', (x) => x * x),
  unary('abs', Math.abs),
  unary('sign', Math.sign),
  unary('sin', Math.sin),
  unary('cos', Math.cos),
  unary('tanh', Math.tanh),
  unary('erf', erf),
  unary('sigmoid', sigmoid),
  unary('softplus', softplus, { pytorch: 'F.softplus' }),
  unary('relu', (x) => Math.max(x, 0)),
  unary('silu', (x) => x * sigmoid(x), { pytorch: 'F.silu' }),
  unary('gelu', (x) => (x * (1 + erf(x / Math.SQRT2))) / 2, { pytorch: 'F.gelu' }),
  {
    name: 'max',
    takes: 2,
    evaluate: Math.max,
    lower: (emit, a, b) => emit.op('maximum', [a, b]),
    pytorch: 'torch.maximum',
    keras: 'ops.maximum',
  },
  {
    name: 'min',
    takes: 2,
    evaluate: Math.min,
    lower: (emit, a, b) => emit.op('minimum', [a, b]),
    pytorch: 'torch.minimum',
    keras: 'ops.minimum',
  },
  {
    name: 'where',
    takes: 3,
    evaluate: (condition, then, otherwise) => (condition !== 0 ? then! : otherwise!),
    lower: (emit, condition, then, otherwise) => emit.op('select', [condition, then, otherwise]),
    pytorch: 'torch.where',
    keras: 'ops.where',
  },
];

export function formulaFunction(name: string): FormulaFunction | undefined {
  return FUNCTIONS.find((fn) => fn.name === name);
}

export function formulaFunctions(): readonly FormulaFunction[] {
  return FUNCTIONS;
}
