import { useEffect } from 'react';
import { tinykeys } from 'tinykeys';
import { copySelection, pasteText } from '../stores/edits.ts';
import { arrowKeys, commands } from './commands.ts';

/** Whether a person is typing: keys then belong to the field. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, .monaco-editor, [role=textbox], [role=dialog]') !== null
  );
}

/** Arrow keys move layers only when no control of its own uses them. */
function usesArrows(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('[role=tablist], [role=menu], [role=slider], [role=separator]') !== null
  );
}

/** Ties the commands' keys to the page, and copying and pasting to the system's clipboard. */
export function useKeys(): void {
  useEffect(() => {
    const bindings: Record<string, (event: KeyboardEvent) => void> = {};
    for (const command of commands) {
      for (const key of command.keys ?? []) {
        if (key === '$mod+c') continue;
        bindings[key] = (event) => {
          const anywhere = ['commands', 'train', 'projects'].includes(command.id);
          if ((isTyping(event.target) && !anywhere) || command.enabled?.() === false) return;
          event.preventDefault();
          command.run();
        };
      }
    }
    for (const [key, run] of Object.entries(arrowKeys)) {
      bindings[key] = (event) => {
        if (isTyping(event.target) || usesArrows(event.target)) return;
        event.preventDefault();
        run();
      };
    }
    const stop = tinykeys(window, bindings);
    const onCopy = (event: ClipboardEvent) => {
      const text = isTyping(event.target) || getSelection()?.toString() ? undefined : copySelection();
      if (!text) return;
      event.clipboardData?.setData('text/plain', text);
      event.preventDefault();
    };
    const onPaste = (event: ClipboardEvent) => {
      if (isTyping(event.target)) return;
      if (pasteText(event.clipboardData?.getData('text/plain') ?? '')) event.preventDefault();
    };
    document.addEventListener('copy', onCopy);
    document.addEventListener('paste', onPaste);
    return () => {
      stop();
      document.removeEventListener('copy', onCopy);
      document.removeEventListener('paste', onPaste);
    };
  }, []);
}
