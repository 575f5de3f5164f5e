import type { ReactNode } from 'react';

/** A card that is a button as a whole. */
export const CARD =
  'flex flex-col overflow-hidden rounded-lg border border-line bg-surface text-left outline-none hover:border-accent focus-visible:ring-2 focus-visible:ring-accent';

/** What stands under a card's picture. */
export function CardBody(props: { readonly title: string; readonly aside?: string; readonly children: ReactNode }) {
  return (
    <span className="flex flex-1 flex-col gap-1 border-t border-line px-3 py-2.5 text-xs text-muted">
      <span className="flex items-baseline justify-between gap-2">
        <span className="line-clamp-2 text-[13px] leading-snug font-medium text-ink">{props.title}</span>
        {props.aside && <span className="shrink-0 text-[11px]">{props.aside}</span>}
      </span>
      {props.children}
    </span>
  );
}
