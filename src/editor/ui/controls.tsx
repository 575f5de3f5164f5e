import type { LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactNode } from 'react';

const FOCUS = 'outline-none focus-visible:ring-2 focus-visible:ring-accent';

/** For the icon of something that stands for a colour. */
export const tintStyle = (tint: string) => ({ color: tint, fill: tint });

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
