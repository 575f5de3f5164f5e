import { Command as Menu } from 'cmdk';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { commandLabel, messages } from '../i18n/language.ts';
import { sessionStore } from '../stores/session.ts';
import { type Command, commands } from './commands.ts';

const GROUPS = ['Train', 'Edit', 'View', 'Templates', 'Help'] as const;

/** The command palette and the list of shortcuts. */
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
      <Frame open={dialog === 'shortcuts'} title={messages().settings.shortcuts} onClose={close}>
        <h2 className="border-b border-line px-4 py-3 text-sm font-semibold">{messages().settings.shortcuts}</h2>
        <dl className="grid max-h-96 grid-cols-[1fr_auto] gap-x-6 gap-y-2 overflow-y-auto p-4 text-xs">
          {commands
            .filter(({ keys }) => keys)
            .map(({ id, label, keys }) => (
              <div key={id} className="contents">
                <dt>{commandLabel(id, label)}</dt>
                <dd className="flex justify-end gap-1.5">
                  {keys?.map((key) => (
                    <Keys key={key} keys={key} />
                  ))}
                </dd>
              </div>
            ))}
          <dt>{messages().commands.move}</dt>
          <dd className="text-right text-muted">{messages().commands.moveKeys}</dd>
          <dt>{messages().commands.several}</dt>
          <dd className="text-right text-muted">{messages().commands.severalKeys}</dd>
          <dt>{messages().commands.pan}</dt>
          <dd className="text-right text-muted">{messages().commands.panKeys}</dd>
        </dl>
      </Frame>
    </>
  );
}

function Item({ command, close }: { readonly command: Command; readonly close: () => void }) {
  const Icon = command.icon;
  const disabled = command.enabled?.() === false;
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
      <Icon aria-hidden size={15} className="text-muted" />
      <span className="flex-1 truncate">{commandLabel(command.id, command.label)}</span>
      {command.keys?.[0] && <Keys keys={command.keys[0]} />}
    </Menu.Item>
  );
}

/** A key combination as people write it on this system. */
export function Keys({ keys }: { readonly keys: string }) {
  const mac = /Mac|iP(hone|ad)/.test(navigator.platform);
  const names = keys
    .split('+')
    .map((key) => (key === '$mod' ? (mac ? '⌘' : 'Ctrl') : key.length === 1 ? key.toUpperCase() : key));
  return (
    <kbd className="rounded border border-line bg-canvas px-1.5 font-sans text-[11px] leading-[18px] text-muted">
      {names.join(' ')}
    </kbd>
  );
}

function Frame(props: {
  readonly open: boolean;
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
          className="fixed top-[14vh] left-1/2 z-50 w-[min(560px,calc(100vw-24px))] -translate-x-1/2 overflow-hidden rounded-xl border border-line bg-surface text-ink shadow-2xl"
        >
          <Dialog.Title className="sr-only">{props.title}</Dialog.Title>
          {props.children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
