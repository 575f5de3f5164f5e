import { TextButton } from '../ui/controls.tsx';
import type { Command } from './command.ts';
import { useCommand } from './useCommand.ts';

/** A command as a button with its icon and its name, or with other words where these say more just there. */
export function CommandText({ command, words }: { readonly command: Command; readonly words?: string }) {
  const { label, title, enabled } = useCommand(command);
  const Icon = command.icon;
  return (
    <TextButton title={title} disabled={!enabled} onClick={command.run}>
      <Icon aria-hidden size={13} /> {words ?? label}
    </TextButton>
  );
}
