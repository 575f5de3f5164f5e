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
 * state tensor, then the scalars of this step `[count]` and, if `guarded`, the scalar loss: where that is not finite,
 * everything stays as it was. Results: the new parameter and the new state tensors.
 */
export function optimizerUpdate({ definition, parameters }: OptimizerChoice, size: number, guarded: boolean): MapSpec {
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
  const guard = (next: Expression, previous: number): Expression =>
    guarded ? select(unary('isFinite', load(tensors + count)), next, load(previous)) : next;
  const dims = [size];
  return {
    kind: 'map',
    dims,
    loads: [
      ...Array.from({ length: tensors }, (_, operand) => broadcastAccess(operand, dims, dims)),
      ...definition.scalars.map((_, i) => access(tensors, [count], dims, [{ terms: [], offset: i }])),
      ...(guarded ? [access(tensors + 1, [], dims, [])] : []),
    ],
    outputs: [guard(updated.parameter, 0), ...names.map((name, i) => guard(updated.state[name] as Expression, 2 + i))],
  };
}
