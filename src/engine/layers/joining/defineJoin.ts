import type { Emitter } from '../../ir/emitter.ts';
import type { Value } from '../../ir/types.ts';
import { defineLayer, type LayerDefinition } from '../defineLayer.ts';
import { joinedShape } from './joinedShape.ts';

const parameters = {} as const;

/** What is particular to a layer that joins tensors element by element. */
export interface Join {
  readonly type: string;
  readonly icon: string;
  readonly summary: string;
  readonly formula: string;
  readonly reference: string;
  /** Names of the input ports; absent: one port that takes many wires. */
  readonly ports?: readonly string[];
  lower(emit: Emitter, inputs: readonly Value[]): Value;
  pytorch(inputs: readonly string[]): string;
  /** Keras' class: `Add`. */
  readonly keras: string;
}

/** A layer without weights or parameters whose inputs broadcast, as in NumPy. */
export function defineJoin(join: Join): LayerDefinition<typeof parameters> {
  return defineLayer({
    type: join.type,
    title: join.type,
    category: 'Joining',
    icon: join.icon,
    help: {
      summary: join.summary,
      shapes: `[N, …], [N, …] → [N, …], y = ${join.formula}; an axis of size 1 is repeated to fit`,
      reference: join.reference,
    },
    role: 'layer',
    inputs: join.ports?.map((name) => ({ name })) ?? [{ name: 'inputs', many: true }],
    outputs: [{ name: 'output' }],
    parameters,
    version: 1,
    migrations: [],
    infer: (inputs) => ({ outputs: [joinedShape(join.type, inputs)], weights: [], multiplyAdds: 0 }),
    lower: ({ emit, inputs }) => [join.lower(emit, inputs)],
    emit: {
      pytorch: () => ({ apply: (_layer, inputs) => join.pytorch(inputs) }),
      keras: () => ({
        make: `layers.${join.keras}()`,
        apply: (layer, inputs) => `${layer}([${inputs.join(', ')}])`,
      }),
    },
    samples: [
      { inputs: [[4], [4]], parameters: {} },
      {
        inputs: [
          [3, 4, 5],
          [3, 1, 1],
        ],
        parameters: {},
      },
      ...(join.ports
        ? []
        : [
            {
              inputs: [
                [2, 3],
                [2, 3],
                [2, 3],
              ],
              parameters: {},
            },
          ]),
    ],
  });
}
