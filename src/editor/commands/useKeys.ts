import { useEffect } from 'react';

/**
 * Ties the commands' keys to the page, and cutting, copying and pasting to the system's clipboard. Commands are fetched
 * after the first picture; a key that is pressed before they are there waits for them.
 */
export function useKeys(): void {
  useEffect(() => {
    const early: KeyboardEvent[] = [];
    let handle: (event: KeyboardEvent) => void = (event) => early.push(event);
    // A layer that has the focus is moved by React Flow with an arrow key, whatever else is held: Alt is ours, and first.
    const isFirst = ({ altKey, key }: KeyboardEvent) => altKey && key.startsWith('Arrow');
    const onKey = (event: KeyboardEvent) => {
      if (!isFirst(event)) handle(event);
    };
    const onFirst = (event: KeyboardEvent) => {
      if (isFirst(event)) handle(event);
    };
    window.addEventListener('keydown', onKey);
    window.addEventListener('keydown', onFirst, true);
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
      window.removeEventListener('keydown', onFirst, true);
      stopClipboard?.();
    };
  }, []);
}
