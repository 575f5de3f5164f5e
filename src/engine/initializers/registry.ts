import { EngineError } from '../errors.ts';
import type { GraphNode } from '../graph/document.ts';
import type { WeightSpec } from '../layers/defineLayer.ts';
import { completeParameters } from '../layers/parameters.ts';
import type { InitializerDefinition } from './defineInitializer.ts';

// Rule of this table: a file `NAME.initializer.ts` in this folder is an initializer, found by its name pattern; there is
// no other list.
const modules = import.meta.glob<InitializerDefinition>('./*.initializer.ts', { eager: true, import: 'default' });

const definitions = new Map<string, InitializerDefinition>();
for (const [file, definition] of Object.entries(modules)) {
  if (definitions.has(definition.type))
    throw new Error(`initializer "${definition.type}" is defined twice, again in ${file}`);
  definitions.set(definition.type, definition);
}

export function findInitializer(type: string): InitializerDefinition | undefined {
  return definitions.get(type);
}

export function allInitializers(): readonly InitializerDefinition[] {
  return [...definitions.values()];
}

/** Whether an initializer is for this weight: biases, scales and statistics keep their layer's own first values. */
export function isInitialized({ shape, trainable }: Pick<WeightSpec, 'shape' | 'trainable'>): boolean {
  return trainable && shape.length > 1;
}

/** The weights of a layer with the first values that its node asks for. @throws EngineError for ones that are not known. */
export function withInitializer(weights: readonly WeightSpec[], initial: GraphNode['initial']): readonly WeightSpec[] {
  if (!initial) return weights;
  const definition = findInitializer(initial.type);
  if (!definition) {
    throw new EngineError('bad-document', `unknown initial values "${initial.type}": choose other ones`);
  }
  const parameters = completeParameters(definition.parameters, initial.parameters);
  return weights.map((weight) =>
    isInitialized(weight) ? { ...weight, initial: definition.distribution(weight.shape, parameters) } : weight,
  );
}
