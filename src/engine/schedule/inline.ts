import type { Access, AccessAxis, AccessTerm } from '../kernels/access.ts';
import { add, constant, type Expression, index, mapLeaves, multiply } from '../kernels/expression.ts';
import type { MapSpec } from '../kernels/spec.ts';

/** An index as `offset + Σ scale·dim`: one axis of an affine read. */
export interface Affine {
  readonly terms: readonly AccessTerm[];
  readonly offset: number;
}

/** The index of each axis of a read, or undefined if it tests bounds, divides or gathers. */
export function affineIndices(read: Access): readonly Affine[] | undefined {
  if (read.axes.some((axis) => axis.checked)) return undefined;
  return read.axes.map(({ terms, offset }) => ({ terms, offset }));
}

/**
 * The expression of a map's only output as seen from a consumer that reads it at `at` (one affine index a dim of the
 * map), with the map's loads rewritten over the consumer's dims and numbered from `firstLoad`.
 */
export function inlineMap(
  producer: MapSpec,
  at: readonly Affine[],
  firstLoad: number,
  operandOf: (operand: number) => number,
): { readonly value: Expression; readonly loads: readonly Access[] } {
  const loads = producer.loads.map((read) => ({
    ...read,
    operand: operandOf(read.operand),
    axes: read.axes.map((axis) => composeAxis(axis, at, firstLoad)),
  }));
  const value = mapLeaves(producer.outputs[0] as Expression, (leaf) => {
    switch (leaf.kind) {
      case 'load':
        return { kind: 'load', load: leaf.load + firstLoad };
      case 'random':
        return { ...leaf, seed: leaf.seed + firstLoad, step: leaf.step + firstLoad };
      case 'index':
        return affineExpression(at[leaf.dim] as Affine);
      default:
        return leaf;
    }
  });
  return { value, loads };
}

function composeAxis(axis: AccessAxis, at: readonly Affine[], firstLoad: number): AccessAxis {
  let offset = axis.offset;
  const scales = new Map<number, number>();
  for (const { dim, scale } of axis.terms) {
    const inner = at[dim] as Affine;
    offset += scale * inner.offset;
    for (const term of inner.terms) scales.set(term.dim, (scales.get(term.dim) ?? 0) + scale * term.scale);
  }
  const terms = [...scales].filter(([, scale]) => scale !== 0).map(([dim, scale]) => ({ dim, scale }));
  return { ...axis, offset, terms, gather: axis.gather === undefined ? undefined : axis.gather + firstLoad };
}

function affineExpression({ terms, offset }: Affine): Expression {
  const parts = terms.map(({ dim, scale }) => (scale === 1 ? index(dim) : multiply(index(dim), constant(scale))));
  if (offset !== 0 || parts.length === 0) parts.push(constant(offset));
  return parts.reduce(add);
}

/** What an expression costs, in simple operations; functions that take long count as eight. */
export function costOf(expression: Expression): number {
  switch (expression.kind) {
    case 'load':
    case 'constant':
    case 'index':
    case 'stage':
      return 0;
    case 'random':
      return 40;
    case 'unary':
      return (['negate', 'abs', 'sign', 'floor', 'round'].includes(expression.fn) ? 1 : 8) + costOf(expression.a);
    case 'binary':
      return (expression.fn === 'power' ? 16 : 1) + costOf(expression.a) + costOf(expression.b);
    case 'select':
      return 1 + costOf(expression.condition) + costOf(expression.then) + costOf(expression.otherwise);
  }
}

/** What several expressions cost together: a part that they share, the same object, counts once. */
export function costOfAll(expressions: readonly Expression[]): number {
  const seen = new Set<Expression>();
  const visit = (node: Expression): number => {
    if (seen.has(node)) return 0;
    seen.add(node);
    switch (node.kind) {
      case 'unary':
        return costOf({ ...node, a: FREE }) + visit(node.a);
      case 'binary':
        return costOf({ ...node, a: FREE, b: FREE }) + visit(node.a) + visit(node.b);
      case 'select':
        return 1 + visit(node.condition) + visit(node.then) + visit(node.otherwise);
      default:
        return costOf(node);
    }
  };
  return expressions.reduce((sum, node) => sum + visit(node), 0);
}

const FREE = constant(0);

export function usesRandom(expression: Expression): boolean {
  let found = false;
  mapLeaves(expression, (leaf) => {
    if (leaf.kind === 'random') found = true;
    return leaf;
  });
  return found;
}
