import type { ScheduleDefinition } from './defineSchedule.ts';

// Rule of this table: a file `NAME.schedule.ts` in this folder is a schedule, found by its name pattern; there is no
// other list.
const modules = import.meta.glob<ScheduleDefinition>('./*.schedule.ts', { eager: true, import: 'default' });

const definitions = new Map<string, ScheduleDefinition>();
for (const [file, definition] of Object.entries(modules)) {
  if (definitions.has(definition.type))
    throw new Error(`schedule "${definition.type}" is defined twice, again in ${file}`);
  definitions.set(definition.type, definition);
}

export function findSchedule(type: string): ScheduleDefinition | undefined {
  return definitions.get(type);
}

export function allSchedules(): readonly ScheduleDefinition[] {
  return [...definitions.values()];
}
