import { Copy, Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { locale, messages, useMessages } from '../i18n/language.ts';
import { projects } from '../stores/persistence.ts';
import type { ProjectRecord, Score } from '../stores/projects/storage.ts';
import { MenuButton } from '../ui/MenuButton.tsx';
import { notify } from '../ui/notify.ts';
import { CARD, CardBody } from './card.tsx';
import { ModelThumbnail } from './ModelThumbnail.tsx';

/** A stored project: opens with a click; its menu renames, copies and deletes it. */
export function ProjectCard({ record, close }: { readonly record: ProjectRecord; readonly close: () => void }) {
  const words = useMessages().projects;
  const isOpen = useStore(projects.state, ({ current }) => current === record.id);
  const [renaming, setRenaming] = useState(false);
  return (
    <div className="group relative flex">
      <button type="button" className={`${CARD} w-full`} onClick={() => void open(record, close)}>
        <ModelThumbnail picture={record.picture} />
        <CardBody title={record.name} {...(isOpen && { aside: words.open })}>
          <span>
            {[words.layers(record.picture.nodes.length), scoreText(record.score)].filter(Boolean).join(' · ')}
          </span>
          <span className="text-[11px]">{words.edited(timeText(record.edited))}</span>
        </CardBody>
      </button>
      {renaming && (
        <input
          ref={focusAll}
          aria-label={words.renamed}
          defaultValue={record.name}
          className="absolute inset-x-2 bottom-12 h-7 rounded-md border border-accent bg-surface px-1.5 text-[13px] outline-none"
          onBlur={(event) => {
            setRenaming(false);
            const name = event.target.value.trim();
            if (name && name !== record.name) void projects.rename(record.id, name);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur();
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            event.currentTarget.value = record.name;
            event.currentTarget.blur();
          }}
        />
      )}
      <div className="absolute top-1.5 right-1.5">
        <MenuButton
          label={words.actions(record.name)}
          align="end"
          className="grid size-7 place-items-center rounded-md border border-line bg-surface text-muted outline-none hover:text-ink focus-visible:ring-2 focus-visible:ring-accent"
          entries={[
            {
              kind: 'action',
              label: words.rename,
              icon: Pencil,
              onSelect: () => setTimeout(() => setRenaming(true), AFTER_MENU),
            },
            {
              kind: 'action',
              label: words.duplicate,
              icon: Copy,
              onSelect: () => void projects.duplicate(record.id, words.copyOf(record.name)),
            },
            // What is open can't go: there would be nothing to look at.
            {
              kind: 'action',
              label: words.remove,
              icon: Trash2,
              disabled: isOpen,
              onSelect: () => void remove(record),
            },
          ]}
        >
          <Ellipsis aria-hidden size={14} />
        </MenuButton>
      </div>
    </div>
  );
}

async function open({ id, name }: ProjectRecord, close: () => void): Promise<void> {
  close();
  if (!(await projects.open(id))) notify.error(messages().projects.unreadable(name));
}

async function remove({ id, name }: ProjectRecord): Promise<void> {
  const bringBack = await projects.remove(id);
  const words = messages().projects;
  notify.info(words.removed(name), { action: { label: words.undo, onClick: () => void bringBack() } });
}

function scoreText(score: Score | undefined): string | undefined {
  const words = messages().projects;
  if (!score) return undefined;
  return score.metric === 'accuracy'
    ? words.accuracy((100 * score.value).toFixed(1))
    : words.loss(score.value.toPrecision(3));
}

/** The menu gives the focus back to its button when it closes; the field takes it after that. In milliseconds. */
const AFTER_MENU = 60;

const focusAll = (field: HTMLInputElement | null): void => {
  field?.focus();
  field?.select();
};

const MINUTE = 60_000;

/** `5 minutes ago`; a date for what is older than a week. */
function timeText(time: number): string {
  const minutes = Math.round((time - Date.now()) / MINUTE);
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
  if (minutes > -60) return relative.format(minutes, 'minute');
  if (minutes > -24 * 60) return relative.format(Math.round(minutes / 60), 'hour');
  if (minutes > -7 * 24 * 60) return relative.format(Math.round(minutes / 60 / 24), 'day');
  return new Date(time).toLocaleDateString(locale(), { dateStyle: 'medium' });
}
