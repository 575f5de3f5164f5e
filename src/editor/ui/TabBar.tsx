import { type DragEvent, useEffect, useRef, useState } from 'react';

/** What is dragged is a tab: its id is the content. */
const DRAGGED_TAB = 'application/x-gradloom-tab';

interface TabBarProps<Tab extends string> {
  readonly label: string;
  readonly tabs: readonly {
    readonly id: Tab;
    readonly title: string;
    readonly count?: number;
    readonly hint?: string;
  }[];
  readonly value: Tab | undefined;
  readonly onChange: (tab: Tab) => void;
  readonly panel: string;
  /** Tabs can be dragged, also from another bar; `index` is the tab before which it was dropped. */
  readonly onMove?: (tab: string, index: number) => void;
  /** Alt with an arrow key on a tab. */
  readonly onShift?: (tab: Tab, key: string) => void;
}

/** Tabs over a panel. Arrow keys move between them, as ARIA asks. */
export function TabBar<Tab extends string>(props: TabBarProps<Tab>) {
  const { tabs, value, onChange, onMove, onShift } = props;
  const [drop, setDrop] = useState<number | undefined>();
  const bar = useRef<HTMLDivElement>(null);
  // On a phone some tabs are out of sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tab that is looked for follows from the value
  useEffect(() => {
    bar.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [value]);
  const step = (by: number) => {
    const at = tabs.findIndex(({ id }) => id === value);
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (!next) return;
    onChange(next.id);
    focusTab(next.id);
  };
  const dropping = onMove && {
    onDragOver: (event: DragEvent<HTMLElement>) => {
      if (!event.dataTransfer.types.includes(DRAGGED_TAB)) return;
      event.preventDefault();
      setDrop(dropIndex(event));
    },
    onDragLeave: () => setDrop(undefined),
    onDrop: (event: DragEvent<HTMLElement>) => {
      setDrop(undefined);
      const tab = event.dataTransfer.getData(DRAGGED_TAB);
      if (!tab) return;
      event.preventDefault();
      onMove(tab, dropIndex(event));
    },
  };
  return (
    <div
      ref={bar}
      role="tablist"
      aria-label={props.label}
      className="flex h-9 shrink-0 items-stretch gap-1 overflow-x-auto border-b border-line bg-surface px-2"
      onKeyDown={(event) => {
        if (event.altKey && onShift && value !== undefined && event.key.startsWith('Arrow')) {
          event.preventDefault();
          onShift(value, event.key);
          // It may stand in another bar now.
          requestAnimationFrame(() => focusTab(value));
        } else if (event.key === 'ArrowRight') step(1);
        else if (event.key === 'ArrowLeft') step(-1);
      }}
      {...dropping}
    >
      {tabs.map(({ id, title, count, hint }, index) => (
        <button
          key={id}
          id={`tab-${id}`}
          type="button"
          role="tab"
          aria-selected={id === value}
          aria-controls={props.panel}
          tabIndex={id === value ? 0 : -1}
          {...(hint ? { title: hint } : {})}
          draggable={onMove !== undefined}
          onDragStart={({ dataTransfer }) => {
            dataTransfer.setData(DRAGGED_TAB, id);
            dataTransfer.effectAllowed = 'move';
          }}
          onClick={() => onChange(id)}
          className={`relative flex items-center gap-1.5 whitespace-nowrap rounded-sm px-2 text-xs font-medium outline-none focus-visible:ring-2 focus-visible:ring-accent ${
            id === value
              ? 'text-ink after:absolute after:inset-x-1 after:bottom-0 after:h-0.5 after:rounded-full after:bg-accent'
              : 'text-muted hover:text-ink'
          } ${dropMark(drop, index, tabs.length)}`}
        >
          {title}
          {count ? <span className="rounded-full bg-raised px-1.5 text-[11px] leading-4 text-ink">{count}</span> : null}
        </button>
      ))}
    </div>
  );
}

/** Where a dropped tab would go: a line before that tab, or behind the last one. */
function dropMark(drop: number | undefined, index: number, count: number): string {
  if (drop === index) return 'shadow-[-2px_0_0_var(--accent)]';
  return drop === count && index === count - 1 ? 'shadow-[2px_0_0_var(--accent)]' : '';
}

/** The first tab whose middle lies to the right of the pointer. */
function dropIndex({ currentTarget, clientX }: DragEvent<HTMLElement>): number {
  const tabs = [...currentTarget.querySelectorAll('[role=tab]')];
  const index = tabs.findIndex((tab) => {
    const { left, width } = tab.getBoundingClientRect();
    return clientX < left + width / 2;
  });
  return index < 0 ? tabs.length : index;
}

const focusTab = (id: string): void => document.getElementById(`tab-${id}`)?.focus();
