import type { ReactNode } from 'react';
import { translate } from '../../i18n/language.ts';

/** Label and field side by side, with more or less room for the field, or one below the other where it is for text. */
const ROWS = {
  beside: 'group/field grid grid-cols-[minmax(0,1fr)_9rem] items-center gap-x-2 gap-y-1',
  wide: 'group/field grid grid-cols-[minmax(5.5rem,2fr)_3fr] items-center gap-x-3 gap-y-1',
  below: 'group/field flex flex-col gap-1',
} as const;

/** A labelled field; below it what is wrong with it or, where help is shown, what it means. */
export function FieldRow(props: {
  readonly id: string;
  readonly label: string;
  /** English, or in the page's language already. */
  readonly help: string;
  readonly showsHelp?: boolean;
  readonly problem?: string | undefined;
  readonly layout?: keyof typeof ROWS;
  /** Stands beside the label. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}) {
  const {
    id,
    label,
    help,
    showsHelp = false,
    problem,
    layout = showsHelp ? 'wide' : 'beside',
    action,
    children,
  } = props;
  const below = problem ?? help;
  return (
    <div className={ROWS[layout]}>
      <span className="flex min-w-0 items-center gap-1">
        <label htmlFor={id} title={translate(help)} className="truncate text-xs text-ink">
          {label}
        </label>
        {action}
      </span>
      {children}
      {below && (
        <p
          id={`${id}-help`}
          role={problem ? 'alert' : undefined}
          className={
            problem
              ? 'col-span-full text-[11px] leading-snug text-danger'
              : showsHelp
                ? 'col-span-full text-[11px] leading-snug text-muted'
                : 'sr-only'
          }
        >
          {translate(below)}
        </p>
      )}
    </div>
  );
}
