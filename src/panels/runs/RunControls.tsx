import { Cpu, Database } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { CommandButton } from '../../editor/commands/CommandButton.tsx';
import type { Command } from '../../editor/commands/command.ts';
import { commandEntry } from '../../editor/commands/commandEntry.ts';
import { openTables } from '../../editor/commands/pageCommands.ts';
import { pause, resume, resumeChanged, step, stop, train, trainOn } from '../../editor/commands/trainCommands.ts';
import { useCommand } from '../../editor/commands/useCommand.ts';
import { messages, translate } from '../../editor/i18n/language.ts';
import { datasetsStore, readDatasets } from '../../editor/stores/datasets.ts';
import { documentStore } from '../../editor/stores/document.ts';
import { isActive } from '../../editor/stores/run.ts';
import { connectTraining, runController, runStore } from '../../editor/stores/training.ts';
import { ChoiceMenu } from '../parts/ChoiceMenu.tsx';
import { datasetChoices } from '../parts/dataChoices.ts';
import { DEVICE_TITLES, deviceOptions } from './devices.ts';
import { RunProgress } from './RunProgress.tsx';
import { usePageTitle } from './usePageTitle.ts';
import { useRunNotices } from './useRunNotices.ts';

/** The toolbar's piece for runs: what to train on, Train and its relatives, and how far it is. */
export function RunControls() {
  useEffect(() => {
    void readDatasets();
    return connectTraining();
  }, []);
  useRunNotices();
  usePageTitle();
  return (
    <section
      aria-label={messages().run.section}
      data-tour="train"
      className="flex min-w-0 flex-1 items-center gap-2 max-md:flex-wrap"
    >
      <div className="flex min-w-0 items-center gap-2 max-md:basis-full">
        <RunButtons />
        <DatasetMenu />
        <DeviceMenu />
      </div>
      <RunProgress />
    </section>
  );
}

function RunButtons() {
  const status = useStore(runStore, (state) => state.status);
  const changed = useCommand(resumeChanged).enabled;
  const onward = useCommand(trainOn).enabled;
  const primary = status === 'running' ? pause : status === 'paused' ? (changed ? resumeChanged : resume) : train;
  return (
    <div className="flex shrink-0 items-center gap-1">
      <PrimaryButton command={primary} waits={status === 'preparing' ? messages().run.preparing : undefined} />
      <CommandButton command={step} />
      <CommandButton command={stop} />
      {onward && <CommandButton command={trainOn} />}
    </div>
  );
}

/** What is done next, in words; while a run is prepared it says so and waits. */
function PrimaryButton({ command, waits }: { readonly command: Command; readonly waits: string | undefined }) {
  const { label, title } = useCommand(command);
  const Icon = command.icon;
  return (
    <button
      type="button"
      title={title}
      disabled={waits !== undefined}
      onClick={command.run}
      className="inline-flex h-8 min-w-22 items-center justify-center gap-1.5 rounded-md bg-primary px-3 text-xs font-semibold text-primary-ink outline-none hover:brightness-110 focus-visible:ring-2 focus-visible:ring-accent focus-visible:ring-offset-2 focus-visible:ring-offset-surface disabled:opacity-60"
    >
      <Icon aria-hidden size={14} fill="currentColor" strokeWidth={1.5} />
      {waits ?? label}
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
      more={commandEntry(openTables)}
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
      label={used ? messages().run.deviceUsed(translate(used.description)) : messages().run.device}
      icon={Cpu}
      value={wanted}
      shown={shown}
      brief
      choices={options}
      disabled={active}
      onChoose={(device) => runController.setDevice(device)}
    />
  );
}
