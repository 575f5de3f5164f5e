import type { LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactNode } from 'react';

const FOCUS = 'outline-none focus-visible:ring-2 focus-visible:ring-accent';

/** A button that is only an icon; its name is said and shown on hover. */
export function IconButton({
  icon: Icon,
  label,
  active,
  ...rest
}: {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly active?: boolean;
} & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={`grid size-8 shrink-0 place-items-center rounded-md text-muted hover:bg-raised hover:text-ink disabled:pointer-events-none disabled:opacity-40 ${FOCUS} ${active ? 'bg-raised text-ink' : ''}`}
    >
      <Icon aria-hidden size={16} strokeWidth={1.75} />
    </button>
  );
}

/** A button with words, of middle weight. */
export function TextButton({
  children,
  ...rest
}: { readonly children: ReactNode } & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button
      type="button"
      {...rest}
      className={`flex h-7 items-center gap-1.5 rounded-md border border-line bg-surface px-2 text-xs font-medium text-ink hover:bg-raised disabled:opacity-50 ${FOCUS}`}
    >
      {children}
    </button>
  );
}

/** Tabs over a panel. Arrow keys move between them, as ARIA asks. */
export function TabBar<Tab extends string>(props: {
  readonly label: string;
  readonly tabs: readonly { readonly id: Tab; readonly title: string; readonly count?: number }[];
  readonly value: Tab;
  readonly onChange: (tab: Tab) => void;
  readonly panel: string;
}) {
  const { tabs, value, onChange } = props;
  const move = (step: number) => {
    const at = tabs.findIndex(({ id }) => id === value);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (!next) return;
    onChange(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <div
      role="tablist"
      aria-label={props.label}
      className="flex h-9 shrink-0 items-stretch gap-1 overflow-x-auto border-b border-line bg-surface px-2"
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight') move(1);
        if (event.key === 'ArrowLeft') move(-1);
      }}
    >
      {tabs.map(({ id, title, count }) => (
        <button
          key={id}
          id={`tab-${id}`}
          type="button"
          role="tab"
          aria-selected={id === value}
          aria-controls={props.panel}
          tabIndex={id === value ? 0 : -1}
          onClick={() => onChange(id)}
          className={`relative flex items-center gap-1.5 whitespace-nowrap rounded-sm px-2 text-xs font-medium ${FOCUS} ${
            id === value
              ? 'text-ink after:absolute after:inset-x-1 after:bottom-0 after:h-0.5 after:rounded-full after:bg-accent'
              : 'text-muted hover:text-ink'
          }`}
        >
          {title}
          {count ? <span className="rounded-full bg-raised px-1.5 text-[11px] leading-4 text-ink">{count}</span> : null}
        </button>
      ))}
    </div>
  );
}
