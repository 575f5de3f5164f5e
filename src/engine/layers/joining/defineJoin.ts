import type { Emitter } from '../../ir/emitter.ts';
import { broadcastShapes, formatShape } from '../../ir/shape.ts';
import type { Shape, Value } from '../../ir/types.ts';
import { defineLayer, type LayerDefinition, LayerError } from '../defineLayer.ts';

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
    infer: (inputs) => ({ outputs: [joined(join.type, inputs)], weights: [], multiplyAdds: 0 }),
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

function joined(type: string, inputs: readonly Shape[]): Shape {
  if (inputs.length < 2) throw new LayerError(`${type} joins two or more tensors: connect another wire to it.`);
  const shapes = inputs.map(formatShape).join(' and ');
  if (inputs.some((shape) => shape.length !== inputs[0]!.length)) {
    throw new LayerError(`${type} can't join samples of ${shapes}: they have different numbers of axes.`);
  }
  try {
    return broadcastShapes(...inputs);
  } catch {
    // The rule's own message counts the batch as no axis; say what the wires carry instead.
    throw new LayerError(`${type} can't join samples of ${shapes}: sizes must be equal, or 1.`);
  }
}
