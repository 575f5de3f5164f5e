import {
  Cable,
  ClipboardPaste,
  Copy,
  CopyPlus,
  Menu,
  PencilLine,
  Plus,
  Replace,
  Scissors,
  Search,
  SquareDashed,
  Trash2,
  Wrench,
} from 'lucide-react';
import type { QuickFix } from '../../engine/graph/diagnostic.ts';
import type { NodeId } from '../../engine/graph/document.ts';
import { canvasActions } from '../stores/canvasActions.ts';
import {
  COPY_KEY,
  copySelection,
  cutSelection,
  duplicateSelection,
  PASTE_KEY,
  pasteFromClipboard,
} from '../stores/clipboard.ts';
import { openPanel } from '../stores/docks.ts';
import { graphStore } from '../stores/graph.ts';
import { deleteSelection } from '../stores/removal.ts';
import { sessionStore } from '../stores/session.ts';
import { type Command, hasItems, hasLayers, hasNodes, hasSelection } from './command.ts';
import { history, redo, undo } from './pageCommands.ts';

/** Where a menu or a search is to open: at the context menu that it was chosen from, else at the selected layer. */
function actionPlace() {
  const { contextMenu, nodes } = sessionStore.getState();
  if (contextMenu) return contextMenu;
  const screen = nodes[0] && canvasActions.screenOf(nodes[0]);
  return screen ? { screen: { x: screen.x, y: screen.y + 40 }, canvas: canvasActions.centre().canvas } : centre();
}

/** The first quick fix for what is wrong with the selected layer. */
function firstFix(): QuickFix | undefined {
  const { nodes } = sessionStore.getState();
  const own = graphStore.getState().inference.diagnostics.filter(({ node }) => node !== undefined && node === nodes[0]);
  return nodes.length === 1 ? own.flatMap(({ fixes }) => fixes)[0] : undefined;
}

const centre = () => canvasActions.centre();

