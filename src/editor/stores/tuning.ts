import { createStore } from 'zustand/vanilla';
import type { InspectResult } from '../../workers/protocol.ts';
import { canInspect, type RunState } from './run.ts';
import { runController, runStore, trainingClient } from './training.ts';

export interface TuningState {
  /** The run whose kernels are, or were, measured. */
  readonly run: string | undefined;
  /** While it measures: kernels that are done, of how many; both 0 until the first one is. */
  readonly progress: { readonly done: number; readonly of: number } | undefined;
  /** What was found last. */
  readonly found: (InspectResult & { kind: 'tuned' })['kernels'] | undefined;
  /** Why tuning failed. */
  readonly error: string | undefined;
}

/** Layouts of kernels, measured on the device at hand. */
export const tuningStore = createStore<TuningState>(() => ({
  run: undefined,
  progress: undefined,
  found: undefined,
  error: undefined,
}));

/** Has the worker measure layouts for the kernels of the run that is loaded; later runs use the fastest by themselves. */
export async function tuneDevice(): Promise<void> {
  if (tuningStore.getState().progress) return;
  const run = runStore.getState().id;
  tuningStore.setState({ run, progress: { done: 0, of: 0 }, found: undefined, error: undefined });
  const unsubscribe = trainingClient.subscribe((event) => {
    if (event.kind === 'tuning' && event.run === run)
      tuningStore.setState({ progress: { done: event.done, of: event.of } });
  });
  try {
    const result = await runController.inspect({ kind: 'tune' });
    if (result.kind === 'tuned') tuningStore.setState({ found: result.kernels });
  } catch (error) {
    tuningStore.setState({ error: error instanceof Error ? error.message : String(error) });
  } finally {
    unsubscribe();
    tuningStore.setState({ progress: undefined });
  }
}

/** Why it can't be tuned now. */
export function tuningObstacle(state: RunState): 'pressTrain' | 'onlyGpu' | 'pauseFirst' | undefined {
  if (!canInspect(state)) return 'pressTrain';
  if (state.compiled?.device !== 'webgpu') return 'onlyGpu';
  return state.status === 'running' ? 'pauseFirst' : undefined;
}

/** Ends tuning; what was found by then is kept. */
export function endTuning(): void {
  const { run, progress } = tuningStore.getState();
  if (progress && run !== undefined) trainingClient.send({ kind: 'endTuning', run });
}
