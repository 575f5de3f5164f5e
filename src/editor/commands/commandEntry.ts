import { commandLabel } from '../i18n/language.ts';
import type { MenuEntry } from '../ui/MenuButton.tsx';
import { commandOf } from './commands.ts';

/** A command as a line of a menu. */
export function commandEntry(id: string): MenuEntry {
  const { label, icon, tint, keys, enabled, checked, run } = commandOf(id);
  return {
    kind: 'action',
    label: commandLabel(id, label),
    icon,
    ...(tint ? { tint: `var(--tag-${tint})` } : {}),
    disabled: enabled?.() === false,
    ...(keys?.[0] ? { keys: keys[0] } : {}),
    ...(checked ? { checked: checked() } : {}),
    onSelect: run,
  };
}
