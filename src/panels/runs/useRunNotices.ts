import { useEffect } from 'react';
import { documentStore } from '../../editor/stores/document.ts';
import type { RunNotice } from '../../editor/stores/run.ts';
import { sessionStore } from '../../editor/stores/session.ts';
import { runStore } from '../../editor/stores/training.ts';
import { notify } from '../../editor/ui/notify.ts';
import { nodeId } from '../../engine/graph/document.ts';

/** Says aloud what a run wants a person to know, and selects the layer that it is about. */
export function useRunNotices(): void {
  useEffect(
    () =>
      runStore.subscribe((state, before) => {
        const notices = state.diagnostics.slice(state.id === before.id ? before.diagnostics.length : 0);
        for (const notice of notices) {
          notify.warning('Training is paused', { description: notice.message, duration: 15_000 });
          select(notice);
        }
        if (state.failure && state.failure !== before.failure) {
          notify.error('The run failed', { description: state.failure.message, duration: 15_000 });
          select(state.failure);
        }
        const kept = state.compiled?.kept;
        if (kept && state.compiled !== before.compiled) {
          notify.info(`${kept.weights} of ${kept.of} weights were kept`, {
            description:
              kept.weights === kept.of
                ? 'Training goes on from what the run before has learned.'
                : 'Layers that changed start anew; all others go on from what they have learned.',
          });
        }
        if (state.status === 'done' && before.status !== 'done') {
          const accuracy = state.evaluations.at(-1)?.accuracy;
          notify.success('Training is done', {
            description:
              accuracy === undefined ? undefined : `${(accuracy * 100).toFixed(1)}% of the test samples are right.`,
          });
        }
      }),
    [],
  );
}

// The canvas may have moved on since the run began.
function select({ node }: RunNotice): void {
  if (node === undefined || !documentStore.getState().document.nodes[nodeId(node)]) return;
  sessionStore.getState().select([nodeId(node)]);
}
