import type { Shape } from '../../ir/types.ts';
import { type Access, asStrided } from '../../kernels/access.ts';
import { type Expression, mapLeaves } from '../../kernels/expression.ts';

/** Loops with all that is indexed by them. */
export interface Loops {
  readonly dims: Shape;
  readonly loads: readonly Access[];
  /** Element strides of each result, one a dim. */
  readonly places: readonly (readonly number[])[];
}

/**
 * Drops dims of size 1 and merges neighbours where every read and every result runs on from one to the next, so that
 * inner loops are long. Dims before and after a number in `borders` stay apart, and border 1 keeps the first dim whatever
 * its size. Loops whose index is used, or whose reads have tests, stay as they are.
 */
export function collapse(
  loops: Loops,
  values: readonly Expression[],
  borders: readonly number[],
): Loops & {
  /** The dim that each one that is left began as. */
  readonly origins: readonly number[];
} {
  const { dims, loads, places } = loops;
  const strided = loads.map((read) => asStrided(read, dims.length));
  if (usesIndex(values) || strided.some((read) => read === undefined)) {
    return { ...loops, origins: dims.map((_, dim) => dim) };
  }
  const all = [...strided.map((read) => read?.strides as readonly number[]), ...places];
  const merged: { extent: number; first: number; strides: number[] }[] = [];
  for (const [dim, extent] of dims.entries()) {
    const border = borders.some((own) => merged.length > 0 && (merged.at(-1)?.first as number) < own && dim >= own);
    const own = all.map((strides) => strides[dim] as number);
    const last = merged.at(-1);
    if (extent === 1 && !(dim === 0 && borders.includes(1))) continue;
    if (last && !border && own.every((stride, k) => last.strides[k] === stride * extent)) {
      last.extent *= extent;
      last.strides = own;
    } else merged.push({ extent, first: dim, strides: own });
  }
  return {
    dims: merged.map(({ extent }) => extent),
    loads: loads.map((read, k) => ({
      operand: read.operand,
      outside: read.outside,
      axes: [
        {
          extent: 1,
          stride: 1,
          terms: merged.map(({ strides }, dim) => ({ dim, scale: strides[k] as number })),
          offset: strided[k]?.offset ?? 0,
          divisor: 1,
          gather: undefined,
          checked: false,
        },
      ],
    })),
    origins: merged.map(({ first }) => first),
    places: places.map((_, k) => merged.map(({ strides }) => strides[loads.length + k] as number)),
  };
}

function usesIndex(values: readonly Expression[]): boolean {
  let found = false;
  for (const value of values) {
    mapLeaves(value, (leaf) => {
      if (leaf.kind === 'index') found = true;
      return leaf;
    });
  }
  return found;
}
