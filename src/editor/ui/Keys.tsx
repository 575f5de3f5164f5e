const NAMES: Readonly<Record<string, string>> = {
  Equal: '+',
  Minus: '−',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
};
const MAC_NAMES: Readonly<Record<string, string>> = { $mod: '⌘', Alt: '⌥', Shift: '⇧', Enter: '↩' };

/** The names of the keys of a combination as people write them on this system; given in tinykeys' notation. */
function keyNames(keys: string): string[] {
  const mac = /Mac|iP(hone|ad)/.test(navigator.platform);
  return (
    keys
      // A character that is typed with Shift says so itself.
      .replace(/^Shift\+(?=\W$)/, '')
      .split('+')
      .map((key) => {
        const named =
          (mac && MAC_NAMES[key]) || NAMES[key] || (key === '$mod' ? 'Ctrl' : key.replace(/^(Key|Digit)/, ''));
        return named.length === 1 ? named.toUpperCase() : named;
      })
  );
}

/** `Ctrl+Enter`. */
export const keyText = (keys: string): string => keyNames(keys).join('+');

/** A key combination. */
export function Keys({ keys }: { readonly keys: string }) {
  return (
    <kbd className="shrink-0 rounded border border-line bg-canvas px-1.5 font-sans text-[11px] leading-[18px] text-muted">
      {keyNames(keys).join(' ')}
    </kbd>
  );
}
