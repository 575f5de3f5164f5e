import type { CSSProperties, InputHTMLAttributes } from 'react';

/** A slider in the page's own form; `theme.css` fills its track up to `--share`. */
export function Range({
  className = '',
  ...rest
}: InputHTMLAttributes<HTMLInputElement> & { readonly min: number; readonly max: number; readonly value: number }) {
  const { min, max, value } = rest;
  const share = max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 0;
  return (
    <input
      type="range"
      {...rest}
      style={{ '--share': share } as CSSProperties}
      className={`h-4 min-w-0 cursor-pointer rounded-sm outline-none focus-visible:ring-2 focus-visible:ring-accent pointer-coarse:h-8 ${className}`}
    />
  );
}
