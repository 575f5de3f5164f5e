import type { Emitter } from '../../ir/emitter.ts';
import type { Value } from '../../ir/types.ts';
import { defineLayer, type LayerDefinition } from '../defineLayer.ts';
import type { ParameterSchema, ParametersOf } from '../parameters.ts';
import { applyOne } from '../python.ts';

/** What is particular to a layer that applies one function to each number. */
export interface Activation<Schema extends ParameterSchema> {
  readonly type: string;
  readonly icon: string;
  readonly summary: string;
  /** Plain text, `max(0, x)`. */
  readonly formula: string;
  readonly parameters: Schema;
  lower(emit: Emitter, input: Value, parameters: ParametersOf<Schema>): Value;
  /** Constructor calls. */
  pytorch(parameters: ParametersOf<Schema>): string;
  keras(parameters: ParametersOf<Schema>): string;
  /** Keras' name for `activation=`; undefined where the parameters are not that function's own. */
  kerasActivation?(parameters: ParametersOf<Schema>): string | undefined;
  /** Parameters for the conformance test beside the defaults. */
  readonly sample?: Partial<ParametersOf<Schema>>;
}

/** A layer without weights whose output has the shape of its input. */
export function defineActivation<const Schema extends ParameterSchema>(
  activation: Activation<Schema>,
): LayerDefinition<Schema> {
  return defineLayer<Schema>({
    type: activation.type,
    title: activation.type,
    category: 'Activation',
    icon: activation.icon,
    help: {
      summary: activation.summary,
      shapes: `[N, …] → [N, …], y = ${activation.formula}`,
      reference: `https://docs.pytorch.org/docs/stable/generated/torch.nn.${activation.type}.html`,
    },
    role: 'layer',
    inputs: [{ name: 'input' }],
    outputs: [{ name: 'output' }],
    parameters: activation.parameters,
    version: 1,
    migrations: [],
    infer: ([input]) => ({ outputs: [input!], weights: [], multiplyAdds: 0 }),
    lower: ({ emit, inputs, parameters }) => [activation.lower(emit, inputs[0]!, parameters)],
    emit: {
      pytorch: ({ parameters }) => ({ make: activation.pytorch(parameters), apply: applyOne }),
      keras: ({ parameters }) => {
        const name = activation.kerasActivation?.(parameters);
        return { make: activation.keras(parameters), apply: applyOne, ...(name && { activation: name }) };
      },
    },
    samples: [
      { inputs: [[6]], parameters: {} },
      { inputs: [[2, 3, 4]], parameters: activation.sample ?? {} },
    ],
  });
}
