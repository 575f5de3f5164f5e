import { access, broadcastAccess } from '../kernels/access.ts';
import { type Expression, load, select, unary } from '../kernels/expression.ts';
import type { MapSpec } from '../kernels/spec.ts';
import type { ParameterSchema, ParametersOf } from '../layers/parameters.ts';
import type { OptimizerDefinition } from '../optimizers/defineOptimizer.ts';

export interface OptimizerChoice {
  readonly definition: OptimizerDefinition;
  readonly parameters: ParametersOf<ParameterSchema>;
}

/**
 * An optimizer's step as one map over flat tensors of `size` elements. Operands: the parameter, its gradient, each
 * state tensor, then the scalars of this step and, if `guard` is given, the scalar loss: where that is not finite, or
 * where the scalar of place `gate` is 0, everything stays as it was. Results: the new parameter and the new state tensors.
 */
export function optimizerUpdate(
  { definition, parameters }: OptimizerChoice,
  size: number,
  guard?: { readonly scalars: number; readonly gate?: number },
): MapSpec {
  const dims = [size];
  const names = definition.state(parameters);
  const tensors = 2 + names.length;
  const count = definition.scalars.length;
  const updated = definition.update(
    {
      parameter: load(0),
      gradient: load(1),
      state: Object.fromEntries(names.map((name, i) => [name, load(2 + i)])),
      scalars: Object.fromEntries(definition.scalars.map((name, i) => [name, load(tensors + i)])),
    },
    parameters,
  );
  const total = guard?.scalars ?? count;
  const kept = (next: Expression, previous: number): Expression => {
    if (!guard) return next;
    const old = load(previous);
    const gated = guard.gate === undefined ? next : select(load(tensors + count + 1), next, old);
    return select(unary('isFinite', load(tensors + count)), gated, old);
  };
  const scalar = (place: number) => access(tensors, [total], dims, [{ terms: [], offset: place }]);
  return {
    kind: 'map',
    dims,
    loads: [
      ...Array.from({ length: tensors }, (_, operand) => broadcastAccess(operand, dims, dims)),
      ...definition.scalars.map((_, i) => scalar(i)),
      ...(guard ? [access(tensors + 1, [], dims, [])] : []),
      ...(guard?.gate === undefined ? [] : [scalar(guard.gate)]),
    ],
    outputs: [kept(updated.parameter, 0), ...names.map((name, i) => kept(updated.state[name] as Expression, 2 + i))],
  };
}
