import type { Expression } from '../kernels/expression.ts';
import type { ParameterSchema, ParametersOf } from '../layers/parameters.ts';

/** Names of the tensors that an update reads: the parameter, its gradient, and the optimizer's own state. */
export interface UpdateReads {
  readonly parameter: Expression;
  readonly gradient: Expression;
  readonly state: Readonly<Record<string, Expression>>;
  /** Numbers that the host computes for this step in float64, by name. */
  readonly scalars: Readonly<Record<string, Expression>>;
}

export interface OptimizerDefinition<Schema extends ParameterSchema = ParameterSchema> {
  /** PyTorch's class name. */
  readonly type: string;
  readonly title: string;
  readonly help: { readonly summary: string; readonly reference: string };
  readonly parameters: Schema;
  /** Names of tensors kept for each parameter, all zeros at first: `['m', 'v']`. */
  state(parameters: ParametersOf<Schema>): readonly string[];
  /** Names of the numbers given by `scalarsAt`. */
  readonly scalars: readonly string[];
  /** The numbers of step `step` (1 is the first), in float64: learning rate, bias corrections. */
  scalarsAt(step: number, parameters: ParametersOf<Schema>): readonly number[];
  /** Elementwise: the new parameter and new state. Only choices that change the formula may be read from `parameters`. */
  update(
    reads: UpdateReads,
    parameters: ParametersOf<Schema>,
  ): { readonly parameter: Expression; readonly state: Readonly<Record<string, Expression>> };
  readonly emit: {
    /** `torch.optim.Adam(model.parameters(), lr=1e-3)` */
    pytorch(parameters: ParametersOf<Schema>): string;
    keras(parameters: ParametersOf<Schema>): string;
    /** Source of the class that `pytorch` calls, where torch.optim has none. */
    readonly pytorchClass?: string;
  };
}

/**
 * Typed schemas by optimizer type, for the TypeScript API. Each optimizer's file adds its own entry by declaration
 * merging.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging, one entry an optimizer's file
export interface OptimizerCatalog {}

export function defineOptimizer<const Schema extends ParameterSchema>(
  definition: OptimizerDefinition<Schema>,
): OptimizerDefinition<Schema> {
  return definition;
}
