import type { LucideIcon } from 'lucide-react';
import type { Color } from '../../engine/graph/document.ts';
import { graphStore } from '../stores/graph.ts';
import { sessionStore } from '../stores/session.ts';

/** Something that a person can do: menus, keys, the palette of commands and the page of shortcuts read this alone. */
export interface Command {
  readonly id: string;
  /** English; `commandLabel` gives it in the language of the page. */
  readonly label: string;
  readonly group: 'Train' | 'Edit' | 'Arrange' | 'View' | 'File' | 'Templates' | 'Help';
  readonly icon: LucideIcon;
  /** The colour that it stands for; its icon has it. */
  readonly tint?: Color;
  /** In tinykeys' notation; `$mod` is Cmd on a Mac, else Ctrl. */
  readonly keys?: readonly string[];
  /** The browser turns its keys into an event of the clipboard: they are not bound, that event is answered. */
  readonly byClipboard?: true;
  /** Its keys work while a person types, too. */
  readonly whileTyping?: true;
  /** What it is about just now, after the label: the name of the edit that would be undone. */
  readonly detail?: () => string | undefined;
  readonly enabled?: () => boolean;
  /** For what is on or off. */
  readonly checked?: () => boolean;
  readonly run: () => void;
}

/** Selected layers, at least so many. */
export const hasNodes =
  (least = 1) =>
  (): boolean =>
    sessionStore.getState().nodes.length >= least;

/** Anything selected that stands on the canvas: layers, frames, notes; not wires. */
export const hasItems = (): boolean => {
  const { nodes, notes, frames } = sessionStore.getState();
  return nodes.length + notes.length + frames.length > 0;
};

export const hasSelection = (): boolean => hasItems() || sessionStore.getState().edges.length > 0;

export const hasLayers = (): boolean => Object.keys(graphStore.getState().document.nodes).length > 0;
