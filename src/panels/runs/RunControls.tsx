import { Cpu, Database, FastForward, FileSpreadsheet, Pause, Play, Square, StepForward } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { messages } from '../../editor/i18n/language.ts';
import { datasetsStore, readDatasets } from '../../editor/stores/datasets.ts';
import { documentStore } from '../../editor/stores/document.ts';
import { canInspect, isActive } from '../../editor/stores/run.ts';
import { sessionStore } from '../../editor/stores/session.ts';
import { runController, runStore } from '../../editor/stores/training.ts';
import { IconButton } from '../../editor/ui/controls.tsx';
import type { GraphDocument } from '../../engine/graph/document.ts';
import { ChoiceMenu } from '../parts/ChoiceMenu.tsx';
import { datasetChoices } from '../parts/dataChoices.ts';
import { DEVICE_TITLES, deviceOptions } from './devices.ts';
import { RunProgress } from './RunProgress.tsx';
import { useRunNotices } from './useRunNotices.ts';

/** The toolbar's piece for runs: what to train on, Train and its relatives, and how far it is. */
export function RunControls() {
  useEffect(() => {
    runController.connect();
    void readDatasets();
  }, []);
  useRunNotices();
  return (
    <section
      aria-label={messages().run.section}
      data-tour="train"
      className="flex min-w-0 flex-1 items-center gap-2 max-md:flex-wrap"
    >
      <RunButtons />
      <DatasetMenu />
      <DeviceMenu />
      <RunProgress />
    </section>
  );
}

function RunButtons() {
  const status = useStore(runStore, (state) => state.status);
  const trained = useStore(runStore, canInspect);
  const changed = useChanged();
  const active = isActive(status);
  return (
    <div className="flex shrink-0 items-center gap-1">
      {status === 'paused' && changed ? (
        <PrimaryButton
          icon={Play}
          title={messages().run.resumeChanged}
          hint={messages().run.resumeChangedHint}
          onClick={() => void runController.train({ keepWeights: true })}
        />
      ) : status === 'running' ? (
        <PrimaryButton
          icon={Pause}
          title={messages().run.pause}
          hint={messages().run.pauseHint}
          onClick={() => runController.pause()}
        />
      ) : status === 'paused' ? (
        <PrimaryButton
          icon={Play}
          title={messages().run.resume}
          hint={messages().run.resumeHint}
          onClick={() => runController.resume()}
        />
      ) : (
        <PrimaryButton
          icon={Play}
          title={status === 'preparing' ? messages().run.preparing : messages().run.train}
          hint={messages().run.trainHint}
          disabled={status === 'preparing'}
          onClick={() => void runController.train()}
        />
      )}
      <IconButton
        icon={StepForward}
        label={status === 'paused' ? messages().run.oneStep : messages().run.firstStep}
        disabled={status === 'running' || status === 'preparing'}
        onClick={() => runController.step()}
      />
      <IconButton icon={Square} label={messages().run.stop} disabled={!active} onClick={() => runController.stop()} />
      {trained && !active && (
        <IconButton
          icon={FastForward}
          label={messages().run.trainOn}
          onClick={() => void runController.train({ keepWeights: true })}
        />
      )}
    </div>
  );
}

/** Whether the document differs from the run's in more than where nodes lie. */
function useChanged(): boolean {
  const now = useStore(documentStore, ({ document }) => document);
  const then = useStore(runStore, ({ document }) => document);
  return useMemo(() => then !== undefined && then !== now && content(then) !== content(now), [now, then]);
}

function content({ nodes, edges, training, data }: GraphDocument): string {
  const placed = Object.values(nodes).map(({ id, type, parameters }) => ({ id, type, parameters }));
  return JSON.stringify([placed, edges, training, data]);
}

function PrimaryButton(props: {
  readonly icon: typeof Play;
  readonly title: string;
  readonly hint: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}) {
  const Icon = props.icon;
  return (
    <button
      type="button"
      title={props.hint}
      disabled={props.disabled}
      onClick={props.onClick}
      className="inline-flex h-8 min-w-22 items-center justify-center gap-1.5 rounded-md bg-accent px-3 text-xs font-semibold text-accent-ink outline-none hover:brightness-110 focus-visible:ring-2 focus-visible:ring-accent focus-visible:ring-offset-2 focus-visible:ring-offset-surface disabled:opacity-60"
    >
      <Icon aria-hidden size={14} fill="currentColor" strokeWidth={1.5} />
      {props.title}
    </button>
  );
}

function DatasetMenu() {
  const { entries, problem } = useStore(datasetsStore);
  const chosen = useStore(documentStore, ({ document }) => document.data.dataset);
  const choices = datasetChoices(entries, problem, chosen);
  return (
    <ChoiceMenu
      label={messages().run.dataset}
      icon={Database}
      value={chosen}
      shown={choices.find(({ value }) => value === chosen)?.title ?? chosen}
      choices={choices}
      onChoose={(dataset) => documentStore.getState().dispatch({ kind: 'setData', data: { dataset } })}
      more={{
        label: messages().tables.open,
        icon: FileSpreadsheet,
        onSelect: () => sessionStore.setState({ dialog: 'tables' }),
      }}
    />
  );
}

function DeviceMenu() {
  const devices = useStore(runStore, (state) => state.devices);
  const wanted = useStore(runStore, (state) => state.wantedDevice);
  const used = useStore(runStore, (state) => state.compiled);
  const active = useStore(runStore, (state) => isActive(state.status));
  const options = deviceOptions(devices, { api: 'gpu' in navigator, secureContext: isSecureContext });
  const automatic = devices?.[0]?.name;
  const inUse = active && used ? used.device : wanted === 'auto' ? automatic : wanted;
  const shown =
    wanted === 'auto'
      ? inUse
        ? messages().run.autoDevice(DEVICE_TITLES[inUse])
        : messages().run.auto
      : DEVICE_TITLES[inUse ?? wanted];
  return (
    <ChoiceMenu
      label={used ? messages().run.deviceUsed(used.description) : messages().run.device}
      icon={Cpu}
      value={wanted}
      shown={shown}
      choices={options}
      disabled={active}
      onChoose={(device) => runController.setDevice(device)}
    />
  );
}
