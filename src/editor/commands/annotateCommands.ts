import { Circle, CircleOff, FoldVertical, Frame, StickyNote, Ungroup } from 'lucide-react';
import { COLORS, type Color } from '../../engine/graph/document.ts';
import { messages } from '../i18n/language.ts';
import {
  addNote,
  colorOfSelection,
  colorSelection,
  foldSelection,
  frameSelection,
  framesOfSelection,
  unframeSelection,
} from '../stores/annotations.ts';
import { canvasActions } from '../stores/canvasActions.ts';
import { sessionStore } from '../stores/session.ts';
import { type Command, hasItems } from './command.ts';

const color = (tint: Color): Command => ({
  id: `color-${tint}`,
  label: `Colour: ${tint}`,
  group: 'Edit',
  icon: Circle,
  tint,
  enabled: hasItems,
  checked: () => colorOfSelection() === tint,
  run: () => colorSelection(tint),
});

const noColor: Command = {
  id: 'color-none',
  label: 'Colour: none',
  group: 'Edit',
  icon: CircleOff,
  enabled: hasItems,
  checked: () => colorOfSelection() === 'none',
  run: () => colorSelection(undefined),
};

/** One of these is on, unless what is selected has several. */
export const colorCommands: readonly Command[] = [noColor, ...COLORS.map(color)];

/** A colour by its name alone, where it is clear that it is one. */
export function colorName({ tint }: Command): string {
  const { names, none } = messages().colors;
  return tint ? names[tint] : none;
}

export const annotateCommands: readonly Command[] = [
  {
    id: 'frame',
    label: 'Frame selection',
    group: 'Edit',
    icon: Frame,
    keys: ['$mod+g'],
    enabled: hasItems,
    run: () => frameSelection(messages().frame.untitled),
  },
  {
    id: 'unframe',
    label: 'Remove frame',
    group: 'Edit',
    icon: Ungroup,
    keys: ['$mod+Shift+g'],
    enabled: () => framesOfSelection().length > 0,
    run: unframeSelection,
  },
  {
    id: 'fold',
    label: 'Fold or unfold frame',
    group: 'Edit',
    icon: FoldVertical,
    keys: ['f'],
    enabled: () => framesOfSelection().length > 0,
    run: foldSelection,
  },
  {
    id: 'note',
    label: 'Add a note',
    group: 'Edit',
    icon: StickyNote,
    keys: ['n'],
    run: () => addNote((sessionStore.getState().contextMenu ?? canvasActions.centre()).canvas, canvasActions.sizeOf),
  },
  ...colorCommands,
];
