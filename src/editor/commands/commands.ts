import { BookOpen, Keyboard, Search } from 'lucide-react';
import { allTemplates } from '../../engine/templates/registry.ts';
import { openTemplate } from '../stores/persistence.ts';
import { sessionStore } from '../stores/session.ts';
import { annotateCommands } from './annotateCommands.ts';
import { arrangeCommands } from './arrangeCommands.ts';
import { blockCommands } from './blockCommands.ts';
import type { Command } from './command.ts';
import { editCommands } from './editCommands.ts';
import { trainCommands } from './trainCommands.ts';
import { viewCommands } from './viewCommands.ts';

const helpCommands: readonly Command[] = [
  {
    id: 'commands',
    label: 'All commands…',
    group: 'Help',
    icon: Search,
    keys: ['$mod+k', '$mod+Shift+p'],
    whileTyping: true,
    run: () => sessionStore.setState({ dialog: 'commands' }),
  },
  {
    id: 'shortcuts',
    label: 'Keyboard shortcuts',
    group: 'Help',
    icon: Keyboard,
    keys: ['Shift+?', 'h'],
    run: () => sessionStore.setState({ dialog: 'shortcuts' }),
  },
];

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
  ...blockCommands,
  ...annotateCommands,
  ...arrangeCommands,
  ...viewCommands,
  ...trainCommands,
  ...templateCommands,
  ...helpCommands,
];

const byId = new Map(commands.map((command) => [command.id, command]));

/** @throws RangeError for an id that no command has. */
export function commandOf(id: string): Command {
  const command = byId.get(id);
  if (!command) throw new RangeError(`there is no command "${id}"`);
  return command;
}
