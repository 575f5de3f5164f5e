import type { Shape } from '../ir/types.ts';
import type { Initializer } from '../layers/defineLayer.ts';
import type { ParameterSchema, ParametersOf } from '../layers/parameters.ts';

/** A way to draw the first values of a layer's weights, instead of the layer's own. */
export interface InitializerDefinition<Schema extends ParameterSchema = ParameterSchema> {
  readonly type: string;
  readonly title: string;
  readonly help: { readonly summary: string; readonly reference: string };
  readonly parameters: Schema;
  /** For a weight of two axes or more, `[out, in, …]`. */
  distribution(shape: Shape, parameters: ParametersOf<Schema>): Initializer;
  readonly emit: {
    /** The statement that fills the tensor `weight`: `nn.init.xavier_uniform_(self.fc1.weight)`. */
    pytorch(weight: string, parameters: ParametersOf<Schema>): string;
    /** What Keras takes as `kernel_initializer`. @throws EngineError `unsupported` */
    keras(parameters: ParametersOf<Schema>): string;
  };
}

export function defineInitializer<const Schema extends ParameterSchema>(
  definition: InitializerDefinition<Schema>,
): InitializerDefinition<Schema> {
  return definition;
}

/** Numbers that flow into and out of one element of a weight's output, as torch.nn.init counts them. */
export function fans(shape: Shape): { readonly in: number; readonly out: number } {
  const [out = 1, into = 1, ...rest] = shape;
  const field = rest.reduce((product, extent) => product * extent, 1);
  return { in: into * field, out: out * field };
}
