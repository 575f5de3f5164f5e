import { sizeOf, stridesOf } from '../ir/shape.ts';
import { asStrided } from '../kernels/access.ts';
import { binary, type Expression, mapLeaves, select, unary } from '../kernels/expression.ts';
import type { KernelNode, Operand } from './kernelGraph.ts';
import type { Rule } from './rules.ts';

/** Lets the readers of one map that only copies read what it copies; undefined if there is none but `kept` values. */
export function withoutCopy(nodes: readonly KernelNode[], kept: ReadonlySet<number>, from: number): ReturnType<Rule> {
  for (let at = from; at < nodes.length; at++) {
    const node = nodes[at] as KernelNode;
    const id = node.results[0]?.id as number;
    const source = kept.has(id) ? undefined : copiedBy(node);
    if (!source) continue;
    const rest = nodes.flatMap((reader, i) => {
      if (i === at) return [];
      if (!reader.operands.some(({ root }) => root === id)) return [reader];
      const operands = reader.operands.map((operand) =>
        operand.root === id ? { ...operand, root: source.root, offset: source.offset + operand.offset } : operand,
      );
      return [{ ...reader, operands }];
    });
    return { nodes: rest, at };
  }
  return undefined;
}

/** What a map copies element by element, if that is all it does. */
function copiedBy({ spec, operands, results }: KernelNode): Operand | undefined {
  if (spec.kind !== 'map' || spec.outputs.length !== 1) return undefined;
  const value = simplified(spec.outputs[0] as Expression);
  if (value.kind !== 'load') return undefined;
  const read = spec.loads[value.load];
  const source = read && operands[read.operand];
  const strided = read && asStrided(read, spec.dims.length);
  if (!source || !strided || strided.offset !== 0 || source.type.dtype !== results[0]?.type.dtype) return undefined;
  const identity = stridesOf(spec.dims);
  const straight = spec.dims.every((extent, dim) => extent === 1 || strided.strides[dim] === identity[dim]);
  return straight && sizeOf(source.type.shape) === sizeOf(spec.dims) ? source : undefined;
}

/** The same value, bit for bit, without factors and divisors of 1. */
export function simplified(expression: Expression): Expression {
  switch (expression.kind) {
    case 'unary':
      return unary(expression.fn, simplified(expression.a));
    case 'binary': {
      const a = simplified(expression.a);
      const b = simplified(expression.b);
      if ((expression.fn === 'multiply' || expression.fn === 'divide') && isOne(b)) return a;
      if (expression.fn === 'multiply' && isOne(a)) return b;
      return binary(expression.fn, a, b);
    }
    case 'select':
      return select(simplified(expression.condition), simplified(expression.then), simplified(expression.otherwise));
    default:
      return mapLeaves(expression, (leaf) => leaf);
  }
}

function isOne(expression: Expression): boolean {
  return expression.kind === 'constant' && expression.value === 1;
}
