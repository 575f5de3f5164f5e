import { Maximize, Minus, PanelsTopLeft, Plus, ScanSearch, Timer, ZoomIn } from 'lucide-react';
import { selectedItems } from '../stores/annotations.ts';
import { canvasActions } from '../stores/canvasActions.ts';
import { resetDocks } from '../stores/docks.ts';
import { graphStore } from '../stores/graph.ts';
import { profileStore, toggleTimes } from '../stores/profile.ts';
import type { Command } from './command.ts';
import { languageCommands, layoutCommands, themeCommands } from './pageCommands.ts';
import { panelCommands } from './panelCommands.ts';

export const showTimes: Command = {
  id: 'show-times',
  label: 'Show time and memory on nodes',
  group: 'View',
  icon: Timer,
  checked: () => profileStore.getState().shown,
  run: () => void toggleTimes(),
};

export const viewCommands: readonly Command[] = [
  {
    id: 'fit',
    label: 'Zoom to fit',
    group: 'View',
    icon: Maximize,
    keys: ['$mod+0', 'Shift+Digit1'],
    run: () => canvasActions.fit(),
  },
  {
    id: 'fit-selection',
    label: 'Zoom to selection',
    group: 'View',
    icon: ScanSearch,
    keys: ['.', 'Shift+Digit2'],
    // Without a selection it shows everything, as in other editors.
    run: () => {
      const { nodes, notes } = selectedItems(graphStore.getState().document);
      if (nodes.length + notes.length > 0) canvasActions.fitTo([...nodes, ...notes.map((id) => `note:${id}`)]);
      else canvasActions.fit();
    },
  },
  {
    id: 'zoom-in',
    label: 'Zoom in',
    group: 'View',
    icon: Plus,
    keys: ['Equal', 'Shift+Equal'],
    run: () => canvasActions.zoom(1.25),
  },
  {
    id: 'zoom-out',
    label: 'Zoom out',
    group: 'View',
    icon: Minus,
    keys: ['Minus'],
    run: () => canvasActions.zoom(0.8),
  },
  {
    id: 'zoom-actual',
    label: 'Zoom to 100%',
    group: 'View',
    icon: ZoomIn,
    keys: ['Shift+Digit0'],
    run: () => canvasActions.zoom('actual'),
  },
  ...layoutCommands,
  ...themeCommands,
  ...languageCommands,
  ...panelCommands,
  { id: 'reset-docks', label: 'Put all panels back', group: 'View', icon: PanelsTopLeft, run: resetDocks },
  showTimes,
];
