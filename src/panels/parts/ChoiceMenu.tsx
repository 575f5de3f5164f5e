import { ChevronDown, type LucideIcon } from 'lucide-react';
import { MenuButton, type MenuEntry } from '../../editor/ui/MenuButton.tsx';

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly title: string;
  /** What it is, or why it can't be chosen. */
  readonly description: string;
  readonly available: boolean;
}

/** One of a few, each with a line that explains it: a native select has no room for that. */
export function ChoiceMenu<Value extends string>(props: {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly value: Value;
  /** Shown on the button. */
  readonly shown: string;
  /** On a phone the button is its icon alone. */
  readonly brief?: boolean;
  readonly choices: readonly Choice<Value>[];
  readonly disabled?: boolean;
  readonly onChoose: (value: Value) => void;
  /** A last line that does something else: brings in a choice of one's own. */
  readonly more?: MenuEntry;
}) {
  const Icon = props.icon;
  return (
    <MenuButton
      label={`${props.label}: ${props.shown}`}
      title={props.label}
      disabled={props.disabled}
      className={`flex h-8 items-center ${props.brief ? 'min-w-0 max-md:shrink-0' : 'min-w-0'} gap-1.5 rounded-md border border-line bg-surface px-2 text-xs font-medium text-ink outline-none hover:bg-raised focus-visible:ring-2 focus-visible:ring-accent disabled:opacity-50 data-[state=open]:bg-raised`}
      entries={[
        { kind: 'heading', text: props.label },
        {
          kind: 'choices',
          value: props.value,
          options: props.choices.map(({ value, title, description, available }) => ({
            value,
            label: title,
            description,
            disabled: !available,
          })),
          onChoose: (value) => props.onChoose(value as Value),
        },
        ...(props.more ? [{ kind: 'line' } as const, props.more] : []),
      ]}
    >
      <Icon aria-hidden size={14} className="shrink-0 text-muted" />
      <span className={`truncate ${props.brief ? 'max-md:sr-only' : ''}`}>{props.shown}</span>
      <ChevronDown aria-hidden size={12} className="shrink-0 text-muted" />
    </MenuButton>
  );
}
