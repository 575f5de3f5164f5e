import { useEffect } from 'react';
import { messages, translate } from '../../editor/i18n/language.ts';
import { revealNode } from '../../editor/stores/graph.ts';
import type { RunNotice } from '../../editor/stores/run.ts';
import { runStore } from '../../editor/stores/training.ts';
import { notify } from '../../editor/ui/notify.ts';

/** Says aloud what a run wants a person to know, and selects the layer that it is about. */
export function useRunNotices(): void {
  useEffect(
    () =>
      runStore.subscribe((state, before) => {
        const notices = state.diagnostics.slice(state.id === before.id ? before.diagnostics.length : 0);
        for (const notice of notices) {
          notify.warning(messages().run.isPaused, { description: translate(notice.message), duration: 15_000 });
          select(notice);
        }
        if (state.failure && state.failure !== before.failure) {
          notify.error(messages().run.failed, { description: translate(state.failure.message), duration: 15_000 });
          select(state.failure);
        }
        const kept = state.compiled?.kept;
        if (kept && state.compiled !== before.compiled) {
          notify.info(messages().run.kept(kept.weights, kept.of), {
            description: kept.weights === kept.of ? messages().run.keptAll : messages().run.keptSome,
          });
        }
        if (state.status === 'done' && before.status !== 'done') {
          const accuracy = state.evaluations.at(-1)?.accuracy;
          notify.success(messages().run.isDone, {
            description: accuracy === undefined ? undefined : messages().run.testRight((accuracy * 100).toFixed(1)),
          });
        }
      }),
    [],
  );
}

// The canvas may have moved on since the run began.
function select({ node }: RunNotice): void {
  if (node !== undefined) revealNode(node);
}
