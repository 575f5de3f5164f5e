import { AlignStartVertical, type LucideIcon, Palette } from 'lucide-react';
import { COLORS } from '../../engine/graph/document.ts';
import type { MenuSubject } from '../stores/session.ts';

/** Lines of a context menu between two rules: ids of commands, or several of them behind one line. */
export type MenuSection = readonly (
  | string
  | { readonly title: 'align' | 'color'; readonly icon: LucideIcon; readonly commands: readonly string[] }
)[];

const ALIGN = {
  title: 'align',
  icon: AlignStartVertical,
  commands: [
    'align-left',
    'align-center',
    'align-right',
    'align-top',
    'align-middle',
    'align-bottom',
    'distribute-across',
    'distribute-down',
  ],
} as const;

const COLOR = {
  title: 'color',
  icon: Palette,
  commands: [...COLORS.map((color) => `color-${color}`), 'color-none'],
} as const;

const MENUS: Readonly<Record<MenuSubject, readonly MenuSection[]>> = {
  canvas: [
    ['add', 'note', 'paste'],
    ['select-all', 'find', 'leave-block'],
    ['arrange', 'arrange-down', 'fit', 'snap'],
  ],
  node: [
    ['fix', 'replace', 'connect', 'rename', 'reset-parameters'],
    [COLOR, 'frame', 'unframe'],
    ['group-block', 'group-each-step', 'enter-block', 'dissolve-block', 'keep-block'],
    ['cut', 'copy', 'duplicate', 'duplicate-wired', 'delete'],
    ['fit-selection'],
  ],
  frame: [[COLOR, 'fold', 'unframe', 'rename'], ['cut', 'copy', 'duplicate'], ['fit-selection']],
  note: [
    [COLOR, 'frame', 'unframe'],
    ['cut', 'copy', 'duplicate', 'delete'],
  ],
  nodes: [
    [ALIGN, COLOR, 'frame', 'unframe'],
    ['group-block', 'group-each-step'],
    ['cut', 'copy', 'duplicate', 'duplicate-wired', 'delete'],
    ['fit-selection'],
  ],
  wire: [['insert', 'delete']],
};

/** The context menu of a layer, of several, of a wire and of the empty canvas. */
export const sectionsFor = (subject: MenuSubject): readonly MenuSection[] => MENUS[subject];
