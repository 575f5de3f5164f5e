import { copySelection, cutSelection, pasteText } from '../stores/clipboard.ts';
import { isTyping } from './bindings.ts';

/** Cuts, copies and pastes layers where the browser says that a person wants to. @returns what ends this */
export function answerClipboard(): () => void {
  // The event of the clipboard does not say whether Shift was held.
  let shift = false;
  const onKey = (event: KeyboardEvent): void => {
    shift = event.shiftKey;
  };
  const isOurs = (event: ClipboardEvent): boolean => !isTyping(event.target) && !getSelection()?.toString();
  const give = (event: ClipboardEvent, text: string | undefined): void => {
    if (!text) return;
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
  };
  const onCopy = (event: ClipboardEvent): void => {
    if (isOurs(event)) give(event, copySelection());
  };
  const onCut = (event: ClipboardEvent): void => {
    if (isOurs(event)) cutSelection((text) => give(event, text));
  };
  const onPaste = (event: ClipboardEvent): void => {
    if (isTyping(event.target)) return;
    if (pasteText(event.clipboardData?.getData('text/plain') ?? '', { wired: shift })) event.preventDefault();
  };
  document.addEventListener('keydown', onKey, true);
  document.addEventListener('copy', onCopy);
  document.addEventListener('cut', onCut);
  document.addEventListener('paste', onPaste);
  return () => {
    document.removeEventListener('keydown', onKey, true);
    document.removeEventListener('copy', onCopy);
    document.removeEventListener('cut', onCut);
    document.removeEventListener('paste', onPaste);
  };
}
