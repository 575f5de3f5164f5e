import type { Expression } from '../../../kernels/expression.ts';
import type { ReduceSpec } from '../../../kernels/spec.ts';

/**
 * Operands that a dispatch of a reduction reads, so that no binding goes unused: all for `undefined`, else those of
 * stage `pass`, or of the outputs if `pass` is the number of stages.
 */
export function operandsRead(spec: ReduceSpec, pass: number | undefined): ReadonlySet<number> {
  if (pass === undefined) return new Set(spec.loads.map(({ operand }) => operand));
  const stage = spec.stages[pass];
  const loads = new Set<number>();
  const want = (load: number): void => {
    loads.add(load);
    for (const { gather } of spec.loads[load]?.axes ?? []) if (gather !== undefined) want(gather);
  };
  for (const { value } of stage ? [stage] : spec.outputs) visitLoads(value, want);
  return new Set([...loads].map((load) => spec.loads[load]?.operand as number));
}

/** The loads that an expression names. */
export function loadsUsed(expression: Expression): ReadonlySet<number> {
  const used = new Set<number>();
  visitLoads(expression, (load) => used.add(load));
  return used;
}

function visitLoads(expression: Expression, visit: (load: number) => void): void {
  switch (expression.kind) {
    case 'load':
      visit(expression.load);
      return;
    case 'random':
      visit(expression.seed);
      visit(expression.step);
      return;
    case 'unary':
      visitLoads(expression.a, visit);
      return;
    case 'binary':
      visitLoads(expression.a, visit);
      visitLoads(expression.b, visit);
      return;
    case 'select':
      visitLoads(expression.condition, visit);
      visitLoads(expression.then, visit);
      visitLoads(expression.otherwise, visit);
      return;
    default:
      return;
  }
}
