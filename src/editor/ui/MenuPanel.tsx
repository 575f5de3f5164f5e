import { Check, ChevronRight } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { tintStyle } from './controls.tsx';
import { Keys } from './Keys.tsx';
import type { MenuEntry } from './MenuButton.tsx';

/** Above notices: what a person has just opened is not covered by what the page has to say. */
const PANEL =
  'z-[70] max-w-72 min-w-48 max-h-(--radix-dropdown-menu-content-available-height) overflow-y-auto rounded-lg border border-line bg-surface p-1 text-ink shadow-lg';

/** What a menu shows when it is open; to be put into a `DropdownMenu.Root`. */
export function MenuPanel(props: {
  readonly entries: readonly MenuEntry[];
  readonly align?: 'start' | 'end' | undefined;
  /** Beside the place where it opens it can be moved up as far as it needs; below, it only turns to the other side. */
  readonly side?: 'bottom' | 'right';
  /** Where no button names the menu. */
  readonly label?: string;
}) {
  return (
    <DropdownMenu.Portal>
      <DropdownMenu.Content
        {...(props.label === undefined ? {} : { 'aria-label': props.label, 'aria-labelledby': undefined })}
        side={props.side ?? 'bottom'}
        align={props.align ?? 'start'}
        sideOffset={props.side === 'right' ? 2 : 4}
        collisionPadding={8}
        className={PANEL}
      >
        <Entries entries={props.entries} />
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  );
}

/** Narrower windows have no room for two menus side by side: there the second lies over the first. */
export const TWO_WIDE = 600;

const ITEM =
  'min-h-7.5 cursor-default rounded-md px-2 py-1 text-xs outline-none data-[disabled]:cursor-not-allowed data-[disabled]:opacity-60 data-[highlighted]:bg-raised data-[state=open]:bg-raised';

function Entries({ entries }: { readonly entries: readonly MenuEntry[] }) {
  return entries.map((entry, i) => <Entry key={i} entry={entry} />);
}

function Entry({ entry }: { readonly entry: MenuEntry }) {
  switch (entry.kind) {
    case 'heading':
      return (
        <DropdownMenu.Label className="px-2 py-1 text-[11px] font-medium text-muted">{entry.text}</DropdownMenu.Label>
      );
    case 'line':
      return <DropdownMenu.Separator className="mx-2 my-1 h-px bg-line" />;
    case 'action': {
      const content = (
        <>
          <Mark entry={entry} />
          <span className="flex-1 truncate">{entry.label}</span>
          {entry.keys && (
            // Fingers have no keys.
            <span className="pointer-coarse:hidden">
              <Keys keys={entry.keys} />
            </span>
          )}
        </>
      );
      const common = { disabled: entry.disabled ?? false, className: `flex items-center gap-2 ${ITEM}` };
      return entry.checked === undefined ? (
        <DropdownMenu.Item {...common} onSelect={entry.onSelect}>
          {content}
        </DropdownMenu.Item>
      ) : (
        <DropdownMenu.CheckboxItem {...common} checked={entry.checked} onSelect={entry.onSelect}>
          {content}
        </DropdownMenu.CheckboxItem>
      );
    }
    case 'submenu': {
      const Icon = entry.icon;
      return (
        <DropdownMenu.Sub>
          <DropdownMenu.SubTrigger className={`flex items-center gap-2 ${ITEM}`}>
            <Icon aria-hidden size={14} className="text-muted" />
            <span className="flex-1 truncate">{entry.label}</span>
            <ChevronRight aria-hidden size={14} className="text-muted" />
          </DropdownMenu.SubTrigger>
          <DropdownMenu.Portal>
            <DropdownMenu.SubContent
              sideOffset={innerWidth < TWO_WIDE ? -160 : 4}
              alignOffset={-4}
              collisionPadding={8}
              className={PANEL}
            >
              <Entries entries={entry.entries} />
            </DropdownMenu.SubContent>
          </DropdownMenu.Portal>
        </DropdownMenu.Sub>
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

/** The place before a label: a tick for what is on, a swatch of a colour, an icon, or room for one. */
function Mark({ entry }: { readonly entry: MenuEntry & { readonly kind: 'action' } }) {
  const { icon: Icon, checked, tint } = entry;
  if (checked) return <Check aria-hidden size={14} className="shrink-0 text-accent" />;
  return Icon ? (
    <Icon aria-hidden size={14} className="shrink-0 text-muted" {...(tint ? { style: tintStyle(tint) } : {})} />
  ) : (
    <span className="w-3.5 shrink-0" />
  );
}
