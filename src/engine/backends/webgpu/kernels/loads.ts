import type { Access } from '../../../kernels/access.ts';
import type { Storage } from '../bindings.ts';
import type { Leaves, LoadedValue } from '../wgsl/expression.ts';
import { type LoadPlace, printLoad } from '../wgsl/load.ts';

/** The leaves of a kernel's expressions at one place in its code; each load is printed at its first use, once. */
export function loadsAt(
  loads: readonly Access[],
  operands: readonly Storage[],
  place: Omit<LoadPlace, 'integer'>,
  other: {
    readonly linear?: () => string;
    readonly stage?: (stage: number) => string;
    /** Leaves of an enclosing block, and which loads are the same all through this one. */
    readonly outer?: { readonly leaves: Leaves; has(load: number): boolean };
  } = {},
): Leaves {
  const known = new Map<number, LoadedValue>();
  const leaves: Leaves = {
    load: (number) => {
      if (other.outer?.has(number)) return other.outer.leaves.load(number);
      const before = known.get(number);
      if (before) return before;
      const read = loads[number] as Access;
      const integer = (gather: number): string => leaves.load(gather).integer;
      const value = printLoad({ ...place, integer }, read, operands[read.operand] as Storage);
      known.set(number, value);
      return value;
    },
    index: (dim) => place.indices.of(dim),
    stage: (stage) => {
      if (!other.stage) throw new Error(`stage ${stage} is used where there is none`);
      return other.stage(stage);
    },
    linear: () => {
      if (!other.linear) throw new Error('random numbers are used where elements have no number');
      return other.linear();
    },
  };
  return leaves;
}
