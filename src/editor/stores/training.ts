import { TrainingClient } from '../../workers/trainingClient.ts';
import { readDataset } from './datasets.ts';
import { documentStore } from './document.ts';
import { prepareAhead } from './prepareAhead.ts';
import { createRunStore } from './run.ts';
import { RunController } from './runController.ts';
import { whenIdle } from './whenIdle.ts';

// One worker and one device a page, whatever React does with its components.
export const runStore = createRunStore();

export const trainingClient = new TrainingClient();

export const runController = new RunController({
  store: runStore,
  client: trainingClient,
  document: () => documentStore.getState().document,
  loadDataset: readDataset,
  nextFrame: (callback) => {
    // A page in the background draws no frames, but its run goes on.
    if (document.hidden) setTimeout(callback, 250);
    else requestAnimationFrame(callback);
  },
});

/** When the page has drawn itself: starts the worker, and has it make ready what Train would begin. Gives what ends the latter. */
export function connectTraining(): () => void {
  whenIdle(() => runController.connect());
  return prepareAhead({
    documents: documentStore,
    runs: runStore,
    prepare: () => runController.prepare(),
    whenIdle,
    isHidden: () => document.hidden,
  });
}
