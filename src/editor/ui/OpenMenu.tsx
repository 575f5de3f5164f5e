import { Check } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { MenuButtonProps, MenuEntry } from './MenuButton.tsx';

/** A button whose menu is open at first; the whole of what `MenuButton` stands in for until then. */
function OpenMenu(props: MenuButtonProps) {
  return (
    <DropdownMenu.Root defaultOpen modal={false}>
      <DropdownMenu.Trigger
        disabled={props.disabled}
        aria-label={props.label}
        title={props.title}
        className={props.className}
      >
        {props.children}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={props.align ?? 'start'}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) max-w-72 min-w-48 overflow-y-auto rounded-lg border border-line bg-surface p-1 text-ink shadow-lg"
        >
          {props.entries.map((entry, i) => (
            <Entry key={i} entry={entry} />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const ITEM =
  'cursor-default rounded-md px-2 py-1.5 text-xs outline-none data-[disabled]:cursor-not-allowed data-[disabled]:opacity-60 data-[highlighted]:bg-raised';

function Entry({ entry }: { readonly entry: MenuEntry }) {
  switch (entry.kind) {
    case 'heading':
      return (
        <DropdownMenu.Label className="px-2 py-1 text-[11px] font-medium text-muted">{entry.text}</DropdownMenu.Label>
      );
    case 'line':
      return <DropdownMenu.Separator className="mx-2 my-1 h-px bg-line" />;
    case 'action': {
      const Icon = entry.icon;
      return (
        <DropdownMenu.Item
          disabled={entry.disabled ?? false}
          onSelect={entry.onSelect}
          className={`flex items-center gap-2 ${ITEM}`}
        >
          {Icon ? <Icon aria-hidden size={14} className="text-muted" /> : <span className="w-3.5" />}
          {entry.label}
        </DropdownMenu.Item>
      );
    }
    case 'choices':
      return (
        <DropdownMenu.RadioGroup value={entry.value} onValueChange={entry.onChoose}>
          {entry.options.map(({ value, label, description, disabled }) => (
            <DropdownMenu.RadioItem
              key={value}
              value={value}
              disabled={disabled ?? false}
              className={`grid grid-cols-[1rem_1fr] gap-x-1.5 ${ITEM}`}
            >
              <DropdownMenu.ItemIndicator className="col-start-1 row-start-1">
                <Check aria-hidden size={14} className="text-accent" />
              </DropdownMenu.ItemIndicator>
              <span className="col-start-2 row-start-1 font-medium">{label}</span>
              {description && <span className="col-start-2 leading-snug text-muted">{description}</span>}
            </DropdownMenu.RadioItem>
          ))}
        </DropdownMenu.RadioGroup>
      );
  }
}

export default OpenMenu;
