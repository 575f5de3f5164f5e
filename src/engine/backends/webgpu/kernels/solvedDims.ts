import type { AccessAxis, AccessTerm } from '../../../kernels/access.ts';
import type { Expression } from '../../../kernels/expression.ts';
import type { ReduceSpec } from '../../../kernels/spec.ts';
import { affine, type Indices } from '../wgsl/indices.ts';
import type { Shader } from '../wgsl/shader.ts';

/**
 * An inner dim of a sum of which at most one index counts: an axis is read at `(Σ terms + offset − index) / divisor`,
 * all others leave a remainder and read nothing. So gradients of strided windows need no search.
 */
export interface SolvedDim {
  readonly dim: number;
  readonly extent: number;
  readonly divisor: number;
  readonly terms: readonly AccessTerm[];
  readonly offset: number;
  /** Whether `Σ terms + offset` can be negative. */
  readonly negative: boolean;
}

/** The inner dims that can be solved for: without a read along them `value` must be 0. */
export function solvableDims(spec: ReduceSpec, value: Expression): SolvedDim[] {
  const rank = spec.dims.length - spec.inner;
  const found: SolvedDim[] = [];
  for (let dim = rank; dim < spec.dims.length; dim++) {
    const extent = spec.dims[dim] as number;
    const reads = spec.loads.flatMap((read, load) => {
      const axis = read.axes.find((each) => solves(each, dim, extent, rank));
      return axis ? [{ load, axis }] : [];
    });
    const [first] = reads;
    if (!first) continue;
    const outside = new Map(reads.map(({ load }) => [load, spec.loads[load]?.outside as number]));
    if (constantValue(value, outside) !== 0) continue;
    const terms = first.axis.terms.filter((term) => term.dim !== dim);
    const { offset, divisor } = first.axis;
    const least = terms.reduce(
      (sum, { dim: other, scale }) => sum + Math.min(0, scale * ((spec.dims[other] as number) - 1)),
      offset,
    );
    found.push({ dim, extent, divisor, terms, offset, negative: least < 0 });
  }
  return found;
}

/** Emits the one index of a solved dim and gives its name; it may lie beyond the extent, and then none counts. */
export function solveFor(shader: Shader, lines: string[], solved: SolvedDim, outer: Indices): string {
  const { divisor, terms, offset, negative } = solved;
  const sum = shader.fresh('sum');
  const name = shader.fresh('only');
  lines.push(`let ${sum} = ${affine(terms, offset, outer)};`);
  const remainder = `${sum} % ${divisor}`;
  const code = Number.isInteger(Math.log2(divisor))
    ? `${sum} & ${divisor - 1}`
    : negative
      ? `(${remainder} + ${divisor}) % ${divisor}`
      : remainder;
  lines.push(`let ${name} = ${code};`);
  return name;
}

function solves(axis: AccessAxis, dim: number, extent: number, rank: number): boolean {
  const own = axis.terms.filter((term) => term.dim === dim);
  const others = axis.terms.filter((term) => term.dim !== dim);
  return (
    axis.divisor > 1 &&
    extent <= axis.divisor &&
    axis.gather === undefined &&
    own.length === 1 &&
    own[0]?.scale === -1 &&
    others.every((term) => term.dim < rank)
  );
}

/** The value of an expression in which some loads are constants, where it does not depend on anything else. */
function constantValue(expression: Expression, loads: ReadonlyMap<number, number>): number | undefined {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'load':
      return loads.get(expression.load);
    case 'select': {
      const then = constantValue(expression.then, loads);
      return then === constantValue(expression.otherwise, loads) ? then : undefined;
    }
    default:
      return undefined;
  }
}
