import type { BuiltInBlock } from './defineBlock.ts';

// Rule of this table: a file `NAME.block.ts` in this folder is a built-in block, found by its name pattern; there is no
// other list.
const modules = import.meta.glob<BuiltInBlock>('./*.block.ts', { eager: true, import: 'default' });

const definitions = new Map<string, BuiltInBlock>();
for (const [file, definition] of Object.entries(modules)) {
  if (definitions.has(definition.id)) throw new Error(`block "${definition.id}" is defined twice, again in ${file}`);
  definitions.set(definition.id, definition);
}

export function allBlocks(): readonly BuiltInBlock[] {
  return [...definitions.values()];
}
