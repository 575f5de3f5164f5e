import { exactKey } from '../../ir/exactKey.ts';
import type { Shape } from '../../ir/types.ts';
import { type Access, term } from '../../kernels/access.ts';
import { binary, type Expression, load, mapLeaves, select, unary } from '../../kernels/expression.ts';
import type { ReduceSpec } from '../../kernels/spec.ts';

/** Elements of a stage that wait where an output goes, until that is made of them. */
export interface KeptElements {
  readonly stage: number;
  readonly output: number;
}

interface Keeping {
  readonly spec: ReduceSpec;
  readonly kept: KeptElements | undefined;
}

/**
 * A reduce whose last stage sums what its only output needs again for each element, where that takes an exp: softmax. The
 * elements are kept in the output, which then reads them there (as operand number `result`) and nothing else, since an
 * operand may lie in the same memory.
 */
export function keepElements(spec: ReduceSpec, places: readonly (readonly number[])[], result: number): Keeping {
  const stage = spec.stages.length - 1;
  const [output, ...others] = spec.outputs;
  const value = spec.stages[stage]?.value;
  if (!value || !output || output.over !== 'all' || others.length > 0 || !takesExp(value))
    return { spec, kept: undefined };
  const read = placeAsLoad(places[0] as readonly number[], spec.dims, result);
  const made = replaced(output.value, exactKey(value), load(spec.loads.length));
  if (!made || readsBefore(made, spec.loads.length)) return { spec, kept: undefined };
  return {
    spec: { ...spec, loads: [...spec.loads, read], outputs: [{ ...output, value: made }] },
    kept: { stage, output: 0 },
  };
}

/** The read of a result that lies by such strides. */
function placeAsLoad(strides: readonly number[], dims: Shape, result: number): Access {
  const axes = dims.map((extent, dim) => ({
    extent,
    stride: strides[dim] as number,
    terms: [term(dim)],
    offset: 0,
    divisor: 1,
    gather: undefined,
    checked: false,
  }));
  return { operand: result, axes, outside: 0 };
}

function takesExp(value: Expression): boolean {
  switch (value.kind) {
    case 'unary':
      return value.fn === 'exp' || takesExp(value.a);
    case 'binary':
      return takesExp(value.a) || takesExp(value.b);
    case 'select':
      return [value.condition, value.then, value.otherwise].some(takesExp);
    default:
      return false;
  }
}

/** Whether anything but the load of this number is read, an index or a random number used. */
function readsBefore(value: Expression, number: number): boolean {
  let found = false;
  mapLeaves(value, (leaf) => {
    if (leaf.kind === 'random' || (leaf.kind === 'load' && leaf.load !== number)) found = true;
    return leaf;
  });
  return found;
}

/** The expression with what has this key replaced; undefined if nothing has. */
function replaced(value: Expression, key: string, by: Expression): Expression | undefined {
  let found = false;
  const walk = (node: Expression): Expression => {
    if (exactKey(node) === key) {
      found = true;
      return by;
    }
    switch (node.kind) {
      case 'unary':
        return unary(node.fn, walk(node.a));
      case 'binary':
        return binary(node.fn, walk(node.a), walk(node.b));
      case 'select':
        return select(walk(node.condition), walk(node.then), walk(node.otherwise));
      default:
        return node;
    }
  };
  const made = walk(value);
  return found ? made : undefined;
}
