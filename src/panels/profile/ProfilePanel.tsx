import { ChevronRight, Timer } from 'lucide-react';
import { Fragment, useState } from 'react';
import { useStore } from 'zustand';
import { CommandText } from '../../editor/commands/CommandText.tsx';
import { profile as measure, TRAIN_KEY } from '../../editor/commands/trainCommands.ts';
import { showTimes } from '../../editor/commands/viewCommands.ts';
import { commandLabel, messages } from '../../editor/i18n/language.ts';
import { profileStore } from '../../editor/stores/profile.ts';
import { canInspect } from '../../editor/stores/run.ts';
import { runStore } from '../../editor/stores/training.ts';
import { EmptyState } from '../../editor/ui/EmptyState.tsx';
import { byteSize, milliseconds } from '../../editor/ui/format.ts';
import { keyText } from '../../editor/ui/Keys.tsx';
import type { RunProfile } from '../../workers/protocol.ts';
import { type ProfileRow, profileRows, rate } from './profileRows.ts';

/** Where the time of a training step goes: by layer, and by the kernels of each. */
function ProfilePanel() {
  const compiled = useStore(runStore, canInspect);
  const { profile, measuring, error, shown } = useStore(profileStore);
  const button = (
    <CommandText
      command={measure}
      words={measuring ? messages().profile.measuring : profile ? messages().profile.again : messages().profile.measure}
    />
  );
  if (!profile) {
    return (
      <EmptyState icon={Timer} title={messages().profile.none} action={compiled ? button : undefined}>
        {error ?? (compiled ? messages().profile.hint : messages().profile.pressTrain(keyText(TRAIN_KEY)))}
      </EmptyState>
    );
  }
  return (
    <section aria-label={messages().docks.names.profile} className="flex h-full min-h-0 flex-col">
      <div className="flex shrink-0 flex-wrap items-center gap-3 px-3 py-2 text-xs text-muted">
        {button}
        <label className="flex items-center gap-1.5 text-ink">
          <input type="checkbox" checked={shown} onChange={showTimes.run} />{' '}
          {commandLabel(showTimes.id, showTimes.label)}
        </label>
        <p aria-live="polite">{error ?? summary(profile)}</p>
      </div>
      <ProfileTable profile={profile} />
    </section>
  );
}

function summary({ kernels, batchSize, arenaBytes }: RunProfile): string {
  const total = kernels.reduce((sum, kernel) => sum + kernel.milliseconds, 0);
  const flops = kernels.reduce((sum, kernel) => sum + kernel.flops, 0);
  return messages().profile.summary({
    time: milliseconds(total),
    samples: batchSize,
    kernels: kernels.length,
    speed: rate(flops, total),
    memory: byteSize(arenaBytes),
  });
}

function ProfileTable({ profile }: { readonly profile: RunProfile }) {
  const document = useStore(runStore, (state) => state.document);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (key: string): void => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  return (
    <div className="@container min-h-0 flex-1 overflow-auto px-3 pb-3">
      <table className="w-full text-left text-xs tabular-nums">
        <thead className="sticky top-0 bg-surface text-muted">
          <tr>
            <th scope="col" className="py-1 pr-3 font-medium">
              {messages().profile.layer}
            </th>
            <th scope="col" className="py-1 pr-3 text-right font-medium">
              {messages().profile.time}
            </th>
            <th scope="col" className="w-1/3 py-1 pr-3 font-medium">
              {messages().profile.share}
            </th>
            <th scope="col" className={`py-1 pr-3 text-right font-medium ${WIDE}`}>
              {messages().profile.speed}
            </th>
            <th
              scope="col"
              className={`py-1 pr-3 text-right font-medium ${WIDE}`}
              title={messages().profile.trafficHint}
            >
              {messages().profile.traffic}
            </th>
            <th scope="col" className={`py-1 text-right font-medium ${WIDE}`} title={messages().profile.memoryHint}>
              {messages().profile.memory}
            </th>
          </tr>
        </thead>
        <tbody>
          {profileRows(profile, document).map((row) => (
            <Fragment key={row.key}>
              <tr className="border-t border-line text-ink">
                <th scope="row" className="py-1 pr-3 font-medium">
                  <button
                    type="button"
                    aria-expanded={open.has(row.key)}
                    onClick={() => toggle(row.key)}
                    className="flex items-center gap-1 rounded-sm text-left outline-none focus-visible:ring-2 focus-visible:ring-accent"
                  >
                    <ChevronRight
                      aria-hidden
                      size={13}
                      className={`shrink-0 text-muted transition-transform ${open.has(row.key) ? 'rotate-90' : ''}`}
                    />
                    {row.title}
                  </button>
                </th>
                <Numbers row={row} />
              </tr>
              {open.has(row.key) &&
                row.kernels.map((kernel) => (
                  <tr key={kernel.key} className="text-muted">
                    <td className="max-w-64 truncate py-0.5 pr-3 pl-6 font-mono text-[11px]" title={kernel.title}>
                      {kernel.title}
                    </td>
                    <Numbers row={kernel} />
                  </tr>
                ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A phone has no room for these columns. */
const WIDE = '@max-lg:hidden';

function Numbers({ row }: { readonly row: ProfileRow }) {
  const share = `${(100 * row.share).toFixed(1)}%`;
  return (
    <>
      <td className="py-1 pr-3 text-right whitespace-nowrap">{milliseconds(row.milliseconds)}</td>
      <td className="py-1 pr-3">
        <span className="flex items-center gap-2">
          <span className="h-1.5 min-w-0 flex-1 overflow-hidden rounded-full bg-raised">
            <span className="block h-full rounded-full bg-accent" style={{ width: share }} />
          </span>
          <span className="w-11 shrink-0 text-right">{share}</span>
        </span>
      </td>
      <td className={`py-1 pr-3 text-right whitespace-nowrap ${WIDE}`}>{rate(row.flops, row.milliseconds)}</td>
      <td className={`py-1 pr-3 text-right whitespace-nowrap ${WIDE}`}>{byteSize(row.bytes)}</td>
      <td className={`py-1 text-right whitespace-nowrap ${WIDE}`}>{byteSize(row.memory)}</td>
    </>
  );
}

export default ProfilePanel;
