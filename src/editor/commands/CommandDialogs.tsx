import { Command as Menu } from 'cmdk';
import { Check } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { commandLabel, messages, translate } from '../i18n/language.ts';
import { sessionStore } from '../stores/session.ts';
import { tintStyle } from '../ui/controls.tsx';
import { focusWhole } from '../ui/focusWhole.ts';
import { Keys, keyText } from '../ui/Keys.tsx';
import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { HistoryList } from './HistoryList.tsx';
import { shortcuts } from './pageCommands.ts';

const GROUPS = ['Train', 'Edit', 'Arrange', 'View', 'File', 'Templates', 'Help'] as const;

/** The command palette, the list of shortcuts and the history. */
export function CommandDialogs() {
  const dialog = useStore(sessionStore, (state) => state.dialog);
  const close = () => sessionStore.setState({ dialog: undefined });
  return (
    <>
      <Frame open={dialog === 'commands'} title={messages().commands.all} onClose={close}>
        <Menu label={messages().commands.all} loop>
          <Menu.Input
            autoFocus
            placeholder={messages().commands.ask}
            className="w-full border-b border-line bg-transparent px-4 py-3 text-sm text-ink outline-none placeholder:text-muted"
          />
          <Menu.List className="max-h-96 overflow-y-auto p-1.5">
            <Menu.Empty className="px-3 py-6 text-center text-xs text-muted">{messages().commands.none}</Menu.Empty>
            {GROUPS.map((group) => (
              <Menu.Group
                key={group}
                heading={messages().commands.groups[group]}
                className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-[11px] [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-muted"
              >
                {commands
                  .filter((command) => command.group === group && command.id !== 'commands')
                  .map((command) => (
                    <Item key={command.id} command={command} close={close} />
                  ))}
              </Menu.Group>
            ))}
          </Menu.List>
        </Menu>
      </Frame>
      <Frame quiet open={dialog === 'shortcuts'} title={commandLabel(shortcuts.id, shortcuts.label)} onClose={close}>
        <h2 className="border-b border-line px-4 py-3 text-sm font-semibold">
          {commandLabel(shortcuts.id, shortcuts.label)}
        </h2>
        <div
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className="max-h-[60vh] overflow-y-auto p-4 text-xs outline-none focus-visible:ring-2 focus-visible:ring-accent focus-visible:ring-inset"
        >
          {GROUPS.map((group) => (
            <ShortcutGroup key={group} title={messages().commands.groups[group]} group={group} />
          ))}
        </div>
      </Frame>
      <Frame open={dialog === 'history'} title={messages().history.title} onClose={close}>
        <HistoryList close={close} />
      </Frame>
    </>
  );
}

/** What keys do that are no command: they come from the hand, not from a list. */
const GESTURES: Readonly<
  Partial<Record<Command['group'], readonly ('move' | 'next' | 'several' | 'rewire' | 'splice' | 'reframe' | 'pan')[]>>
> = {
  Edit: ['several', 'next', 'rewire', 'splice'],
  Arrange: ['move', 'reframe'],
  View: ['pan'],
};

function ShortcutGroup({ title, group }: { readonly title: string; readonly group: Command['group'] }) {
  const words = messages().commands;
  const listed = commands.filter((command) => command.group === group && command.keys);
  const gestures = GESTURES[group] ?? [];
  const keysOf = (name: (typeof gestures)[number]): string => {
    const text = words[`${name}Keys`];
    return typeof text === 'string' ? text : text(keyText('$mod'));
  };
  if (listed.length + gestures.length === 0) return null;
  return (
    <section aria-label={title} className="mb-4 last:mb-0">
      <h3 className="mb-1.5 text-[11px] font-medium text-muted">{title}</h3>
      <dl className="grid grid-cols-[minmax(45%,1fr)_auto] items-center gap-x-6 gap-y-2">
        {listed.map(({ id, label, keys }) => (
          <div key={id} className="contents">
            <dt>{commandLabel(id, label)}</dt>
            <dd className="flex flex-wrap justify-end gap-1.5">
              {keys?.map((key) => (
                <Keys key={key} keys={key} />
              ))}
            </dd>
          </div>
        ))}
        {gestures.map((name) => (
          <div key={name} className="contents">
            <dt>{words[name]}</dt>
            <dd className="text-right text-muted">{keysOf(name)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Item({ command, close }: { readonly command: Command; readonly close: () => void }) {
  const Icon = command.icon;
  const disabled = command.enabled?.() === false;
  const detail = command.detail?.();
  return (
    <Menu.Item
      value={commandLabel(command.id, command.label)}
      disabled={disabled}
      onSelect={() => {
        close();
        command.run();
      }}
      className="flex cursor-default items-center gap-2.5 rounded-md px-2 py-1.5 text-[13px] text-ink data-[disabled=true]:opacity-45 data-[selected=true]:bg-raised"
    >
      <Icon
        aria-hidden
        size={15}
        className="text-muted"
        {...(command.tint ? { style: tintStyle(`var(--tag-${command.tint})`) } : {})}
      />
      <span className="shrink-0">{commandLabel(command.id, command.label)}</span>
      <span className="min-w-0 flex-1 truncate text-xs text-muted">{detail && translate(detail)}</span>
      {command.checked?.() && (
        <Check role="img" aria-label={messages().commands.on} size={14} className="text-accent" />
      )}
      {command.keys?.[0] && <Keys keys={command.keys[0]} />}
    </Menu.Item>
  );
}

function Frame(props: {
  readonly open: boolean;
  /** It is read, not typed into. */
  readonly quiet?: boolean;
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Dialog.Root open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          {...(props.quiet ? { onOpenAutoFocus: focusWhole } : {})}
          className="fixed top-[14vh] left-1/2 z-50 w-[min(560px,calc(100vw-24px))] -translate-x-1/2 overflow-hidden rounded-xl border border-line bg-surface text-ink shadow-2xl outline-none"
        >
          <Dialog.Title className="sr-only">{props.title}</Dialog.Title>
          {props.children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
