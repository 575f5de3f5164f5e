import { commandLabel } from '../i18n/language.ts';
import type { MenuEntry } from '../ui/MenuButton.tsx';
import { commandOf } from './commands.ts';

/** A command as a line of a menu, under its own name or another one. */
export function commandEntry(id: string, name?: string): MenuEntry {
  const { label, icon, tint, keys, enabled, checked, run } = commandOf(id);
  return {
    kind: 'action',
    label: name ?? commandLabel(id, label),
    icon,
    ...(tint ? { tint: `var(--tag-${tint})` } : {}),
    disabled: enabled?.() === false,
    ...(keys?.[0] ? { keys: keys[0] } : {}),
    ...(checked ? { checked: checked() } : {}),
    onSelect: run,
  };
}
