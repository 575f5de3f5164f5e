const FIELD =
  'h-7 w-full min-w-0 rounded-md border border-line bg-canvas px-2 text-xs text-ink outline-none placeholder:text-faint hover:border-faint focus:border-accent focus-visible:ring-1 focus-visible:ring-accent aria-invalid:border-danger aria-invalid:ring-danger';

/** A field for words. */
export const fieldClass = FIELD;
/** A field for numbers and formulas. */
export const numberClass = `${FIELD} font-mono tabular-nums`;
