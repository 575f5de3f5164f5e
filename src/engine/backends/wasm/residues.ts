import { type AccessAxis, term } from '../../kernels/access.ts';
import { add, constant, type Expression, index, mapLeaves, multiply } from '../../kernels/expression.ts';
import type { ReduceSpec } from '../../kernels/spec.ts';
import type { ReduceJob } from './reduceKernel.ts';

/**
 * Takes divisions out of the reads of a sum. An index (outer + c − scale·inner) / s is whole only for some pairs of
 * outer and inner index; outer indices of one residue mod s share the inner indices that fit, and for these the quotient
 * is plain strides again. So a reduce becomes one for each residue, over fewer inner places: the gradient of a 2×2
 * pooling reads one place instead of testing four. Places that don't fit must add nothing.
 */
export function splitResidues(job: ReduceJob): ReduceJob[] {
  const { spec } = job;
  const found = divided(spec);
  if (!found || !addsNothingOutside(spec, found.axis)) return [job];
  const { axis, outer, inner } = found;
  const jobs: ReduceJob[] = [];
  for (let residue = 0; residue < Math.min(axis.divisor, spec.dims[outer.dim] as number); residue++) {
    jobs.push(...splitResidues(restrict(job, axis, outer.dim, inner, residue)));
  }
  return jobs;
}

/** An axis that divides, whose sum is one outer index and one multiple of an inner index. */
function divided(
  spec: ReduceSpec,
): { axis: AccessAxis; outer: { dim: number }; inner: { dim: number; scale: number } } | undefined {
  const split = spec.dims.length - spec.inner;
  for (const { axes } of spec.loads) {
    for (const axis of axes) {
      if (axis.divisor === 1 || axis.gather !== undefined || axis.terms.length !== 2) continue;
      const outer = axis.terms.find(({ dim, scale }) => dim < split && scale === 1);
      const inner = axis.terms.find(({ dim }) => dim >= split);
      if (outer && inner) return { axis, outer, inner };
    }
  }
  return undefined;
}

/** Whether the only stage is a sum whose term is 0 wherever `axis`, and so each read that divides alike, lies outside. */
function addsNothingOutside(spec: ReduceSpec, axis: AccessAxis): boolean {
  if (spec.stages.length !== 1 || spec.stages[0]?.combine !== 'sum' || spec.outputs.some(({ over }) => over === 'all'))
    return false;
  const outside = (leaf: Expression): Expression => {
    const read = leaf.kind === 'load' ? spec.loads[leaf.load] : undefined;
    return read?.axes.some((own) => dividesAlike(own, axis)) ? constant(read.outside) : leaf;
  };
  const folded = fold(mapLeaves(spec.stages[0].value, outside));
  return folded.kind === 'constant' && folded.value === 0;
}

/** Whether one index is whole exactly where the other is. */
function dividesAlike(a: AccessAxis, b: AccessAxis): boolean {
  const scaleIn = ({ terms }: AccessAxis, dim: number): number =>
    terms.reduce((sum, term) => (term.dim === dim ? sum + term.scale : sum), 0);
  return (
    a.divisor === b.divisor &&
    a.gather === undefined &&
    a.offset === b.offset &&
    [...a.terms, ...b.terms].every(({ dim }) => scaleIn(a, dim) === scaleIn(b, dim))
  );
}

/** As much folding as the terms of pooling gradients need: a choice between equal constants, a product with 0. */
function fold(expression: Expression): Expression {
  if (expression.kind === 'select') {
    const [then, otherwise] = [fold(expression.then), fold(expression.otherwise)];
    if (then.kind === 'constant' && otherwise.kind === 'constant' && then.value === otherwise.value) return then;
  }
  return expression;
}

function restrict(
  job: ReduceJob,
  axis: AccessAxis,
  outer: number,
  inner: { dim: number; scale: number },
  residue: number,
): ReduceJob {
  const { spec, places } = job;
  const { divisor } = axis;
  const fits: number[] = [];
  for (let i = 0; i < (spec.dims[inner.dim] as number); i++) {
    if ((residue + axis.offset + inner.scale * i) % divisor === 0) fits.push(i);
  }
  const start = fits[0] ?? 0;
  const step = (fits[1] ?? start + divisor) - start;
  const dims = spec.dims.map((extent, dim) => {
    if (dim === outer) return Math.ceil((extent - residue) / divisor);
    return dim === inner.dim ? fits.length : extent;
  });
  // outer = residue + divisor·outer′, inner = start + step·inner′
  const rewrite = (own: AccessAxis): AccessAxis => {
    let offset = own.offset;
    const terms = own.terms.map(({ dim, scale }) => {
      if (dim === outer) {
        offset += scale * residue;
        return term(dim, scale * divisor);
      }
      if (dim === inner.dim) {
        offset += scale * start;
        return term(dim, scale * step);
      }
      return term(dim, scale);
    });
    const whole =
      own.divisor === divisor && offset % divisor === 0 && terms.every(({ scale }) => scale % divisor === 0);
    const moved: AccessAxis = whole
      ? {
          ...own,
          divisor: 1,
          offset: offset / divisor,
          terms: terms.map(({ dim, scale }) => term(dim, scale / divisor)),
        }
      : { ...own, offset, terms };
    return { ...moved, checked: moved.checked && !staysInside(moved, dims) };
  };
  const place = (leaf: Expression): Expression => {
    if (leaf.kind !== 'index') return leaf;
    if (leaf.dim === outer) return add(multiply(leaf, constant(divisor)), constant(residue));
    if (leaf.dim === inner.dim) return add(multiply(index(leaf.dim), constant(step)), constant(start));
    return leaf;
  };
  return {
    spec: {
      ...spec,
      dims,
      loads: spec.loads.map((read) => ({ ...read, axes: read.axes.map(rewrite) })),
      stages: spec.stages.map((stage) => ({ ...stage, value: mapLeaves(stage.value, place) })),
      outputs: spec.outputs.map((output) => ({ ...output, value: mapLeaves(output.value, place) })),
    },
    places: places.map(({ strides, offset }) => ({
      strides: strides.map((stride, dim) => (dim === outer ? stride * divisor : stride)),
      offset: offset + residue * (strides[outer] as number),
    })),
  };
}

function staysInside(axis: AccessAxis, dims: readonly number[]): boolean {
  if (axis.divisor !== 1 || axis.gather !== undefined) return false;
  let [low, high] = [axis.offset, axis.offset];
  for (const { dim, scale } of axis.terms) {
    const far = scale * Math.max(0, (dims[dim] as number) - 1);
    if (far < 0) low += far;
    else high += far;
  }
  return low >= 0 && high < axis.extent;
}
