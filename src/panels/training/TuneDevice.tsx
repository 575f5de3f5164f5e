import { useStore } from 'zustand';
import { CommandText } from '../../editor/commands/CommandText.tsx';
import { tune } from '../../editor/commands/trainCommands.ts';
import { messages, translate } from '../../editor/i18n/language.ts';
import { runStore } from '../../editor/stores/training.ts';
import { endTuning, type TuningState, tuningObstacle, tuningStore } from '../../editor/stores/tuning.ts';
import { TextButton } from '../../editor/ui/controls.tsx';
import { milliseconds } from '../../editor/ui/format.ts';

/** Measures layouts of the model's products on this GPU, shows how far it is and what it gained. */
export function TuneDevice() {
  const obstacle = useStore(runStore, tuningObstacle);
  const { progress, found, error } = useStore(tuningStore);
  const words = messages().tuning;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-2">
        <CommandText command={tune} />
        {progress && <TextButton onClick={endTuning}>{words.cancel}</TextButton>}
      </div>
      {progress && (
        <progress aria-label={words.progress} className="w-full" max={Math.max(1, progress.of)} value={progress.done} />
      )}
      <p aria-live="polite" className="text-[11px] leading-snug text-muted">
        {progress
          ? words.measured(progress.done, progress.of)
          : ((error && translate(error)) ?? (found ? gain(found) : words[obstacle ?? 'hint']))}
      </p>
    </div>
  );
}

function gain(found: NonNullable<TuningState['found']>): string {
  const total = (of: 'before' | 'after') => milliseconds(found.reduce((sum, kernel) => sum + kernel[of], 0));
  const faster = found.filter(({ before, after }) => after < before).length;
  return messages().tuning.gained(faster, found.length, total('before'), total('after'));
}
