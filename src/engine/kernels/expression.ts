/**
 * Scalar expressions: what a kernel computes for one element. One tree is evaluated by the tests, printed as WGSL
 * and encoded as WASM SIMD, so all backends mean the same. Every node is a float32; comparisons give 1 or 0.
 */
export type UnaryFunction =
  | 'negate'
  | 'abs'
  | 'sign'
  | 'floor'
  | 'round'
  | 'sqrt'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'tanh'
  | 'sin'
  | 'cos'
  | 'erf'
  /** 1 for a finite number, else 0. */
  | 'isFinite';

/** `maximum` and `minimum` give NaN if either side is NaN, as torch.maximum does. `modulo` takes the divisor's sign. */
export type BinaryFunction =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'power'
  | 'maximum'
  | 'minimum'
  | 'modulo'
  | 'equal'
  | 'notEqual'
  | 'less'
  | 'lessEqual'
  | 'greater'
  | 'greaterEqual';

export type Expression =
  /** The value that `loads[load]` of the kernel's spec reads for this element. */
  | { readonly kind: 'load'; readonly load: number }
  | { readonly kind: 'constant'; readonly value: number }
  /** The loop index along a dimension of the spec. Exact below 2²⁴. */
  | { readonly kind: 'index'; readonly dim: number }
  /** Result of an earlier stage of a reduce, or the accumulator (stage 0) in a contract's epilogue. */
  | { readonly kind: 'stage'; readonly stage: number }
  | { readonly kind: 'unary'; readonly fn: UnaryFunction; readonly a: Expression }
  | { readonly kind: 'binary'; readonly fn: BinaryFunction; readonly a: Expression; readonly b: Expression }
  /** `condition ≠ 0 ? then : otherwise`; the branch not taken never shows, not even its NaN. */
  | {
      readonly kind: 'select';
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
  /**
   * Philox 4×32-10 uniform in [0, 1) with 24 bits. Word `i mod 4` of block `i div 4`, where i is the row-major
   * index over the spec's dims; counter = (block, stream, step, 0), key = (seed, 0x6772_6164).
   * `seed` and `step` are loads of the kernel (int32, read as their bits).
   */
  | { readonly kind: 'random'; readonly seed: number; readonly step: number; readonly stream: number };

export const load = (index: number): Expression => ({ kind: 'load', load: index });
export const constant = (value: number): Expression => ({ kind: 'constant', value });
export const index = (dim: number): Expression => ({ kind: 'index', dim });
export const stage = (number: number): Expression => ({ kind: 'stage', stage: number });
export const accumulator: Expression = stage(0);
export const unary = (fn: UnaryFunction, a: Expression): Expression => ({ kind: 'unary', fn, a });
export const binary = (fn: BinaryFunction, a: Expression, b: Expression): Expression => ({ kind: 'binary', fn, a, b });
export const select = (condition: Expression, then: Expression, otherwise: Expression): Expression => ({
  kind: 'select',
  condition,
  then,
  otherwise,
});
export const random = (seed: number, step: number, stream: number): Expression => ({
  kind: 'random',
  seed,
  step,
  stream,
});

export const add = (a: Expression, b: Expression): Expression => binary('add', a, b);
export const subtract = (a: Expression, b: Expression): Expression => binary('subtract', a, b);
export const multiply = (a: Expression, b: Expression): Expression => binary('multiply', a, b);
export const divide = (a: Expression, b: Expression): Expression => binary('divide', a, b);
export const negate = (a: Expression): Expression => unary('negate', a);
export const exp = (a: Expression): Expression => unary('exp', a);
export const log = (a: Expression): Expression => unary('log', a);
export const sqrt = (a: Expression): Expression => unary('sqrt', a);

/** Rebuilds a tree bottom-up; `replace` sees each leaf and may give another expression for it. */
export function mapLeaves(expression: Expression, replace: (leaf: Expression) => Expression): Expression {
  switch (expression.kind) {
    case 'load':
    case 'constant':
    case 'index':
    case 'stage':
    case 'random':
      return replace(expression);
    case 'unary':
      return unary(expression.fn, mapLeaves(expression.a, replace));
    case 'binary':
      return binary(expression.fn, mapLeaves(expression.a, replace), mapLeaves(expression.b, replace));
    case 'select':
      return select(
        mapLeaves(expression.condition, replace),
        mapLeaves(expression.then, replace),
        mapLeaves(expression.otherwise, replace),
      );
  }
}
