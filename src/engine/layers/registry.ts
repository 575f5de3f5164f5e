import type { LayerDefinition } from './defineLayer.ts';

// Rule of this table: a file `NAME.layer.ts` or `NAME.loss.ts` below this folder is a layer, found by its name
// pattern; there is no other list.
const modules = import.meta.glob<LayerDefinition>(['./**/*.layer.ts', './**/*.loss.ts'], {
  eager: true,
  import: 'default',
});

const definitions = new Map<string, LayerDefinition>();
for (const [file, definition] of Object.entries(modules)) {
  if (definitions.has(definition.type))
    throw new Error(`layer "${definition.type}" is defined twice, again in ${file}`);
  definitions.set(definition.type, definition);
}

/** The layer of that type, or undefined: a document may name layers that this version does not know. */
export function findLayer(type: string): LayerDefinition | undefined {
  return definitions.get(type);
}

export function allLayers(): readonly LayerDefinition[] {
  return [...definitions.values()];
}
