import type { Expression, UnaryFunction } from '../../kernels/expression.ts';
import { type FunctionBuilder, V128 } from './assembler.ts';
import type { MathCalls, MathName } from './mathFunctions.ts';

/** What an expression needs from the kernel around it. Each leaves a vector of four float32 on the stack. */
export interface Leaves {
  load(load: number): void;
  index(dim: number): void;
  stage(stage: number): void;
  random(expression: Expression & { kind: 'random' }): void;
}

/** Code for functions that a kernel writes out in place of a call; each replaces the vector on the stack by its value. */
export type InlineMath = Partial<Record<MathName, () => void>>;

/**
 * Encodes expressions as SIMD code; each leaves its four values in a local, of the list that is returned. A subtree that
 * occurs more than once, in one expression or in several, is computed once.
 */
export function emitExpressions(
  f: FunctionBuilder,
  expressions: readonly Expression[],
  leaves: Leaves,
  math: MathCalls,
  inline: InlineMath = {},
): number[] {
  const counts = new Map<string, number>();
  const keys = new Map<Expression, string>();
  for (const expression of expressions) count(expression, counts, keys);
  const known = new Map<string, number>();
  const emit = (node: Expression): void => {
    const key = keys.get(node) as string;
    const shared = node.kind !== 'constant' && (counts.get(key) as number) > 1;
    const local = shared ? known.get(key) : undefined;
    if (local !== undefined) {
      f.get(local);
      return;
    }
    emitNode(f, node, emit, leaves, math, inline);
    if (shared) {
      const made = f.local(V128);
      known.set(key, made);
      f.tee(made);
    }
  };
  return expressions.map((expression) => {
    const local = f.local(V128);
    emit(expression);
    f.set(local);
    return local;
  });
}

function count(node: Expression, counts: Map<string, number>, keys: Map<Expression, string>): string {
  const key = keyOf(node, (child) => count(child, counts, keys));
  keys.set(node, key);
  counts.set(key, (counts.get(key) ?? 0) + 1);
  return key;
}

function keyOf(node: Expression, child: (node: Expression) => string): string {
  switch (node.kind) {
    case 'unary':
      return `${node.fn}(${child(node.a)})`;
    case 'binary':
      return `${node.fn}(${child(node.a)},${child(node.b)})`;
    case 'select':
      return `select(${child(node.condition)},${child(node.then)},${child(node.otherwise)})`;
    case 'constant':
      return Object.is(node.value, -0) ? '-0' : String(node.value);
    default:
      return JSON.stringify(node);
  }
}

const COMPARISONS = {
  equal: 'f32x4.eq',
  notEqual: 'f32x4.ne',
  less: 'f32x4.lt',
  lessEqual: 'f32x4.le',
  greater: 'f32x4.gt',
  greaterEqual: 'f32x4.ge',
} as const;

const ARITHMETIC = {
  add: 'f32x4.add',
  subtract: 'f32x4.sub',
  multiply: 'f32x4.mul',
  divide: 'f32x4.div',
  // Both give NaN if either side is NaN.
  maximum: 'f32x4.max',
  minimum: 'f32x4.min',
} as const;

function emitNode(
  f: FunctionBuilder,
  node: Expression,
  emit: (node: Expression) => void,
  leaves: Leaves,
  math: MathCalls,
  inline: InlineMath,
): void {
  switch (node.kind) {
    case 'load':
      leaves.load(node.load);
      return;
    case 'index':
      leaves.index(node.dim);
      return;
    case 'stage':
      leaves.stage(node.stage);
      return;
    case 'random':
      leaves.random(node);
      return;
    case 'constant':
      f.splat(node.value);
      return;
    case 'unary':
      emit(node.a);
      emitUnary(f, node.fn, math, inline);
      return;
    case 'select':
      emit(node.then);
      emit(node.otherwise);
      emitMask(f, node.condition, emit);
      f.emit('v128.bitselect');
      return;
    case 'binary': {
      const { fn } = node;
      const bound = fn === 'maximum' || fn === 'minimum' ? boundOf(node.a, node.b) : undefined;
      if (bound) {
        emit(bound.value);
        f.splat(bound.constant).emit(fn === 'maximum' ? 'f32x4.pmax' : 'f32x4.pmin');
        // Of two zeros that gives the value: 0 is larger than −0.
        if (fn === 'maximum' && bound.constant === 0) f.splat(0).emit('f32x4.add');
      } else if (fn in ARITHMETIC) {
        emit(node.a);
        emit(node.b);
        f.emit(ARITHMETIC[fn as keyof typeof ARITHMETIC]);
      } else if (fn === 'power') {
        emit(node.a);
        emit(node.b);
        f.call(math('power'));
      } else if (fn === 'modulo') {
        const [a, b] = [f.local(V128), f.local(V128)];
        emit(node.a);
        f.set(a);
        emit(node.b);
        f.set(b);
        f.get(a).get(b).get(a).get(b).emit('f32x4.div', 'f32x4.floor', 'f32x4.mul', 'f32x4.sub');
      } else {
        emitMask(f, node, emit);
        f.splat(1).emit('v128.and');
      }
    }
  }
}

/**
 * The value and the constant of which a larger or smaller one is wanted (ReLU): one comparison then, which gives the value
 * if that is NaN, where the maximum of any two numbers takes eight instructions on x86. Not for −0 as a constant.
 */
function boundOf(a: Expression, b: Expression): { value: Expression; constant: number } | undefined {
  const [value, bound] = a.kind === 'constant' ? [b, a] : [a, b];
  if (bound.kind !== 'constant' || Number.isNaN(bound.value) || Object.is(bound.value, -0)) return undefined;
  return { value, constant: bound.value };
}

/** All bits of a lane set where the condition is not 0. A comparison gives its mask directly. */
function emitMask(f: FunctionBuilder, condition: Expression, emit: (node: Expression) => void): void {
  if (condition.kind === 'binary' && condition.fn in COMPARISONS) {
    emit(condition.a);
    emit(condition.b);
    f.emit(COMPARISONS[condition.fn as keyof typeof COMPARISONS]);
  } else {
    emit(condition);
    f.splat(0).emit('f32x4.ne');
  }
}

function emitUnary(f: FunctionBuilder, fn: UnaryFunction, math: MathCalls, inline: InlineMath): void {
  switch (fn) {
    case 'negate':
      f.emit('f32x4.neg');
      return;
    case 'abs':
      f.emit('f32x4.abs');
      return;
    case 'sqrt':
      f.emit('f32x4.sqrt');
      return;
    case 'floor':
      f.emit('f32x4.floor');
      return;
    case 'round':
      f.emit('f32x4.nearest');
      return;
    case 'isFinite':
      f.emit('f32x4.abs').splat(Number.POSITIVE_INFINITY).emit('f32x4.lt').splat(1).emit('v128.and');
      return;
    case 'sign': {
      // 1 with the sign of x; 0 and NaN stay what they are.
      const x = f.local(V128);
      f.tee(x).splatBits(-0x80000000).emit('v128.and').splat(1).emit('v128.or').get(x);
      f.get(x).emit('f32x4.abs').splat(0).emit('f32x4.gt', 'v128.bitselect');
      return;
    }
    default: {
      const own = inline[fn];
      if (own) own();
      else f.call(math(fn));
    }
  }
}
