import { Check, ChevronDown, type LucideIcon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';

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
  readonly choices: readonly Choice<Value>[];
  readonly disabled?: boolean;
  readonly onChoose: (value: Value) => void;
}) {
  const Icon = props.icon;
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        disabled={props.disabled}
        aria-label={`${props.label}: ${props.shown}`}
        title={props.label}
        className="flex h-8 min-w-0 items-center gap-1.5 rounded-md border border-line bg-surface px-2 text-xs font-medium text-ink outline-none hover:bg-raised focus-visible:ring-2 focus-visible:ring-accent disabled:opacity-50 data-[state=open]:bg-raised"
      >
        <Icon aria-hidden size={14} className="shrink-0 text-muted" />
        <span className="truncate">{props.shown}</span>
        <ChevronDown aria-hidden size={12} className="shrink-0 text-muted" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={4}
          className="z-50 max-h-96 w-72 overflow-y-auto rounded-lg border border-line bg-surface p-1 shadow-lg"
        >
          <DropdownMenu.Label className="px-2 py-1 text-[11px] font-medium text-muted">
            {props.label}
          </DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={props.value} onValueChange={(value) => props.onChoose(value as Value)}>
            {props.choices.map(({ value, title, description, available }) => (
              <DropdownMenu.RadioItem
                key={value}
                value={value}
                disabled={!available}
                className="grid cursor-default grid-cols-[1rem_1fr] gap-x-1.5 rounded-md px-2 py-1.5 text-xs outline-none data-[disabled]:cursor-not-allowed data-[highlighted]:bg-raised"
              >
                <DropdownMenu.ItemIndicator className="col-start-1 row-start-1">
                  <Check aria-hidden size={14} className="text-accent" />
                </DropdownMenu.ItemIndicator>
                <span className={`col-start-2 row-start-1 font-medium ${available ? 'text-ink' : 'text-muted'}`}>
                  {title}
                </span>
                <span className="col-start-2 leading-snug text-muted">{description}</span>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
