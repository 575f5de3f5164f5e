import { Download, FastForward, Gauge, Pause, Play, Square, StepForward, Timer } from 'lucide-react';
import { openPanel } from '../stores/docks.ts';
import { documentStore } from '../stores/document.ts';
import { measureStep, profileStore } from '../stores/profile.ts';
import { canInspect, isActive, trainsAlike } from '../stores/run.ts';
import { runController, runStore } from '../stores/training.ts';
import { tuneDevice, tuningObstacle, tuningStore } from '../stores/tuning.ts';
import type { Command } from './command.ts';

const status = () => runStore.getState().status;

/** Whether the document differs from the run's in what training reads. */
const isChanged = (): boolean => {
  const { document } = runStore.getState();
  return document !== undefined && !trainsAlike(document, documentStore.getState().document);
};

/** For texts that tell of it. */
export const TRAIN_KEY = '$mod+Enter';

export const train: Command = {
  id: 'train',
  label: 'Train',
  group: 'Train',
  icon: Play,
  keys: [TRAIN_KEY],
  whileTyping: true,
  enabled: () => !isActive(status()),
  run: () => void runController.train(),
};

export const pause: Command = {
  id: 'pause',
  label: 'Pause',
  group: 'Train',
  icon: Pause,
  enabled: () => status() === 'running',
  run: () => runController.pause(),
};

export const resume: Command = {
  id: 'resume',
  label: 'Resume',
  group: 'Train',
  icon: Play,
  enabled: () => status() === 'paused',
  run: () => runController.resume(),
};

export const resumeChanged: Command = {
  id: 'resume-changed',
  label: 'Resume with changes',
  group: 'Train',
  icon: Play,
  enabled: () => status() === 'paused' && isChanged(),
  run: () => void runController.train({ keepWeights: true }),
};

export const step: Command = {
  id: 'step',
  label: 'Train one step',
  group: 'Train',
  icon: StepForward,
  enabled: () => status() !== 'running' && status() !== 'preparing',
  run: () => runController.step(),
};

export const stop: Command = {
  id: 'stop',
  label: 'Stop',
  group: 'Train',
  icon: Square,
  enabled: () => isActive(status()),
  run: () => runController.stop(),
};

export const trainOn: Command = {
  id: 'train-on',
  label: 'Train on from these weights',
  group: 'Train',
  icon: FastForward,
  enabled: () => canInspect(runStore.getState()) && !isActive(status()),
  run: () => void runController.train({ keepWeights: true }),
};

export const profile: Command = {
  id: 'profile',
  label: 'Measure where the time of a step goes',
  group: 'Train',
  icon: Timer,
  enabled: () => canInspect(runStore.getState()) && !profileStore.getState().measuring,
  run: () => {
    openPanel('profile');
    void measureStep();
  },
};

export const tune: Command = {
  id: 'tune',
  label: 'Tune for this device',
  group: 'Train',
  icon: Gauge,
  enabled: () => tuningObstacle(runStore.getState()) === undefined && tuningStore.getState().progress === undefined,
  run: () => void tuneDevice(),
};

export const downloadMetrics: Command = {
  id: 'download-metrics',
  label: 'Download the curves as CSV',
  group: 'Train',
  icon: Download,
  enabled: () => runStore.getState().metrics.step.length > 0,
  run: () => void import('../stores/metricsFile.ts').then(({ downloadMetrics: download }) => download()),
};

export const trainCommands: readonly Command[] = [
  train,
  pause,
  resume,
  resumeChanged,
  step,
  stop,
  trainOn,
  profile,
  tune,
  downloadMetrics,
];
