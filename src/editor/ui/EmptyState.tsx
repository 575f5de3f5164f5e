import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** What a panel or the canvas shows while it has nothing: what will be here, and what to do for it. */
export function EmptyState(props: {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}) {
  const Icon = props.icon;
  return (
    <div className="flex h-full min-h-0 flex-col items-center justify-center gap-2 overflow-auto p-4 text-center">
      <span className="grid size-9 shrink-0 place-items-center rounded-lg border border-line bg-raised text-muted">
        <Icon aria-hidden size={18} strokeWidth={1.75} />
      </span>
      <p className="text-sm font-medium text-ink">{props.title}</p>
      <p className="max-w-80 text-xs leading-relaxed text-muted">{props.children}</p>
      {props.action}
    </div>
  );
}
