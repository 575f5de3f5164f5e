import type { OpName } from '../ir/types.ts';
import type { OpDefinition } from './defineOp.ts';

// Rule of this table: a file `NAME.op.ts` in this folder is an op, found by its name pattern; there is no other list.
const modules = import.meta.glob<OpDefinition>('./**/*.op.ts', { eager: true, import: 'default' });

const definitions = new Map<string, OpDefinition>();
for (const [file, definition] of Object.entries(modules)) {
  if (definitions.has(definition.name)) throw new Error(`op "${definition.name}" is defined twice, again in ${file}`);
  definitions.set(definition.name, definition);
}

/** @throws Error if no op has that name. */
export function opDefinition<Name extends OpName>(name: Name): OpDefinition<Name> {
  const definition = definitions.get(name);
  if (!definition) throw new Error(`unknown op "${name}"`);
  return definition as unknown as OpDefinition<Name>;
}

export function allOps(): readonly OpDefinition[] {
  return [...definitions.values()].sort((a, b) => a.name.localeCompare(b.name));
}
