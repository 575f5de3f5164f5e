/** For a dialog that is read before anything is chosen in it: the whole of it has the focus first, and no control a ring. */
export function focusWhole(event: Event): void {
  event.preventDefault();
  (event.target as HTMLElement).focus();
}
