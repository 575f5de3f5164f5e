import { stridesOf } from '../../ir/shape.ts';
import type { DType } from '../../ir/types.ts';
import { type Access, term } from '../../kernels/access.ts';
import { add, type Expression, load, mapLeaves } from '../../kernels/expression.ts';
import type { ContractSpec, MapSpec } from '../../kernels/spec.ts';
import type { Compiled } from './code.ts';
import type { KernelCompiler } from './kernelCache.ts';

/** How the products of a chunk lie in scratch memory. */
interface ProductLayout {
  /** Dims of the product's rows, of its columns and of its places, and the elements from one to the next. */
  readonly groups: readonly { readonly dims: readonly number[]; readonly unit: number }[];
  /** Extent of a dim within a chunk. */
  readonly inChunk: (dim: number) => number;
  /** Elements from one unit of the first output dim to the next, where it is in no group. */
  readonly firstStride: number | undefined;
  /** How many parts of the sum there are, and the elements from one to the next. */
  readonly slices: number;
  readonly sliceStride: number;
}

/**
 * The epilogue as a map over the output's dims that reads products from scratch, behind the operands; its range is the
 * first output dim.
 */
export function epilogueMap(
  spec: ContractSpec,
  operands: readonly DType[],
  result: DType,
  compiler: KernelCompiler,
  { groups, inChunk, firstStride, slices, sliceStride }: ProductLayout,
): { readonly map: Compiled; readonly firstBytes: number } {
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
  const product = (slice: number): Access => ({
    operand: operands.length,
    outside: 0,
    axes: [
      {
        extent: 1,
        stride: 1,
        terms: output.map((dim, i) => term(i, strides.get(dim) as number)),
        offset: slice * sliceStride,
        divisor: 1,
        gather: undefined,
        checked: false,
      },
    ],
  });
  const products = Array.from({ length: slices }, (_, slice) => product(slice));
  const sum = products.map((_, slice) => load(spec.loads.length + slice)).reduce((all, slice) => add(all, slice));
  const value = mapLeaves(spec.epilogue, (leaf): Expression => {
    if (leaf.kind === 'stage') return sum;
    if (leaf.kind === 'index') return { kind: 'index', dim: output.indexOf(leaf.dim) };
    return leaf;
  });
  const map: MapSpec = { kind: 'map', dims, loads: [...spec.loads.map(moved), ...products], outputs: [value] };
  const compiled = compiler.placedMap(map, [...operands, 'f32'], result, stridesOf(dims));
  return { map: compiled, firstBytes: first === undefined ? 0 : 4 * (strides.get(first) as number) };
}
