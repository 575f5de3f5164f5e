import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { reasonOf } from '../../editor/i18n/language.ts';
import { canInspect, type RunState } from '../../editor/stores/run.ts';
import { runController, runStore } from '../../editor/stores/training.ts';
import type { InspectQuery, InspectResult } from '../../workers/protocol.ts';

export interface Inspection {
  readonly result: InspectResult | undefined;
  /** The query that `result` answers. */
  readonly query: InspectQuery | undefined;
  readonly error: string | undefined;
}

const NOTHING: Inspection & { readonly run: string | undefined } = {
  result: undefined,
  query: undefined,
  error: undefined,
  run: undefined,
};

/** How often an answer is asked for anew while a run goes on: after a second of training, or with each evaluation. */
export type Pace = 'second' | 'evaluation';

const SECOND = 1000;
/** Training gets at least this many times the time that answers take. */
const TRAINING_SHARE = 4;
const LONGEST_WAIT = 5000;

/**
 * Asks the worker, and asks again as training goes on and when it pauses or ends; a new query is asked at once. One
 * question at a time; the last answer stays until the next has come. Give the same `query` object as long as the
 * question is the same.
 */
export function useInspection(query: InspectQuery | undefined, pace: Pace): Inspection {
  const [inspection, setInspection] = useState(NOTHING);
  const current = useStore(runStore, ({ id }) => id);
  const latest = useRef(query);
  const look = useRef(() => {});

  useEffect(() => {
    let live = true;
    let asking = false;
    let answered: { readonly version: string; readonly query: InspectQuery } | undefined;
    let notBefore = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = (asked: InspectQuery, state: RunState): void => {
      asking = true;
      answered = { version: versionOf(state, pace), query: asked };
      const start = performance.now();
      const run = state.id;
      runController
        .inspect(asked)
        .then(
          (result) => live && setInspection({ result, query: asked, error: undefined, run }),
          (error: unknown) => live && setInspection((before) => ({ ...before, error: reasonOf(error), run })),
        )
        .finally(() => {
          const end = performance.now();
          notBefore = end + Math.min(LONGEST_WAIT, Math.max(SECOND, TRAINING_SHARE * (end - start)));
          asking = false;
          look.current();
        });
    };
    look.current = () => {
      const state = runStore.getState();
      const asked = latest.current;
      if (!live || asking || !asked || !canInspect(state)) return;
      // Before its first evaluation a run under way has nothing to say about the whole test set.
      if (pace === 'evaluation' && state.status === 'running' && state.evaluations.length === 0) return;
      const isNew = asked !== answered?.query;
      if (!isNew && versionOf(state, pace) === answered?.version) return;
      clearTimeout(timer);
      const wait = isNew || state.status !== 'running' ? 0 : notBefore - performance.now();
      if (wait > 0) timer = setTimeout(look.current, wait);
      else ask(asked, state);
    };
    look.current();
    const unsubscribe = runStore.subscribe(() => look.current());
    return () => {
      live = false;
      look.current = () => {};
      clearTimeout(timer);
      unsubscribe();
    };
  }, [pace]);

  useEffect(() => {
    latest.current = query;
    look.current();
  }, [query]);

  // An answer of the run before says nothing about this one.
  return query && inspection.run === current ? inspection : NOTHING;
}

// Weights change with each step; a pause or an end is worth an answer of its own.
function versionOf({ id, status, metricsLength, evaluations }: RunState, pace: Pace): string {
  if (status !== 'running') return `${id} ${metricsLength} ${status}`;
  return pace === 'evaluation' ? `${id} ${evaluations.length}` : `${id} ${metricsLength}`;
}
