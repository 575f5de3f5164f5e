import { nodesOfUse } from '../compiler/blockFace.ts';
import type { BlockUse } from '../compiler/expand.ts';
import { inferAlone } from '../compiler/inferBlocks.ts';
import { blockPorts, REPEAT, TIME_DISTRIBUTED } from '../graph/blocks.ts';
import type { BlockDefinition, GraphDocument, ParameterValue } from '../graph/document.ts';
import type { Shape } from '../ir/types.ts';
import type { DataShapes } from '../layers/defineLayer.ts';
import type { Level } from './codeNodes.ts';

/** A block as one repetition of one use has it. */
export interface Instance {
  readonly level: Level;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** Shapes at its inputs. */
  readonly inputs: readonly Shape[];
  /** Whether all that it gives has a shape: a trial may not fit. */
  readonly whole: boolean;
}

/** The repetitions of a use, each with the shapes that it has. */
export function instancesOf(use: BlockUse, level: Omit<Level, 'graph' | 'prefix'>): Instance[] {
  const { block, parameters, path } = use;
  const graph = { nodes: nodesOfUse(block, parameters), edges: block.edges };
  const { inputs, outputs } = blockPorts(block);
  return Array.from({ length: use.repeat }, (_, number): Instance => {
    const prefix = `${path}.${number}.`;
    const shapeOf = (port: string) => level.inference.nodes[`${prefix}${port}`]?.inference?.outputs[0];
    return {
      level: { inference: level.inference, uses: level.uses, graph, prefix },
      parameters,
      inputs: inputs.map((port) => shapeOf(port) ?? []),
      whole: outputs.every((port) => shapeOf(port) !== undefined),
    };
  });
}

/** A number that a block may be made with: an exposed parameter, or how many channels or features come in. */
export interface Quantity {
  readonly name: string;
  /** Of an exposed parameter; else of the input of this number. */
  readonly exposed?: string;
  readonly input?: number;
}

export function quantitiesOf({ parameters, inputs }: Instance, block: BlockDefinition): Quantity[] {
  return [
    ...inputs.flatMap((shape, input): Quantity[] => {
      if (shape.length === 0) return [];
      const what = shape.length === 3 ? 'in_channels' : 'in_features';
      return [{ name: inputs.length > 1 ? `${what}${input + 1}` : what, input }];
    }),
    ...Object.keys(block.parameters)
      .filter((name) => numberOf(parameters[name]) !== undefined)
      .map((name) => ({ name, exposed: name })),
  ];
}

export function quantity({ parameters, inputs }: Instance, { exposed, input }: Quantity): number | undefined {
  if (exposed !== undefined) return numberOf(parameters[exposed]);
  const shape = inputs[input ?? 0] ?? [];
  return shape[axisOf(shape)];
}

/** A tuple of one number in each place counts as that number: so it is written. */
function numberOf(value: ParameterValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (Array.isArray(value) && value.length > 0 && value.every((each) => each === value[0])) return value[0];
  return undefined;
}

/** Channels come first in images, features last elsewhere. */
const axisOf = (shape: Shape): number => (shape.length === 3 ? 0 : shape.length - 1);

/**
 * The block with other numbers than an instance has: each quantity changed by itself, and all of one size together.
 * What follows such a change in the code is made from that quantity.
 */
export function trials(
  instance: Instance,
  block: BlockDefinition,
  document: GraphDocument,
  data: DataShapes,
): Instance[] {
  const quantities = quantitiesOf(instance, block);
  const sizes = new Set(quantities.map((each) => quantity(instance, each)));
  const sets = [
    ...quantities.map((each) => [each]),
    ...[...sizes].map((size) => quantities.filter((each) => quantity(instance, each) === size)),
  ];
  return sets.flatMap((changed) => [2, 3].flatMap((factor) => trial(instance, block, document, data, changed, factor)));
}

function trial(
  { parameters, inputs }: Instance,
  block: BlockDefinition,
  document: GraphDocument,
  data: DataShapes,
  changed: readonly Quantity[],
  factor: number,
): Instance[] {
  const change = (value: number): number =>
    value === 0 ? factor - 1 : Number.isInteger(value) ? value * factor : value / factor;
  const values: Record<string, ParameterValue> = { ...parameters, [REPEAT]: 1, [TIME_DISTRIBUTED]: false };
  const shapes = inputs.map((shape) => [...shape]);
  for (const { exposed, input } of changed) {
    if (exposed !== undefined) {
      const value = values[exposed];
      values[exposed] = Array.isArray(value) ? value.map(change) : change(value as number);
    } else {
      const shape = shapes[input ?? 0] as number[];
      shape[axisOf(shape)] = change(shape[axisOf(shape)] as number);
    }
  }
  const { use, uses, inference } = inferAlone(block, document.blocks, shapes, values, data);
  // A value out of its range is not taken over: such a trial says nothing.
  const taken = changed.every(({ exposed }) => exposed === undefined || same(use.parameters[exposed], values[exposed]));
  return taken ? instancesOf(use, { inference, uses }) : [];
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
