import { stridesOf } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';

/** `scale × loop index of dim`, one summand of a tensor index. */
export interface AccessTerm {
  readonly dim: number;
  readonly scale: number;
}

/**
 * How one axis of a tensor is indexed from the loop indices of a kernel:
 * `i = (Σ scale·index(dim) + offset [+ ids]) / divisor`, valid where the division is exact and 0 ≤ i < extent.
 */
export interface AccessAxis {
  readonly extent: number;
  /** Distance in elements between neighbours along this axis. */
  readonly stride: number;
  readonly terms: readonly AccessTerm[];
  readonly offset: number;
  readonly divisor: number;
  /** Number of an earlier load in the spec whose (integer) value is added to the sum: a gather. */
  readonly gather: number | undefined;
  /** False where the index is known to lie inside, so that no backend tests it. */
  readonly checked: boolean;
}

/** One read of an operand. An index outside of the tensor reads `outside` instead. */
export interface Access {
  /** Which operand of the kernel. */
  readonly operand: number;
  readonly axes: readonly AccessAxis[];
  readonly outside: number;
}

export interface AxisSpec {
  readonly terms: readonly AccessTerm[];
  readonly offset?: number;
  readonly divisor?: number;
  readonly gather?: number;
}

/** The loop index of `dim`, times `scale`. */
export const term = (dim: number, scale = 1): AccessTerm => ({ dim, scale });

/** Describes a read of a contiguous tensor of `shape`; axes that can leave the tensor are found from `dims`. */
export function access(operand: number, shape: Shape, dims: Shape, axes: readonly AxisSpec[], outside = 0): Access {
  if (axes.length !== shape.length) throw new RangeError(`access needs ${shape.length} axes, got ${axes.length}`);
  const strides = stridesOf(shape);
  return {
    operand,
    outside,
    axes: axes.map((axis, i) => {
      const extent = shape[i] as number;
      const offset = axis.offset ?? 0;
      const divisor = axis.divisor ?? 1;
      let low = offset;
      let high = offset;
      for (const { dim, scale } of axis.terms) {
        const reach = scale * ((dims[dim] as number) - 1);
        if (reach < 0) low += reach;
        else high += reach;
      }
      const inside = low >= 0 && high < extent * divisor;
      return {
        extent,
        stride: strides[i] as number,
        terms: axis.terms,
        offset,
        divisor,
        gather: axis.gather,
        checked: divisor !== 1 || axis.gather !== undefined || !inside,
      };
    }),
  };
}

/** Reads a tensor of `shape` as if it were broadcast to `dims` (NumPy's rule). */
export function broadcastAccess(operand: number, shape: Shape, dims: Shape): Access {
  const lead = dims.length - shape.length;
  return access(
    operand,
    shape,
    dims,
    shape.map((extent, i) => ({ terms: extent === 1 ? [] : [term(lead + i)] })),
  );
}

/** A read that is only strides over the loop indices: no test, no division, no gather. */
export interface StridedAccess {
  readonly offset: number;
  /** One stride in elements per loop dimension; 0 where the read does not depend on it. */
  readonly strides: readonly number[];
}

/** The strided form of a read, or undefined if it has tests, divisions or gathers. */
export function asStrided(read: Access, rank: number): StridedAccess | undefined {
  let offset = 0;
  const strides = new Array<number>(rank).fill(0);
  for (const axis of read.axes) {
    if (axis.checked) return undefined;
    offset += axis.offset * axis.stride;
    for (const { dim, scale } of axis.terms) strides[dim] = (strides[dim] as number) + scale * axis.stride;
  }
  return { offset, strides };
}
