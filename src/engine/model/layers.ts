import { EngineError } from '../errors.ts';
import type { LayerCatalog, LayerOptionalPorts } from '../layers/defineLayer.ts';
import type { ParameterSchema, ParametersOf } from '../layers/parameters.ts';
import { allLayers } from '../layers/registry.ts';
import { type CallOptions, callLayer, type InitialOptions, type SymbolicTensor } from './symbolic.ts';

/** A layer's parameters, each optional. */
export type LayerParameters<Schema> = Schema extends ParameterSchema ? Partial<ParametersOf<Schema>> : never;

/** A layer's parameters, each optional, a name of one's own for it, and whether its weights stay as they are. */
export type LayerOptions<Schema> = LayerParameters<Schema> & {
  readonly name?: string;
  /** Training leaves its weights alone. */
  readonly frozen?: boolean;
  /** Computes with the weights of the layer of that name. */
  readonly shares?: string;
  /** How its weights are drawn: `{ type: 'Orthogonal' }`; left out: as PyTorch's layer does. */
  readonly initial?: InitialOptions;
};

/**
 * Puts a layer after `inputs`; a layer with several inputs, or any number of them, takes a list. What goes to an optional
 * port stands among the options, by the port's name: `layers.LSTM(x, { hiddenSize: 64, mask })`.
 */
export type LayerFunction<Schema, Port extends string = never> = (
  inputs: SymbolicTensor | readonly SymbolicTensor[],
  options?: LayerOptions<Schema> & { readonly [Name in Port]?: SymbolicTensor },
) => SymbolicTensor;

export type LayerFunctions = {
  readonly [Type in keyof LayerCatalog]: LayerFunction<
    LayerCatalog[Type],
    Type extends keyof LayerOptionalPorts ? LayerOptionalPorts[Type] : never
  >;
};

/**
 * Every layer and loss there is, by type, with its parameters typed from its own definition:
 * `layers.Conv2d(x, { outChannels: 32, kernelSize: [3, 3] })`.
 */
export const layers: LayerFunctions = Object.freeze(
  Object.fromEntries(
    allLayers().map((definition) => [
      definition.type,
      (inputs: SymbolicTensor | readonly SymbolicTensor[], options: CallOptions = {}) =>
        callLayer(definition, isList(inputs) ? inputs : [inputs], options),
    ]),
  ),
) as LayerFunctions;

function isList(inputs: SymbolicTensor | readonly SymbolicTensor[]): inputs is readonly SymbolicTensor[] {
  return Array.isArray(inputs);
}

/** Where the samples of the data set come in. */
export function input(options: { readonly name?: string } = {}): SymbolicTensor {
  const definition = allLayers().find(({ role }) => role === 'input');
  if (!definition) throw new EngineError('unknown-layer', 'there is no layer that brings data in');
  return callLayer(definition, [], options);
}
