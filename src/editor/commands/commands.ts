import { BookOpen } from 'lucide-react';
import { allTemplates } from '../../engine/templates/registry.ts';
import { openTemplate } from '../stores/persistence.ts';
import { annotateCommands } from './annotateCommands.ts';
import { arrangeCommands } from './arrangeCommands.ts';
import { blockCommands } from './blockCommands.ts';
import type { Command } from './command.ts';
import { editCommands } from './editCommands.ts';
import { allCommands, fileCommands, openProjects, openTables, shortcuts, tour } from './pageCommands.ts';
import { parameterCommands } from './parameterCommands.ts';
import { trainCommands } from './trainCommands.ts';
import { viewCommands } from './viewCommands.ts';

const templateCommands = allTemplates().map(
  (template): Command => ({
    id: `template-${template.id}`,
    label: `New from template: ${template.title}`,
    group: 'Templates',
    icon: BookOpen,
    run: () => void openTemplate(template),
  }),
);

/** Everything that a person can do, each thing once. */
export const commands: readonly Command[] = [
  ...editCommands,
  ...parameterCommands,
  ...blockCommands,
  ...annotateCommands,
  ...arrangeCommands,
  ...viewCommands,
  ...trainCommands,
  ...templateCommands,
  openProjects,
  openTables,
  ...fileCommands,
  allCommands,
  shortcuts,
  tour,
];

const byId = new Map(commands.map((command) => [command.id, command]));

/** @throws RangeError for an id that no command has. */
export function commandOf(id: string): Command {
  const command = byId.get(id);
  if (!command) throw new RangeError(`there is no command "${id}"`);
  return command;
}
