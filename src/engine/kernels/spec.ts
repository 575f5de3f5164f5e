import type { Shape } from '../ir/types.ts';
import type { Access } from './access.ts';
import type { Expression } from './expression.ts';

/**
 * The few shapes of kernel. A spec says what is computed, never how: each backend has one implementation per kind,
 * specialised to the constants in the spec. Operands are the kernel's input tensors by number, all contiguous.
 * Specs hold plain data only, so `exactKey` of one is a cache key.
 */
export type KernelSpec = MapSpec | ReduceSpec | ContractSpec | ScanSpec;

/** Pointwise work over `dims`: output k is a contiguous tensor of shape `dims` holding `outputs[k]` of each element. */
export interface MapSpec {
  readonly kind: 'map';
  readonly dims: Shape;
  readonly loads: readonly Access[];
  readonly outputs: readonly Expression[];
}

export type Combine = 'sum' | 'product' | 'maximum' | 'minimum' | 'argmax' | 'argmin';

/**
 * Reductions over the last `inner` of the dims, for each index of the outer ones. Stages run in order, each over all
 * inner elements, and later stages and the outputs may use the results of earlier ones (softmax: maximum, then sum of
 * exp, then the quotient). `argmax` and `argmin` give the row-major inner index of the first best element; NaN wins.
 */
export interface ReduceSpec {
  readonly kind: 'reduce';
  /** Outer dims first, then inner ones. */
  readonly dims: Shape;
  /** How many of the last dims are reduced. */
  readonly inner: number;
  readonly loads: readonly Access[];
  readonly stages: readonly { readonly combine: Combine; readonly value: Expression }[];
  /**
   * `outer`: one element per outer index, from stages and loads that do not depend on inner dims.
   * `all`: one element per outer and inner index. Each is a contiguous tensor whose axes are the dims listed in
   * `order`, outermost first (the outer dims for `outer`, every dim for `all`).
   */
  readonly outputs: readonly {
    readonly over: 'outer' | 'all';
    readonly order: readonly number[];
    readonly value: Expression;
  }[];
}

export type ContractRole = 'batch' | 'm' | 'n' | 'k';

/**
 * Sum of products: `out[…] = epilogue(Σ_k a·b)`. Linear, batched matrix products and all three products of a
 * convolution are this, with different reads (implicit GEMM). `a` depends on batch, m and k dims, `b` on batch, n and k.
 */
export interface ContractSpec {
  readonly kind: 'contract';
  readonly dims: readonly { readonly extent: number; readonly role: ContractRole }[];
  readonly a: Access;
  readonly b: Access;
  /** The dims of the (contiguous) output, outermost first: all of role batch, m and n, in any order. */
  readonly output: readonly number[];
  /** Reads that the epilogue uses, over the same dims; they do not depend on k dims. */
  readonly loads: readonly Access[];
  /** `accumulator` (stage 0) is the sum. */
  readonly epilogue: Expression;
}

/**
 * A recurrence over steps, for rows that do not depend on each other. Each step is a product of what the step before
 * gave with a matrix, Σ_k fed(row, k)·weight(k, column), and then scalar work for each unit of the row: a recurrent
 * cell, or the way back through one, whose steps run the other way round.
 *
 * What is fed back is the first result. Stages of the expressions, all 0 at the first step:
 * - `groups` products of the unit: product g is the one of column `g·units + unit`;
 * - the unit's values of the first result at the step before, one each;
 * - the unit's `carried` values of the step before.
 */
export interface ScanSpec {
  readonly kind: 'scan';
  /** Steps, rows, units. */
  readonly dims: readonly [number, number, number];
  /** Whether the last step comes first. */
  readonly reverse: boolean;
  /** Over two dims of its own: what is fed (values of the first result × units), and columns (groups × units). */
  readonly weight: Access;
  readonly groups: number;
  /** Over steps, rows and units. */
  readonly loads: readonly Access[];
  /** What a unit keeps for its next step, beside the first result. */
  readonly carried: readonly Expression[];
  /**
   * `steps`: contiguous `[steps, rows, values·units]`, value v of a unit in column `v·units + unit`; `end`: what the
   * last step gives, `[rows, values·units]`. The first is over steps.
   */
  readonly results: readonly { readonly over: 'steps' | 'end'; readonly values: readonly Expression[] }[];
}

/** The matrix of a scan as its `weight` sees it: rows that are fed, and columns. */
export function scanSizes({ dims, groups, results }: ScanSpec): { readonly fed: number; readonly columns: number } {
  const [, , units] = dims;
  return { fed: (results[0]?.values.length ?? 0) * units, columns: groups * units };
}

/**
 * How an op becomes device work: a kernel, or no work where the memory plan allows it.
 * `alias`: output k is the first input's bytes from `offsets[k]` elements on, seen as another shape.
 * `pack`: the inputs side by side in one flat float32 buffer, input k from `offsets[k]` elements on, zeros between.
 */
export type Lowering =
  | KernelSpec
  | { readonly kind: 'alias'; readonly offsets: readonly number[] }
  | { readonly kind: 'pack'; readonly offsets: readonly number[] };
