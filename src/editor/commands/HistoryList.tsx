import { Command as Menu } from 'cmdk';
import { Check } from 'lucide-react';
import { useStore } from 'zustand';
import { messages, translate } from '../i18n/language.ts';
import { documentStore } from '../stores/document.ts';

/** Every state of the document by the edit that led there, newest first; choosing one goes there. */
export function HistoryList({ close }: { readonly close: () => void }) {
  const { past, future } = useStore(documentStore, (state) => state.history);
  const words = messages().history;
  const now = past.length;
  // What was undone last is what would be done again first.
  const states = [words.beginning, ...[...past, ...future].map(({ label }) => translate(label))]
    .map((label, steps) => ({ label, steps }))
    .reverse();
  return (
    <Menu label={words.title} loop defaultValue={String(now)}>
      <Menu.Input
        autoFocus
        placeholder={words.search}
        className="w-full border-b border-line bg-transparent px-4 py-3 text-sm text-ink outline-none placeholder:text-muted"
      />
      <Menu.List className="max-h-96 overflow-y-auto p-1.5">
        <Menu.Empty className="px-3 py-6 text-center text-xs text-muted">{words.none}</Menu.Empty>
        {states.map(({ label, steps }) => (
          <Menu.Item
            key={steps}
            value={String(steps)}
            keywords={[label]}
            onSelect={() => {
              documentStore.getState().jump(steps);
              close();
            }}
            className="flex cursor-default items-center gap-2.5 rounded-md px-2 py-1.5 text-[13px] data-[selected=true]:bg-raised"
          >
            <span className="grid size-4 place-items-center">
              {steps === now && <Check role="img" aria-label={words.now} size={14} className="text-accent" />}
            </span>
            <span className={`flex-1 truncate ${steps > now ? 'text-muted' : 'text-ink'}`}>{label}</span>
            {steps > now && <span className="text-[11px] text-muted">{words.undone}</span>}
          </Menu.Item>
        ))}
      </Menu.List>
    </Menu>
  );
}
