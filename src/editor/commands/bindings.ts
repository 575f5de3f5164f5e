import { nudgeSelection, selectNeighbour } from '../stores/selectionMoves.ts';
import { sessionStore } from '../stores/session.ts';
import { commands } from './commands.ts';

/** Whether a person is typing, or a search is about to take the keys: they are no shortcuts then. */
export function isTyping(target: EventTarget | null): boolean {
  const { quickAdd, search, dialog } = sessionStore.getState();
  return (
    quickAdd !== undefined ||
    search !== undefined ||
    dialog !== undefined ||
    (target instanceof Element &&
      target.closest(
        'input:not([type=range], [type=checkbox]), textarea, select, .monaco-editor, [role=textbox], [role=dialog], [role=menu]',
      ) !== null)
  );
}

/** Arrow keys move layers only when no control of its own uses them. */
function usesArrows(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('[role=tablist], [role=slider], [role=separator], input[type=range]') !== null
  );
}

/** Whether Enter has a meaning of its own there: on buttons, links and tabs. */
function usesEnter(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a, summary, [role=tab]') !== null;
}

/** Moving with the arrow keys: not in lists, because nobody looks for it there. */
const ARROWS = [
  ['ArrowLeft', -10, 0],
  ['ArrowRight', 10, 0],
  ['ArrowUp', 0, -10],
  ['ArrowDown', 0, 10],
] as const;

/** Where a layer has the focus, the one that was selected last gets it: keys are about that one now. */
function takeFocusAlong(): void {
  const id = sessionStore.getState().nodes.at(-1);
  if (id === undefined || !document.activeElement?.closest('.react-flow__node')) return;
  document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
}

/** What each key does, from the commands' own definitions. */
export function keyBindings(): Record<string, (event: KeyboardEvent) => void> {
  const bindings: Record<string, (event: KeyboardEvent) => void> = {};
  const bound = commands.filter(({ byClipboard }) => !byClipboard);
  for (const key of new Set(bound.flatMap(({ keys = [] }) => keys))) {
    // Of several commands with one key, the first that can be done now.
    const sharing = bound.filter(({ keys }) => keys?.includes(key));
    bindings[key] = (event) => {
      if (key === 'Enter' && usesEnter(event.target)) return;
      const typing = isTyping(event.target);
      const command = sharing.find(({ whileTyping, enabled }) => (whileTyping || !typing) && enabled?.() !== false);
      if (!command) return;
      event.preventDefault();
      command.run();
    };
  }
  for (const [key, dx, dy] of ARROWS) {
    const moving = (run: () => void) => (event: KeyboardEvent) => {
      // React Flow moves a layer that has the focus by itself.
      if (event.defaultPrevented || isTyping(event.target) || usesArrows(event.target)) return;
      event.preventDefault();
      run();
    };
    bindings[key] = moving(() => nudgeSelection(dx, dy));
    bindings[`Shift+${key}`] = moving(() => nudgeSelection(5 * dx, 5 * dy));
    const going = (extend: boolean) => (event: KeyboardEvent) => {
      if (isTyping(event.target) || usesArrows(event.target)) return;
      event.preventDefault();
      event.stopPropagation();
      selectNeighbour(dx, dy, { extend });
      takeFocusAlong();
    };
    bindings[`Alt+${key}`] = going(false);
    bindings[`Alt+Shift+${key}`] = going(true);
  }
  return bindings;
}
