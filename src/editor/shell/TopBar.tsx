import { FileDown, Settings } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { CommandButton } from '../commands/CommandButton.tsx';
import { choiceEntry, commandEntry } from '../commands/commandEntry.ts';
import {
  allCommands,
  fileCommands,
  history,
  languageCommands,
  layoutCommands,
  openProjects,
  redo,
  shortcuts,
  themeCommands,
  tour,
  undo,
} from '../commands/pageCommands.ts';
import { useCommand } from '../commands/useCommand.ts';
import { useMessages } from '../i18n/language.ts';
import { documentStore } from '../stores/document.ts';
import { sessionStore } from '../stores/session.ts';
import { MenuButton } from '../ui/MenuButton.tsx';

const ICON_BUTTON =
  'grid size-8 shrink-0 place-items-center rounded-md text-muted outline-none hover:bg-raised hover:text-ink focus-visible:ring-2 focus-visible:ring-accent data-[state=open]:bg-raised';

/** The project and its file, undo, the run controls, commands and settings. On a phone or tablet the run controls have a row of their own. */
export function TopBar({ runControls }: { readonly runControls: ReactNode }) {
  return (
    <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-2 gap-y-1.5 border-b border-line bg-surface px-3 py-1.5">
      <h1 className="flex items-center gap-2 text-sm font-semibold">
        <Mark />
        <span className="max-xl:sr-only">Gradloom</span>
      </h1>
      <ProjectName />
      <ProjectsButton />
      <FileMenu />
      <UndoButtons />
      <span aria-hidden className="mx-1 h-5 w-px bg-line max-lg:hidden" />
      <div className="flex min-w-0 flex-1 items-center max-lg:order-last max-lg:basis-full">{runControls}</div>
      <span className="max-md:hidden">
        <CommandButton command={allCommands} />
      </span>
      <SettingsMenu />
    </header>
  );
}

function Mark() {
  return (
    <svg aria-hidden viewBox="0 0 32 32" width="24" height="24">
      <title>Gradloom</title>
      <rect width="32" height="32" rx="8" fill="#5b5bd6" />
      <path
        d="M8 10c6 0 10 12 16 12M8 16h16M8 22c6 0 10-12 16-12"
        fill="none"
        stroke="#fff"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
    </svg>
  );
}

function ProjectName() {
  const name = useStore(documentStore, (state) => state.document.name);
  const words = useMessages().bar;
  return (
    <input
      aria-label={words.name}
      value={name}
      onChange={(event) =>
        documentStore.getState().dispatch({ kind: 'rename', name: event.target.value }, { key: 'rename' })
      }
      className="h-7 w-44 min-w-0 truncate rounded-md border border-transparent bg-transparent px-1.5 text-[13px] font-medium text-ink outline-none hover:border-line focus:border-accent max-xl:w-36 max-lg:w-20 max-lg:flex-1"
    />
  );
}

function ProjectsButton() {
  const { label, title } = useCommand(openProjects);
  const Icon = openProjects.icon;
  return (
    <button
      type="button"
      onClick={openProjects.run}
      title={title}
      aria-label={label}
      className="flex h-8 items-center gap-1.5 rounded-md border border-line bg-surface px-2 text-xs font-medium outline-none hover:bg-raised focus-visible:ring-2 focus-visible:ring-accent"
    >
      <Icon aria-hidden size={14} className="text-muted" />
      <span className="max-xl:sr-only">{label}</span>
    </button>
  );
}

function FileMenu() {
  const words = useMessages().files;
  return (
    <MenuButton
      label={words.menu}
      title={words.menu}
      className={ICON_BUTTON}
      entries={fileCommands.map((command) => commandEntry(command))}
    >
      <FileDown aria-hidden size={16} strokeWidth={1.75} />
    </MenuButton>
  );
}

function UndoButtons() {
  return (
    <div className="flex items-center">
      <CommandButton command={undo} />
      <CommandButton command={redo} />
      <span className="max-xl:hidden">
        <CommandButton command={history} />
      </span>
    </div>
  );
}

function SettingsMenu() {
  // What is on among the choices.
  useStore(sessionStore, ({ theme }) => theme);
  const words = useMessages().settings;
  return (
    <MenuButton
      label={words.menu}
      title={words.menu}
      align="end"
      className={ICON_BUTTON}
      entries={[
        ...layoutCommands.map((command) => commandEntry(command)),
        { kind: 'line' },
        choiceEntry(themeCommands),
        { kind: 'line' },
        choiceEntry(languageCommands),
        { kind: 'line' },
        commandEntry(shortcuts),
        commandEntry(tour),
      ]}
    >
      <Settings aria-hidden size={16} strokeWidth={1.75} />
    </MenuButton>
  );
}
