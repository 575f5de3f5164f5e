import { stridesOf } from '../../ir/shape.ts';
import type { DType } from '../../ir/types.ts';
import { type Access, term } from '../../kernels/access.ts';
import { type Expression, load, mapLeaves } from '../../kernels/expression.ts';
import type { ContractSpec, MapSpec } from '../../kernels/spec.ts';
import type { Compiled, KernelCompiler } from './kernelCache.ts';

/** How the products of a chunk lie in scratch memory. */
interface ProductLayout {
  /** Dims of the product's rows, of its columns and of its places, and the elements from one to the next. */
  readonly groups: readonly { readonly dims: readonly number[]; readonly unit: number }[];
  /** Extent of a dim within a chunk. */
  readonly inChunk: (dim: number) => number;
  /** Elements from one unit of the first output dim to the next, where it is in no group. */
  readonly firstStride: number | undefined;
}

/** The epilogue as a map over the output's dims that reads products from scratch; its range is the first output dim. */
export function epilogueMap(
  spec: ContractSpec,
  operands: readonly DType[],
  result: DType,
  compiler: KernelCompiler,
  { groups, inChunk, firstStride }: ProductLayout,
): { readonly run: Compiled['run']; readonly firstBytes: number } {
  const { output } = spec;
  // A product without output dims is one number: a dim of size 1 stands in.
  const dims = output.length === 0 ? [1] : output.map((dim) => spec.dims[dim]?.extent as number);
  const strides = new Map<number, number>();
  for (const group of groups) {
    const own = stridesOf(group.dims.map(inChunk));
    for (const [i, dim] of group.dims.entries()) strides.set(dim, (own[i] as number) * group.unit);
  }
  const [first] = output;
  if (first !== undefined && firstStride !== undefined) strides.set(first, firstStride);
  const moved = (read: Access): Access => ({
    ...read,
    axes: read.axes.map((axis) => ({
      ...axis,
      terms: axis.terms.map(({ dim, scale }) => term(output.indexOf(dim), scale)),
    })),
  });
  const product: Access = {
    operand: operands.length,
    outside: 0,
    axes: [
      {
        extent: 1,
        stride: 1,
        terms: output.map((dim, i) => term(i, strides.get(dim) as number)),
        offset: 0,
        divisor: 1,
        gather: undefined,
        checked: false,
      },
    ],
  };
  const value = mapLeaves(spec.epilogue, (leaf): Expression => {
    if (leaf.kind === 'stage') return load(spec.loads.length);
    if (leaf.kind === 'index') return { kind: 'index', dim: output.indexOf(leaf.dim) };
    return leaf;
  });
  const map: MapSpec = { kind: 'map', dims, loads: [...spec.loads.map(moved), product], outputs: [value] };
  const { run } = compiler.placedMap(map, [...operands, 'f32'], result, stridesOf(dims));
  return { run, firstBytes: first === undefined ? 0 : 4 * (strides.get(first) as number) };
}
