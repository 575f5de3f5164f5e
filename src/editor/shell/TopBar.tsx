import { FolderOpen, Keyboard, Moon, Redo2, Search, Sun, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { useMessages } from '../i18n/language.ts';
import { documentStore } from '../stores/document.ts';
import { sessionStore, setTheme } from '../stores/session.ts';
import { IconButton } from '../ui/controls.tsx';

/** Name of the model, templates, undo; the run controls; theme and help. */
export function TopBar({ runControls }: { readonly runControls: ReactNode }) {
  return (
    <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-surface px-3 py-1.5">
      <h1 className="flex items-center gap-2 text-sm font-semibold">
        <Mark />
        <span className="max-lg:sr-only">Gradloom</span>
      </h1>
      <ProjectName />
      <ProjectsButton />
      <UndoButtons />
      <span aria-hidden className="h-5 w-px bg-line" />
      <div className="flex min-w-0 flex-1 items-center">{runControls}</div>
      <IconButton
        icon={Search}
        label="All commands (Ctrl+K)"
        onClick={() => sessionStore.setState({ dialog: 'commands' })}
      />
      <IconButton
        icon={Keyboard}
        label="Keyboard shortcuts (?)"
        onClick={() => sessionStore.setState({ dialog: 'shortcuts' })}
      />
      <ThemeButton />
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
  return (
    <input
      aria-label="Model name"
      value={name}
      onChange={(event) =>
        documentStore.getState().dispatch({ kind: 'rename', name: event.target.value }, { key: 'rename' })
      }
      className="h-7 w-44 min-w-0 truncate rounded-md border border-transparent bg-transparent px-1.5 text-[13px] font-medium text-ink outline-none hover:border-line focus:border-accent max-lg:w-32"
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

function UndoButtons() {
  const { past, future } = useStore(documentStore, (state) => state.history);
  const { undo, redo } = documentStore.getState();
  return (
    <div className="flex items-center">
      <IconButton
        icon={Undo2}
        label={past.length > 0 ? `Undo: ${past.at(-1)?.label}` : 'Nothing to undo'}
        disabled={past.length === 0}
        onClick={undo}
      />
      <IconButton
        icon={Redo2}
        label={future.length > 0 ? `Redo: ${future[0]?.label}` : 'Nothing to redo'}
        disabled={future.length === 0}
        onClick={redo}
      />
    </div>
  );
}

function ThemeButton() {
  const theme = useStore(sessionStore, (state) => state.theme);
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  return (
    <IconButton
      icon={dark ? Sun : Moon}
      label={dark ? 'Light theme' : 'Dark theme'}
      onClick={() => setTheme(dark ? 'light' : 'dark')}
    />
  );
}
