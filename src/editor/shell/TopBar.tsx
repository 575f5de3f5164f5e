import {
  FileDown,
  FileUp,
  FolderOpen,
  History,
  Keyboard,
  Link2,
  Redo2,
  Search,
  Settings,
  Undo2,
  Waypoints,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { type LanguageChoice, setLanguage, translate, useLanguageChoice, useMessages } from '../i18n/language.ts';
import { documentStore } from '../stores/document.ts';
import { chooseProjectFile, copyShareLink, saveProjectFile } from '../stores/projectFiles.ts';
import { sessionStore, setTheme, type Theme } from '../stores/session.ts';
import { IconButton } from '../ui/controls.tsx';
import { MenuButton } from '../ui/MenuButton.tsx';
import { applyLayout, LAYOUTS } from './layouts.ts';

const ICON_BUTTON =
  'grid size-8 shrink-0 place-items-center rounded-md text-muted outline-none hover:bg-raised hover:text-ink focus-visible:ring-2 focus-visible:ring-accent data-[state=open]:bg-raised';

/** The project and its file, undo, the run controls, commands and settings. On a phone the run controls have a row of their own. */
export function TopBar({ runControls }: { readonly runControls: ReactNode }) {
  const words = useMessages().bar;
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
      <span aria-hidden className="mx-1 h-5 w-px bg-line max-md:hidden" />
      <div className="flex min-w-0 flex-1 items-center max-md:order-last max-md:basis-full">{runControls}</div>
      <span className="max-md:hidden">
        <IconButton
          icon={Search}
          label={words.commands}
          onClick={() => sessionStore.setState({ dialog: 'commands' })}
        />
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
      className="h-7 w-44 min-w-0 truncate rounded-md border border-transparent bg-transparent px-1.5 text-[13px] font-medium text-ink outline-none hover:border-line focus:border-accent max-xl:w-36 max-md:w-20 max-md:flex-1"
    />
  );
}

function ProjectsButton() {
  const words = useMessages().bar;
  return (
    <button
      type="button"
      onClick={() => sessionStore.setState({ dialog: 'projects' })}
      title={words.projectsHint}
      aria-label={words.projects}
      className="flex h-8 items-center gap-1.5 rounded-md border border-line bg-surface px-2 text-xs font-medium outline-none hover:bg-raised focus-visible:ring-2 focus-visible:ring-accent"
    >
      <FolderOpen aria-hidden size={14} className="text-muted" />
      <span className="max-xl:sr-only">{words.projects}</span>
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
      entries={[
        { kind: 'action', label: words.save, icon: FileDown, onSelect: () => void saveProjectFile() },
        { kind: 'action', label: words.open, icon: FileUp, onSelect: chooseProjectFile },
        { kind: 'line' },
        { kind: 'action', label: words.copyLink, icon: Link2, onSelect: () => void copyShareLink() },
      ]}
    >
      <FileDown aria-hidden size={16} strokeWidth={1.75} />
    </MenuButton>
  );
}

function UndoButtons() {
  const { past, future } = useStore(documentStore, (state) => state.history);
  const { undo, redo } = documentStore.getState();
  const { bar: words, history } = useMessages();
  return (
    <div className="flex items-center">
      <IconButton
        icon={Undo2}
        label={past.length > 0 ? words.undo(translate(past.at(-1)?.label ?? '')) : words.nothingToUndo}
        disabled={past.length === 0}
        onClick={undo}
      />
      <IconButton
        icon={Redo2}
        label={future.length > 0 ? words.redo(translate(future[0]?.label ?? '')) : words.nothingToRedo}
        disabled={future.length === 0}
        onClick={redo}
      />
      <span className="max-xl:hidden">
        <IconButton
          icon={History}
          label={history.open}
          disabled={past.length + future.length === 0}
          onClick={() => sessionStore.setState({ dialog: 'history' })}
        />
      </span>
    </div>
  );
}

function SettingsMenu() {
  const theme = useStore(sessionStore, (state) => state.theme);
  const language = useLanguageChoice();
  const words = useMessages().settings;
  return (
    <MenuButton
      label={words.menu}
      title={words.menu}
      align="end"
      className={ICON_BUTTON}
      entries={[
        { kind: 'heading', text: words.layout },
        ...LAYOUTS.map((layout) => ({
          kind: 'action' as const,
          label: words.layouts[layout],
          onSelect: () => applyLayout(layout),
        })),
        { kind: 'line' },
        { kind: 'heading', text: words.theme },
        {
          kind: 'choices',
          value: theme,
          options: (['system', 'light', 'dark'] as const).map((value) => ({ value, label: words.themes[value] })),
          onChoose: (value) => setTheme(value as Theme),
        },
        { kind: 'line' },
        { kind: 'heading', text: words.language },
        {
          kind: 'choices',
          value: language,
          // A language is named in itself, so that everybody finds theirs.
          options: [
            { value: 'system', label: words.languageOfSystem },
            { value: 'en', label: 'English' },
            { value: 'zh', label: '简体中文' },
          ],
          onChoose: (value) => void setLanguage(value as LanguageChoice),
        },
        { kind: 'line' },
        {
          kind: 'action',
          label: words.shortcuts,
          icon: Keyboard,
          onSelect: () => sessionStore.setState({ dialog: 'shortcuts' }),
        },
        { kind: 'action', label: words.tour, icon: Waypoints, onSelect: () => sessionStore.setState({ tour: true }) },
      ]}
    >
      <Settings aria-hidden size={16} strokeWidth={1.75} />
    </MenuButton>
  );
}
