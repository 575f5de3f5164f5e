/** Characters shown before and after the one that is wrong. */
const AROUND = 14;

/** The part of the text around a wrong character, with that character marked. */
export function MarkedColumn({ text, column }: { readonly text: string; readonly column: number }) {
  const at = column - 1;
  const start = Math.max(0, at - AROUND);
  const end = Math.min(text.length, at + 1 + AROUND);
  return (
    <code className="truncate font-mono text-[11px] text-muted" aria-hidden>
      {start > 0 && '…'}
      {text.slice(start, at)}
      <mark className="rounded-sm bg-danger/20 px-px text-danger underline decoration-wavy">
        {text.slice(at, at + 1).trim() || '\u2423'}
      </mark>
      {text.slice(at + 1, end)}
      {end < text.length && '…'}
    </code>
  );
}
