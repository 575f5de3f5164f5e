import type { TensorType } from '../ir/types.ts';
import type { KernelSpec } from '../kernels/spec.ts';

/** A block of device memory in a schedule. */
export type Slot =
  /** The caller's buffer of that name. */
  | { readonly kind: 'bound'; readonly name: string; readonly type: TensorType }
  /** Planned intermediate memory, reused by values whose lives do not overlap. */
  | { readonly kind: 'arena'; readonly bytes: number };

/** Where a tensor lives. `byteOffset` is a multiple of 256. */
export interface Location {
  readonly slot: number;
  readonly byteOffset: number;
  readonly type: TensorType;
}

/** One launch of a kernel. A result may be the same location as an operand that is read at the same index only. */
export interface KernelCall {
  readonly spec: KernelSpec;
  readonly operands: readonly Location[];
  readonly results: readonly Location[];
  /** Names of the ops in it, for people: `convolution+add+relu`. */
  readonly label: string;
  /** Canvas nodes whose work it does, the one with most of it first. */
  readonly origins: readonly string[];
}

/** A program as device work in order: what a backend compiles. */
export interface Schedule {
  readonly slots: readonly Slot[];
  readonly calls: readonly KernelCall[];
}
