import { createStore } from 'zustand/vanilla';
import type { RunProfile } from '../../workers/protocol.ts';
import { reasonOf } from '../i18n/language.ts';
import { canInspect } from './run.ts';
import { runController, runStore } from './training.ts';

export interface ProfileState {
  /** The run that was measured. */
  readonly run: string | undefined;
  readonly profile: RunProfile | undefined;
  readonly measuring: boolean;
  /** Why measuring failed. */
  readonly error: string | undefined;
  /** Whether nodes on the canvas show their share. */
  readonly shown: boolean;
}

/** Where the time of a training step goes, as last measured. */
export const profileStore = createStore<ProfileState>(() => ({
  run: undefined,
  profile: undefined,
  measuring: false,
  error: undefined,
  shown: false,
}));

/** Has the worker time a step of the run that is loaded. */
export async function measureStep(): Promise<void> {
  if (profileStore.getState().measuring) return;
  const run = runStore.getState().id;
  profileStore.setState({ measuring: true, error: undefined });
  try {
    const result = await runController.inspect({ kind: 'profile' });
    if (result.kind === 'profile') profileStore.setState({ profile: result.profile, run });
  } catch (error) {
    profileStore.setState({ error: reasonOf(error) });
  } finally {
    profileStore.setState({ measuring: false });
  }
}

/** Shows times on the nodes, measured now if they were not, or hides them. */
export async function toggleTimes(): Promise<void> {
  const { shown, run } = profileStore.getState();
  profileStore.setState({ shown: !shown });
  const state = runStore.getState();
  if (!shown && state.id !== run && canInspect(state)) await measureStep();
}
