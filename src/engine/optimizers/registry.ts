import type { OptimizerDefinition } from './defineOptimizer.ts';

// Rule of this table: a file `NAME.optimizer.ts` in this folder is an optimizer, found by its name pattern; there is no
// other list.
const modules = import.meta.glob<OptimizerDefinition>('./*.optimizer.ts', { eager: true, import: 'default' });

const definitions = new Map<string, OptimizerDefinition>();
for (const [file, definition] of Object.entries(modules)) {
  if (definitions.has(definition.type))
    throw new Error(`optimizer "${definition.type}" is defined twice, again in ${file}`);
  definitions.set(definition.type, definition);
}

export function findOptimizer(type: string): OptimizerDefinition | undefined {
  return definitions.get(type);
}

export function allOptimizers(): readonly OptimizerDefinition[] {
  return [...definitions.values()];
}
