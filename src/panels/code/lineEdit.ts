/** The lines that differ between two texts, as one replacement. Line numbers start at 1. */
export interface LineEdit {
  /** First line that is replaced. */
  readonly from: number;
  /** How many lines of the old text go. */
  readonly removed: number;
  readonly added: readonly string[];
}

/** The smallest run of whole lines that turns one text into the other; undefined for equal texts. */
export function lineEdit(before: string, after: string): LineEdit | undefined {
  if (before === after) return undefined;
  const old = before.split('\n');
  const fresh = after.split('\n');
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start++;
  let end = 0;
  const most = Math.min(old.length, fresh.length) - start;
  while (end < most && old[old.length - 1 - end] === fresh[fresh.length - 1 - end]) end++;
  return { from: start + 1, removed: old.length - start - end, added: fresh.slice(start, fresh.length - end) };
}
