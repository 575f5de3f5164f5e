import { useStore } from 'zustand';
import { messages, translate } from '../../editor/i18n/language.ts';
import { documentStore } from '../../editor/stores/document.ts';
import type { RunState } from '../../editor/stores/run.ts';
import { runStore } from '../../editor/stores/training.ts';
import { formatCount, formatDuration, progressOf } from './progress.ts';

/** How far the run is: a bar, and epoch, step, speed and time left in words. */
export function RunProgress() {
  const state = useStore(runStore);
  const shown = useStore(documentStore, ({ document }) => document.name);
  const progress = progressOf({
    step: state.metrics.lastStep,
    stepsPerEpoch: state.compiled?.stepsPerEpoch ?? 0,
    totalSteps: state.compiled?.totalSteps ?? 0,
    samplesPerEpoch: state.dataset?.train.count ?? 0,
    samplesPerSecond: state.samplesPerSecond,
  });
  if (state.status === 'idle') return null;
  // The run goes on when another project is opened: then it says of which model it is.
  const parts = known(state.document?.name === shown ? undefined : state.document?.name, ...partsFor(state, progress));
  const words = parts.join(' · ');
  const color = state.status === 'failed' ? 'bg-danger' : state.status === 'done' ? 'bg-success' : 'bg-accent';
  return (
    <div className="flex min-w-0 max-w-md flex-1 flex-col gap-0.5 max-md:basis-full">
      {parts.length === 1 ? (
        <p className="line-clamp-2 text-[11px] leading-3.5 text-balance text-muted" title={words}>
          {words}
        </p>
      ) : (
        // What there is no room for goes to a second line, which is not seen: the first parts say most.
        <p
          className="flex h-4 flex-wrap gap-x-1 overflow-hidden text-[11px] leading-4 text-muted tabular-nums"
          title={words}
        >
          {parts.map((part, i) => (
            <span key={part} className="whitespace-nowrap">
              {i === 0 ? <span className="text-ink">{part}</span> : `· ${part}`}
            </span>
          ))}
        </p>
      )}
      <div
        role="progressbar"
        aria-label={messages().run.progress}
        aria-valuenow={Math.round(progress.share * 100)}
        aria-valuetext={words}
        className="h-1 overflow-hidden rounded-full bg-line"
      >
        <div
          className={`h-full rounded-full ${color} ${state.status === 'preparing' ? 'animate-pulse' : ''}`}
          style={{ width: `${state.status === 'preparing' ? 100 : progress.share * 100}%` }}
        />
      </div>
    </div>
  );
}

/** What there is to say, the most telling first. */
function partsFor(state: RunState, progress: ReturnType<typeof progressOf>): readonly string[] {
  const place = messages().run.place(progress.epoch, progress.epochs, progress.step, progress.totalSteps);
  const last = state.evaluations.at(-1);
  const result =
    last &&
    (last.accuracy === undefined
      ? messages().run.testLoss(last.loss.toPrecision(3))
      : messages().run.testAccuracy((last.accuracy * 100).toFixed(1)));
  switch (state.status) {
    case 'idle':
      return [];
    case 'preparing':
      return [state.dataset ? messages().run.compiling : messages().run.loading];
    case 'failed':
      return [state.failure ? translate(state.failure.message) : messages().run.failed];
    case 'done':
      return known(messages().run.done(formatDuration(state.secondsTraining ?? 0)), result);
    case 'stopped':
      return state.compiled ? known(messages().run.stopped, place, result) : [messages().run.stopped];
    case 'running':
    case 'paused': {
      const speed = state.samplesPerSecond > 0 ? messages().run.speed(formatCount(state.samplesPerSecond)) : undefined;
      const left =
        progress.secondsLeft === undefined ? undefined : messages().run.left(formatDuration(progress.secondsLeft));
      return known(state.status === 'paused' ? messages().run.paused : undefined, place, left, speed);
    }
  }
}

const known = (...parts: readonly (string | undefined)[]): readonly string[] =>
  parts.filter((part) => part !== undefined);
