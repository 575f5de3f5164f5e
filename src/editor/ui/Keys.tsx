const NAMES: Readonly<Record<string, string>> = {
  Equal: '+',
  Minus: '−',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
};
const MAC_NAMES: Readonly<Record<string, string>> = { $mod: '⌘', Alt: '⌥', Shift: '⇧', Enter: '↩' };

/** A key combination as people write it on this system; given in tinykeys' notation. */
export function Keys({ keys }: { readonly keys: string }) {
  const mac = /Mac|iP(hone|ad)/.test(navigator.platform);
  // A character that is typed with Shift says so itself.
  const names = keys
    .replace(/^Shift\+(?=\W$)/, '')
    .split('+')
    .map((key) => {
      const named =
        (mac && MAC_NAMES[key]) || NAMES[key] || (key === '$mod' ? 'Ctrl' : key.replace(/^(Key|Digit)/, ''));
      return named.length === 1 ? named.toUpperCase() : named;
    });
  return (
    <kbd className="shrink-0 rounded border border-line bg-canvas px-1.5 font-sans text-[11px] leading-[18px] text-muted">
      {names.join(' ')}
    </kbd>
  );
}
