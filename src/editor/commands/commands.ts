import {
  BookOpen,
  ChartSpline,
  ClipboardPaste,
  Copy,
  FolderOpen,
  Keyboard,
  LayoutGrid,
  type LucideIcon,
  Maximize,
  Monitor,
  Moon,
  Pause,
  Play,
  Plus,
  Redo2,
  Search,
  Square,
  SquareDashed,
  StepForward,
  Sun,
  Timer,
  Trash2,
  Undo2,
} from 'lucide-react';
import type { NodeId } from '../../engine/graph/document.ts';
import { allTemplates } from '../../engine/templates/registry.ts';
import { arrange } from '../stores/arrange.ts';
import { documentStore } from '../stores/document.ts';
import { copySelection, deleteSelection, nudgeSelection, pasteText } from '../stores/edits.ts';
import { openTemplate } from '../stores/persistence.ts';
import { measureStep, toggleTimes } from '../stores/profile.ts';
import { canInspect, isActive } from '../stores/run.ts';
import { sessionStore, setTheme } from '../stores/session.ts';
import { runController, runStore } from '../stores/training.ts';

/** Something that a person can do; menus, keys, the palette and the help read this one list. */
export interface Command {
  readonly id: string;
  readonly label: string;
  readonly group: 'Edit' | 'View' | 'Train' | 'Templates' | 'Help';
  readonly icon: LucideIcon;
  /** In tinykeys' notation; `$mod` is Cmd on a Mac, else Ctrl. */
  readonly keys?: readonly string[];
  readonly enabled?: () => boolean;
  readonly run: () => void;
}

/** What the canvas alone can do; it sets these when it is there. */
export const canvasActions: { fit: () => void; addAtCentre: () => void } = {
  fit: () => undefined,
  addAtCentre: () => undefined,
};

const hasSelection = () => sessionStore.getState().nodes.length + sessionStore.getState().edges.length > 0;

async function copy(): Promise<void> {
  const text = copySelection();
  if (text) await navigator.clipboard.writeText(text);
}

