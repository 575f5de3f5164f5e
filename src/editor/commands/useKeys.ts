import { useEffect } from 'react';

/**
 * Ties the commands' keys to the page, and cutting, copying and pasting to the system's clipboard. Commands are fetched
 * after the first picture; a key that is pressed before they are there waits for them.
 */
export function useKeys(): void {
  useEffect(() => {
    const early: KeyboardEvent[] = [];
    let handle: (event: KeyboardEvent) => void = (event) => early.push(event);
    const onKey = (event: KeyboardEvent) => handle(event);
    window.addEventListener('keydown', onKey);
    let gone = false;
    let stopClipboard: (() => void) | undefined;
    void Promise.all([import('tinykeys'), import('./bindings.ts'), import('./clipboardEvents.ts')]).then(
      ([{ createKeybindingsHandler }, { keyBindings }, { answerClipboard }]) => {
        if (gone) return;
        handle = createKeybindingsHandler(keyBindings());
        stopClipboard = answerClipboard();
        for (const event of early) handle(event);
      },
    );
    return () => {
      gone = true;
      window.removeEventListener('keydown', onKey);
      stopClipboard?.();
    };
  }, []);
}
