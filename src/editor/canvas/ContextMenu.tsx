import { DropdownMenu } from 'radix-ui';
import { useStore } from 'zustand';
import { colorName } from '../commands/annotateCommands.ts';
import { commandEntry } from '../commands/commandEntry.ts';
import { commandOf } from '../commands/commands.ts';
import { type MenuSection, sectionsFor } from '../commands/contextMenus.ts';
import { messages } from '../i18n/language.ts';
import { sessionStore } from '../stores/session.ts';
import type { MenuEntry } from '../ui/MenuButton.tsx';
import { MenuPanel, TWO_WIDE } from '../ui/MenuPanel.tsx';

/** The menu at the pointer: the commands for what was clicked, and nothing that has no command. */
function ContextMenu() {
  const menu = useStore(sessionStore, (state) => state.contextMenu);
  if (!menu) return null;
  const { screen, subject } = menu;
  return (
    <DropdownMenu.Root
      key={`${screen.x} ${screen.y}`}
      open
      modal={false}
      onOpenChange={(open) => {
        // A command that was chosen still asks where the menu was.
        if (!open)
          setTimeout(() =>
            sessionStore.setState((now) => (now.contextMenu === menu ? { contextMenu: undefined } : now)),
          );
      }}
    >
      <DropdownMenu.Trigger asChild>
        <span aria-hidden tabIndex={-1} className="fixed size-0" style={{ left: screen.x, top: screen.y }} />
      </DropdownMenu.Trigger>
      <MenuPanel
        side={innerWidth < TWO_WIDE ? 'bottom' : 'right'}
        label={messages().canvas.menu}
        entries={sectionsFor(subject).flatMap(entriesOf)}
      />
    </DropdownMenu.Root>
  );
}

function entriesOf(section: MenuSection, place: number): MenuEntry[] {
  const entries = section.map((entry): MenuEntry => {
    if (typeof entry === 'string') return commandEntry(commandOf(entry));
    const { icon, title } = entry;
    return {
      kind: 'submenu',
      label: messages().commands.submenus[title],
      icon,
      entries: entry.commands
        .map(commandOf)
        .map((command) => commandEntry(command, title === 'color' ? colorName(command) : undefined)),
    };
  });
  return place === 0 ? entries : [{ kind: 'line' }, ...entries];
}

export default ContextMenu;
