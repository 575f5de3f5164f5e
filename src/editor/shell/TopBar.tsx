import { BookOpen, Keyboard, Moon, Redo2, Search, Sun, Undo2 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { allTemplates } from '../../engine/templates/registry.ts';
import { openTemplate } from '../commands/commands.ts';
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
      <TemplateMenu />
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

function TemplateMenu() {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        className="flex h-8 items-center gap-1.5 rounded-md border border-line bg-surface px-2 text-xs font-medium outline-none hover:bg-raised focus-visible:ring-2 focus-visible:ring-accent"
        aria-label="New from template"
      >
        <BookOpen aria-hidden size={14} className="text-muted" />
        <span className="max-xl:sr-only">Templates</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={6}
          className="z-50 max-h-[70vh] w-80 overflow-y-auto rounded-lg border border-line bg-surface p-1 text-ink shadow-xl"
        >
          {allTemplates().map(({ id, title, summary, level, expected }) => (
            <DropdownMenu.Item
              key={id}
              onSelect={() => openTemplate(id)}
              className="cursor-default rounded-md px-2.5 py-2 outline-none data-[highlighted]:bg-raised"
            >
              <p className="flex items-baseline justify-between gap-2 text-[13px] font-medium">
                {title} <span className="text-[11px] font-normal text-muted">{level}</span>
              </p>
              <p className="mt-0.5 text-xs leading-snug text-muted">{summary}</p>
              <p className="mt-0.5 text-[11px] text-muted">
                {expected.metric === 'accuracy'
                  ? `${(100 * expected.value).toFixed(0)}% accuracy`
                  : `test loss ${expected.value}`}{' '}
                after {expected.epochs} epochs
              </p>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
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
