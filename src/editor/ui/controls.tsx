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

/** A button with words, of middle weight; `primary` where it is what is done next. */
export function TextButton({
  children,
  primary = false,
  ...rest
}: { readonly children: ReactNode; readonly primary?: boolean } & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button
      type="button"
      {...rest}
      className={`flex h-7 shrink-0 items-center gap-1.5 rounded-md border px-2 text-xs font-medium disabled:opacity-50 ${
        primary
          ? 'border-primary bg-primary text-primary-ink hover:brightness-110'
          : 'border-line bg-surface text-ink hover:bg-raised'
      } ${FOCUS} ${primary ? 'focus-visible:ring-offset-1 focus-visible:ring-offset-surface' : ''}`}
    >
      {children}
    </button>
  );
}
