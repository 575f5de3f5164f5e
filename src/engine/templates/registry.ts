import type { TemplateDefinition } from './defineTemplate.ts';

// Rule of this table: a file `NAME.template.ts` in this folder is a template, found by its name pattern; there is no
// other list.
const modules = import.meta.glob<TemplateDefinition>('./*.template.ts', { eager: true, import: 'default' });

const LEVELS = ['beginner', 'intermediate', 'advanced'] as const;

const definitions = new Map<string, TemplateDefinition>();
for (const [file, definition] of Object.entries(modules)) {
  if (definitions.has(definition.id)) throw new Error(`template "${definition.id}" is defined twice, again in ${file}`);
  definitions.set(definition.id, definition);
}

export function findTemplate(id: string): TemplateDefinition | undefined {
  return definitions.get(id);
}

/** All templates, the easiest first. */
export function allTemplates(): readonly TemplateDefinition[] {
  return [...definitions.values()].sort(
    (a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || a.title.localeCompare(b.title),
  );
}
