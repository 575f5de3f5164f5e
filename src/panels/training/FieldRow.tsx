import type { ReactNode } from 'react';
import { translate } from '../../editor/i18n/language.ts';

export const fieldClass =
  'h-7 w-full min-w-0 rounded-md border bg-surface px-2 text-xs text-ink outline-none hover:border-muted focus-visible:ring-2 focus-visible:ring-accent';

/** A labelled field with its help, or what is wrong with it, below. */
export function FieldRow(props: {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly problem?: string | undefined;
  readonly children: ReactNode;
}) {
  const { id, label, help, problem, children } = props;
  return (
    <div className="grid grid-cols-[minmax(5.5rem,2fr)_3fr] items-center gap-x-3 gap-y-0.5">
      <label htmlFor={id} className="truncate text-xs text-ink" title={help}>
        {label}
      </label>
      {children}
      <p
        id={`${id}-help`}
        role={problem ? 'alert' : undefined}
        className={`col-span-2 text-[11px] leading-snug ${problem ? 'text-danger' : 'text-muted'}`}
      >
        {problem ? `${label} ${translate(problem)}` : help}
      </p>
    </div>
  );
}
