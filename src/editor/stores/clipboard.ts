import type { GraphNode, Note } from '../../engine/graph/document.ts';
import {
  type CopiedSelection,
  type PasteOptions,
  parseSelection,
  pasteSelection,
  selectionText,
} from '../../engine/graph/selection.ts';
import { messages, reasonOf } from '../i18n/language.ts';
import { keyText } from '../ui/Keys.tsx';
import { notify } from '../ui/notify.ts';
import { graphStore } from './graph.ts';
import { countedItems, deleteSelection } from './removal.ts';
import { sessionStore } from './session.ts';

/** The clipboard's keys, for the commands and for texts that tell of them. */
export const COPY_KEY = '$mod+c';
export const PASTE_KEY = '$mod+v';

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where what is pasted goes. */
export interface Pasting {
  /** The upper left corner; absent: beside the originals. */
  readonly at?: Place | undefined;
  /** Joins copies to what the originals read from. */
  readonly wired?: boolean;
}

/** Selected layers and their wires, notes, and frames with all that they hold, as text for a clipboard; undefined if nothing is selected. */
export function copySelection(): string | undefined {
  const { document } = graphStore.getState();
  const { nodes, notes, frames } = sessionStore.getState();
  return nodes.length + notes.length + frames.length > 0
    ? selectionText(document, { nodes, notes, frames })
    : undefined;
}

/** Copies, then deletes: only if the copy is safe. */
export async function cutSelection(give: (text: string) => void | Promise<void>): Promise<void> {
  const text = copySelection();
  if (!text) return;
  try {
    const given = give(text);
    if (given) await given;
  } catch (error) {
    notify.error(messages().clipboard.refused, { description: reasonOf(error) });
    return;
  }
  deleteSelection('Cut');
}

/** Adds what was copied under new ids and selects it. Gives false for text that is none of ours. */
export function pasteText(text: string, { at, wired = false }: Pasting = {}): boolean {
  const { document } = graphStore.getState();
  let copied: CopiedSelection | undefined;
  try {
    copied = parseSelection(text, document);
  } catch (error) {
    notify.error(messages().clipboard.unreadable, { description: reasonOf(error) });
    return true;
  }
  if (!copied || places(copied).length === 0) return false;
  paste(copied, { by: at ? from(corner(copied), at) : freeOffset(copied), wired });
  return true;
}

/** The same without the clipboard. */
export function duplicateSelection({ wired }: { readonly wired: boolean }): void {
  const { document } = graphStore.getState();
  const copied = parseSelection(copySelection() ?? '', document);
  if (copied) paste(copied, { by: freeOffset(copied), wired });
}

/** Pastes from the system's clipboard, for a menu: the browser asks the person first, and may refuse. */
export async function pasteFromClipboard(pasting: Pasting): Promise<void> {
  let text: string;
  try {
    text = await navigator.clipboard.readText();
  } catch (error) {
    notify.error(messages().clipboard.notRead(keyText(PASTE_KEY)), { description: reasonOf(error) });
    return;
  }
  if (!pasteText(text, pasting)) notify.info(messages().clipboard.nothing);
}

function paste(copied: CopiedSelection, options: PasteOptions): void {
  const { document, dispatch } = graphStore.getState();
  const { change, added } = pasteSelection(document, copied, options);
  const { nodes, notes = {} } = copied.document;
  dispatch(change, { label: `Paste ${countedItems(Object.keys(nodes).length, Object.keys(notes).length)}` });
  // A block pasted into itself was refused.
  const after = graphStore.getState().document;
  if (after === document) return;
  sessionStore.getState().select(added.nodes, [], { frames: added.frames, notes: added.notes });
}

const places = ({ document: { nodes, notes = {} } }: CopiedSelection): readonly Place[] =>
  [...Object.values<GraphNode>(nodes), ...Object.values<Note>(notes)].map(({ position }) => position);

const corner = (copied: CopiedSelection): Place => ({
  x: Math.min(...places(copied).map(({ x }) => x)),
  y: Math.min(...places(copied).map(({ y }) => y)),
});

const from = (start: Place, end: Place): Place => ({
  x: Math.round((end.x - start.x) / 10) * 10,
  y: Math.round((end.y - start.y) / 10) * 10,
});

/** A little below and beside the originals; further where an earlier copy is already. */
function freeOffset(copied: CopiedSelection): Place {
  const { nodes, notes = {} } = graphStore.getState().document;
  const items = [...Object.values<GraphNode>(nodes), ...Object.values<Note>(notes)];
  const taken = new Set(items.map(({ position: { x, y } }) => `${x} ${y}`));
  for (let step = 1; ; step++) {
    const by = { x: 40 * step, y: 60 * step };
    if (places(copied).every(({ x, y }) => !taken.has(`${x + by.x} ${y + by.y}`))) return by;
  }
}