export const commands: readonly Command[] = [
  {
    id: 'undo',
    label: 'Undo',
    group: 'Edit',
    icon: Undo2,
    keys: ['$mod+z'],
    enabled: () => documentStore.getState().history.past.length > 0,
    run: () => documentStore.getState().undo(),
  },
  {
    id: 'redo',
    label: 'Redo',
    group: 'Edit',
    icon: Redo2,
    keys: ['$mod+Shift+z', '$mod+y'],
    enabled: () => documentStore.getState().history.future.length > 0,
    run: () => documentStore.getState().redo(),
  },
  { id: 'add', label: 'Add a layer…', group: 'Edit', icon: Plus, keys: ['/'], run: () => canvasActions.addAtCentre() },
  {
    id: 'delete',
    label: 'Delete selection',
    group: 'Edit',
    icon: Trash2,
    keys: ['Delete', 'Backspace'],
    enabled: hasSelection,
    run: deleteSelection,
  },
  {
    id: 'copy',
    label: 'Copy',
    group: 'Edit',
    icon: Copy,
    keys: ['$mod+c'],
    enabled: hasSelection,
    run: () => void copy(),
  },
  {
    id: 'duplicate',
    label: 'Duplicate',
    group: 'Edit',
    icon: Copy,
    keys: ['$mod+d'],
    enabled: hasSelection,
    run: () => void pasteText(copySelection() ?? ''),
  },
  {
    id: 'paste',
    label: 'Paste',
    group: 'Edit',
    icon: ClipboardPaste,
    run: () => void navigator.clipboard.readText().then(pasteText),
  },
  {
    id: 'select-all',
    label: 'Select all',
    group: 'Edit',
    icon: SquareDashed,
    keys: ['$mod+a'],
    run: () => sessionStore.getState().select(Object.keys(documentStore.getState().document.nodes) as NodeId[]),
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
    id: 'arrange',
    label: 'Arrange layers',
    group: 'Edit',
    icon: LayoutGrid,
    keys: ['$mod+Shift+l'],
    run: () => void arrange().then(() => requestAnimationFrame(() => canvasActions.fit())),
  },
  {
    id: 'fit',
    label: 'Fit view',
    group: 'View',
    icon: Maximize,
    keys: ['.', '$mod+0'],
    run: () => canvasActions.fit(),
  },
  {
    id: 'projects',
    label: 'Projects…',
    group: 'View',
    icon: FolderOpen,
    keys: ['$mod+o'],
    run: () => sessionStore.setState({ dialog: 'projects' }),
  },
  { id: 'theme-light', label: 'Light theme', group: 'View', icon: Sun, run: () => setTheme('light') },
  { id: 'theme-dark', label: 'Dark theme', group: 'View', icon: Moon, run: () => setTheme('dark') },
  { id: 'theme-system', label: 'Theme of the system', group: 'View', icon: Monitor, run: () => setTheme('system') },
  {
    id: 'charts',
    label: 'Show charts',
    group: 'View',
    icon: ChartSpline,
    run: () => sessionStore.setState({ bottomTab: 'charts' }),
  },
  {
    id: 'show-times',
    label: 'Show time on nodes',
    group: 'View',
    icon: Timer,
    run: () => void toggleTimes(),
  },
  {
    id: 'train',
    label: 'Train',
    group: 'Train',
    icon: Play,
    keys: ['$mod+Enter'],
    enabled: () => !isActive(runStore.getState().status),
    run: () => void runController.train(),
  },
  {
    id: 'pause',
    label: 'Pause training',
    group: 'Train',
    icon: Pause,
    enabled: () => runStore.getState().status === 'running',
    run: () => runController.pause(),
  },
  {
    id: 'resume',
    label: 'Go on training',
    group: 'Train',
    icon: Play,
    enabled: () => runStore.getState().status === 'paused',
    run: () => runController.resume(),
  },
  {
    id: 'step',
    label: 'Train one step',
    group: 'Train',
    icon: StepForward,
    enabled: () => runStore.getState().status !== 'running',
    run: () => runController.step(),
  },
  {
    id: 'stop',
    label: 'Stop training',
    group: 'Train',
    icon: Square,
    enabled: () => isActive(runStore.getState().status),
    run: () => runController.stop(),
  },
  {
    id: 'profile',
    label: 'Measure where the time of a step goes',
    group: 'Train',
    icon: Timer,
    enabled: () => canInspect(runStore.getState()),
    run: () => {
      sessionStore.setState({ bottomTab: 'profile' });
      void measureStep();
    },
  },
  ...allTemplates().map(
    (template): Command => ({
      id: `template-${template.id}`,
      label: `New from template: ${template.title}`,
      group: 'Templates',
      icon: BookOpen,
      run: () => void openTemplate(template.id),
    }),
  ),
  {
    id: 'commands',
    label: 'All commands…',
    group: 'Help',
    icon: Search,
    keys: ['$mod+k', '$mod+Shift+p'],
    run: () => sessionStore.setState({ dialog: 'commands' }),
  },
  {
    id: 'shortcuts',
    label: 'Keyboard shortcuts',
    group: 'Help',
    icon: Keyboard,
    keys: ['?', 'h'],
    run: () => sessionStore.setState({ dialog: 'shortcuts' }),
  },
];

/** Moving with the arrow keys: not in lists, because nobody looks for it there. */
export const arrowKeys: Readonly<Record<string, () => void>> = Object.fromEntries(
  (
    [
      ['ArrowLeft', -10, 0],
      ['ArrowRight', 10, 0],
      ['ArrowUp', 0, -10],
      ['ArrowDown', 0, 10],
    ] as const
  ).flatMap(([key, dx, dy]) => [
    [key, () => nudgeSelection(dx, dy)],
    [`Shift+${key}`, () => nudgeSelection(5 * dx, 5 * dy)],
  ]),
);
