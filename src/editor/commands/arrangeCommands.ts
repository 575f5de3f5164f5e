import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalDistributeCenter,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalDistributeCenter,
  ArrowDown,
  ArrowRight,
  type LucideIcon,
  Magnet,
} from 'lucide-react';
import type { Alignment } from '../stores/alignment.ts';
import { arrange } from '../stores/arrange.ts';
import { canvasActions } from '../stores/canvasActions.ts';
import { alignSelection, distributeSelection } from '../stores/selectionMoves.ts';
import { sessionStore, setSnap } from '../stores/session.ts';
import { type Command, hasLayers, hasNodes } from './command.ts';

const align = (how: Alignment, label: string, icon: LucideIcon, key: string): Command => ({
  id: `align-${how}`,
  label,
  group: 'Arrange',
  icon,
  keys: [`Alt+${key}`],
  enabled: hasNodes(2),
  run: () => alignSelection(how, canvasActions.sizeOf),
});

export const arrangeCommands: readonly Command[] = [
  align('left', 'Align left', AlignStartVertical, 'KeyA'),
  align('center', 'Align centres', AlignCenterVertical, 'KeyH'),
  align('right', 'Align right', AlignEndVertical, 'KeyD'),
  align('top', 'Align top', AlignStartHorizontal, 'KeyW'),
  align('middle', 'Align middles', AlignCenterHorizontal, 'KeyV'),
  align('bottom', 'Align bottom', AlignEndHorizontal, 'KeyS'),
  {
    id: 'distribute-across',
    label: 'Distribute across',
    group: 'Arrange',
    icon: AlignHorizontalDistributeCenter,
    keys: ['Alt+Shift+KeyH'],
    enabled: hasNodes(3),
    run: () => distributeSelection('x', canvasActions.sizeOf),
  },
  {
    id: 'distribute-down',
    label: 'Distribute down',
    group: 'Arrange',
    icon: AlignVerticalDistributeCenter,
    keys: ['Alt+Shift+KeyV'],
    enabled: hasNodes(3),
    run: () => distributeSelection('y', canvasActions.sizeOf),
  },
  {
    id: 'arrange',
    label: 'Arrange from left to right',
    group: 'Arrange',
    icon: ArrowRight,
    keys: ['$mod+Shift+l'],
    enabled: hasLayers,
    run: () => void arrange('right', canvasActions.sizeOf).then(canvasActions.fit),
  },
  {
    id: 'arrange-down',
    label: 'Arrange from top to bottom',
    group: 'Arrange',
    icon: ArrowDown,
    keys: ['$mod+Shift+k'],
    enabled: hasLayers,
    run: () => void arrange('down', canvasActions.sizeOf).then(canvasActions.fit),
  },
  {
    id: 'snap',
    label: 'Snap to grid and guides',
    group: 'Arrange',
    icon: Magnet,
    keys: ['Alt+KeyG'],
    checked: () => sessionStore.getState().snap,
    run: () => setSnap(!sessionStore.getState().snap),
  },
];
