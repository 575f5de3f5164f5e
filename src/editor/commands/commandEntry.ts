import { commandLabel } from '../i18n/language.ts';
import type { MenuEntry } from '../ui/MenuButton.tsx';
import type { Command } from './command.ts';

/** A command as a line of a menu, under its own name or another one. */
export function commandEntry(
  { id, label, icon, tint, keys, enabled, checked, run }: Command,
  name?: string,
): MenuEntry {
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

/** Commands of which one is on, as lines of a menu that are chosen among. */
export function choiceEntry(commands: readonly Command[]): MenuEntry {
  return {
    kind: 'choices',
    value: commands.find(({ checked }) => checked?.())?.id ?? '',
    options: commands.map(({ id, label }) => ({ value: id, label: commandLabel(id, label) })),
    onChoose: (chosen) => commands.find(({ id }) => id === chosen)?.run(),
  };
}
