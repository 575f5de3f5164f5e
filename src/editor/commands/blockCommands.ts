import { Blocks, BookmarkPlus, Film, LogOut, SquarePen, Ungroup } from 'lucide-react';
import {
  canGroup,
  currentBlock,
  dissolveSelection,
  enterSelected,
  groupForEachStep,
  groupSelection,
  saveToLibrary,
  selectedUse,
} from '../stores/blocks.ts';
import { graphStore, leaveBlock } from '../stores/graph.ts';
import { sessionStore } from '../stores/session.ts';
import type { Command } from './command.ts';

const nothingSelected = () => sessionStore.getState().nodes.length + sessionStore.getState().edges.length === 0;

/** What can be done with blocks. */
export const blockCommands: readonly Command[] = [
  {
    id: 'group-block',
    label: 'Group into block',
    group: 'Edit',
    icon: Blocks,
    keys: ['$mod+Alt+KeyG'],
    enabled: canGroup,
    run: groupSelection,
  },
  {
    id: 'group-each-step',
    label: 'Group for each time step',
    group: 'Edit',
    icon: Film,
    enabled: canGroup,
    run: groupForEachStep,
  },
  {
    id: 'dissolve-block',
    label: 'Dissolve block',
    group: 'Edit',
    icon: Ungroup,
    keys: ['$mod+Alt+Shift+KeyG'],
    enabled: () => selectedUse() !== undefined,
    run: dissolveSelection,
  },
  {
    id: 'enter-block',
    label: 'Edit inside of the block',
    group: 'Edit',
    icon: SquarePen,
    keys: ['Enter'],
    enabled: () => selectedUse() !== undefined,
    run: enterSelected,
  },
  {
    id: 'keep-block',
    label: 'Keep the block in the library',
    group: 'Edit',
    icon: BookmarkPlus,
    enabled: () => currentBlock() !== undefined,
    run: () => {
      const block = currentBlock();
      if (block) saveToLibrary(block);
    },
  },
  {
    id: 'leave-block',
    label: 'Leave the block',
    group: 'Edit',
    icon: LogOut,
    keys: ['Escape'],
    enabled: () => graphStore.getState().path.length > 0 && nothingSelected(),
    run: () => leaveBlock(),
  },
];