export const editCommands: readonly Command[] = [
  undo,
  redo,
  history,
  {
    id: 'add',
    label: 'Add a layer…',
    group: 'Edit',
    icon: Plus,
    keys: ['/'],
    run: () => {
      const { contextMenu, nodes, edges } = sessionStore.getState();
      // At the point that a menu was opened at; by its key, where the palette would put it.
      const isFree = contextMenu !== undefined || nodes.length + edges.length === 0;
      const { screen, canvas } = contextMenu ?? actionPlace();
      sessionStore.setState({ quickAdd: { screen, canvas, place: { kind: isFree ? 'free' : 'afterSelection' } } });
    },
  },
  {
    id: 'insert',
    label: 'Insert a layer here…',
    group: 'Edit',
    icon: Plus,
    enabled: () => sessionStore.getState().edges.length === 1,
    run: () => {
      const [edge] = sessionStore.getState().edges;
      const { screen, canvas } = sessionStore.getState().contextMenu ?? centre();
      if (edge) sessionStore.setState({ quickAdd: { screen, canvas, place: { kind: 'on', edge } } });
    },
  },
  {
    id: 'replace',
    label: 'Replace by…',
    group: 'Edit',
    icon: Replace,
    keys: ['r'],
    enabled: () => sessionStore.getState().nodes.length === 1,
    run: () => {
      const [node] = sessionStore.getState().nodes;
      const { screen, canvas } = actionPlace();
      if (node) sessionStore.setState({ quickAdd: { screen, canvas, place: { kind: 'replace', node } } });
    },
  },
  {
    id: 'connect',
    label: 'Connect to…',
    group: 'Edit',
    icon: Cable,
    keys: ['c'],
    enabled: () => sessionStore.getState().nodes.length === 1,
    run: () => sessionStore.setState({ search: 'connect' }),
  },
  {
    id: 'fix',
    label: 'Quick fix',
    group: 'Edit',
    icon: Wrench,
    keys: ['$mod+.'],
    detail: () => firstFix()?.label,
    enabled: () => firstFix() !== undefined,
    run: () => {
      const fix = firstFix();
      if (fix) graphStore.getState().dispatch(fix.change);
    },
  },
  {
    id: 'rename',
    label: 'Rename',
    group: 'Edit',
    icon: PencilLine,
    keys: ['F2'],
    enabled: () => sessionStore.getState().nodes.length + sessionStore.getState().frames.length === 1,
    run: () => {
      openPanel('inspector');
      // The field is there when the inspector has been drawn.
      setTimeout(() => document.querySelector<HTMLInputElement>('[data-name-field]')?.select(), 60);
    },
  },
  {
    id: 'cut',
    label: 'Cut',
    group: 'Edit',
    icon: Scissors,
    keys: ['$mod+x'],
    byClipboard: true,
    enabled: hasItems,
    run: () => void cutSelection((text) => navigator.clipboard.writeText(text)),
  },
  {
    id: 'copy',
    label: 'Copy',
    group: 'Edit',
    icon: Copy,
    keys: [COPY_KEY],
    byClipboard: true,
    enabled: hasItems,
    run: () => {
      const text = copySelection();
      if (text) void navigator.clipboard.writeText(text);
    },
  },
  {
    id: 'paste',
    label: 'Paste',
    group: 'Edit',
    icon: ClipboardPaste,
    keys: [PASTE_KEY],
    byClipboard: true,
    run: () => void pasteFromClipboard({ at: sessionStore.getState().contextMenu?.canvas }),
  },
  {
    id: 'paste-wired',
    label: 'Paste with wires',
    group: 'Edit',
    icon: ClipboardPaste,
    keys: ['$mod+Shift+v'],
    byClipboard: true,
    run: () => void pasteFromClipboard({ wired: true }),
  },
  {
    id: 'duplicate',
    label: 'Duplicate',
    group: 'Edit',
    icon: CopyPlus,
    keys: ['$mod+d'],
    enabled: hasItems,
    run: () => duplicateSelection({ wired: false }),
  },
  {
    id: 'duplicate-wired',
    label: 'Duplicate with wires',
    group: 'Edit',
    icon: CopyPlus,
    keys: ['$mod+Shift+d'],
    enabled: hasNodes(),
    run: () => duplicateSelection({ wired: true }),
  },
  {
    id: 'delete',
    label: 'Delete selection',
    group: 'Edit',
    icon: Trash2,
    keys: ['Delete', 'Backspace'],
    enabled: hasSelection,
    run: () => deleteSelection(),
  },
  {
    id: 'select-all',
    label: 'Select all',
    group: 'Edit',
    icon: SquareDashed,
    keys: ['$mod+a'],
    enabled: hasLayers,
    run: () => sessionStore.getState().select(Object.keys(graphStore.getState().document.nodes) as NodeId[]),
  },
  {
    id: 'deselect',
    label: 'Deselect',
    group: 'Edit',
    icon: SquareDashed,
    keys: ['Escape'],
    enabled: hasSelection,
    run: () => sessionStore.getState().select([]),
  },
  {
    id: 'menu',
    label: 'Menu of the selection',
    group: 'Edit',
    icon: Menu,
    keys: ['Shift+F10', 'ContextMenu'],
    run: () => {
      const { nodes, edges, frames, notes } = sessionStore.getState();
      const around = frames.length > 0 ? 'frame' : notes.length > 0 ? 'note' : undefined;
      const subject =
        around ?? (nodes.length > 1 ? 'nodes' : nodes.length === 1 ? 'node' : edges.length > 0 ? 'wire' : 'canvas');
      sessionStore.setState({ contextMenu: { ...actionPlace(), subject } });
    },
  },
  {
    id: 'find',
    label: 'Find layers…',
    group: 'Edit',
    icon: Search,
    keys: ['$mod+f'],
    enabled: hasLayers,
    run: () => sessionStore.setState({ search: 'find' }),
  },
];
