import { IconButton } from '../ui/controls.tsx';
import type { Command } from './command.ts';
import { useCommand } from './useCommand.ts';

/** A command as a button that is only its icon. */
export function CommandButton({ command }: { readonly command: Command }) {
  const { label, title, enabled } = useCommand(command);
  return <IconButton icon={command.icon} label={label} title={title} disabled={!enabled} onClick={command.run} />;
}
