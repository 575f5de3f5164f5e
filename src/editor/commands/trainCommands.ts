import { Pause, Play, Square, StepForward, Timer } from 'lucide-react';
import { openPanel } from '../stores/docks.ts';
import { measureStep } from '../stores/profile.ts';
import { canInspect, isActive } from '../stores/run.ts';
import { runController, runStore } from '../stores/training.ts';
import type { Command } from './command.ts';

export const trainCommands: readonly Command[] = [
  {
    id: 'train',
    label: 'Train',
    group: 'Train',
    icon: Play,
    keys: ['$mod+Enter'],
    whileTyping: true,
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
      openPanel('profile');
      void measureStep();
    },
  },
];
