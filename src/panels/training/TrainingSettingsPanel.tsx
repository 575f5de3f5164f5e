import { useId } from 'react';
import { useStore } from 'zustand';
import { messages, translate } from '../../editor/i18n/language.ts';
import { datasetsStore } from '../../editor/stores/datasets.ts';
import { documentStore } from '../../editor/stores/document.ts';
import { TextButton } from '../../editor/ui/controls.tsx';
import type { ParameterValue, TrainingSettings } from '../../engine/graph/document.ts';
import { completeParameters, type ParameterSchema } from '../../engine/layers/parameters.ts';
import { allOptimizers } from '../../engine/optimizers/registry.ts';
import { allSchedules } from '../../engine/optimizers/schedules/registry.ts';
import { trainingOptions } from '../../engine/optimizers/trainingOptions.ts';
import { datasetChoices } from '../parts/dataChoices.ts';
import { FieldRow, fieldClass } from './FieldRow.tsx';
import { NumberField } from './NumberField.tsx';
import { ParameterField } from './ParameterField.tsx';

/** Greatest seed: it travels as an int32. */
const MAX_SEED = 2 ** 31 - 1;

/** How the document is trained and on what: part of the document, so that undo reaches it. */
function TrainingSettingsPanel() {
  const training = useStore(documentStore, ({ document }) => document.training);
  const change = (settings: Partial<TrainingSettings>): void =>
    documentStore.getState().dispatch({ kind: 'setTraining', training: settings });
  return (
    <section aria-label={messages().training.title} className="flex h-full min-h-0 flex-col gap-5 overflow-y-auto p-3">
      <Group title={messages().training.data}>
        <DatasetField />
      </Group>
      <Group title={messages().training.run}>
        <NumberField
          label={messages().training.epochs}
          help={messages().training.epochsHelp}
          value={training.epochs}
          problem={wholeNumber(1, 10_000)}
          onChange={(epochs) => change({ epochs })}
        />
        <NumberField
          label={messages().training.batchSize}
          help={messages().training.batchSizeHelp}
          value={training.batchSize}
          problem={wholeNumber(1, 65_536)}
          onChange={(batchSize) => change({ batchSize })}
        />
        <NumberField
          label={messages().training.seed}
          help={messages().training.seedHelp}
          value={training.seed}
          problem={wholeNumber(0, MAX_SEED)}
          onChange={(seed) => change({ seed })}
        />
      </Group>
      <DefinitionFields
        title={messages().training.optimizer}
        chosen={training.optimizer}
        definitions={allOptimizers()}
        onChange={(optimizer) => change({ optimizer })}
      />
      {(training.groups ?? []).map((group, i) => (
        <DefinitionFields
          key={`${i} ${group.name}`}
          title={messages().groups.optimizerOf(group.name)}
          chosen={group.optimizer}
          definitions={allOptimizers()}
          onChange={(optimizer) =>
            change({ groups: (training.groups ?? []).map((own, k) => (k === i ? { ...own, optimizer } : own)) })
          }
        />
      ))}
      <GroupButtons training={training} onChange={(groups) => change({ groups })} />
      <DefinitionFields
        title={messages().training.schedule}
        chosen={training.schedule ?? CONSTANT}
        definitions={allSchedules()}
        onChange={(schedule) => change({ schedule })}
      />
      <OptionFields options={training.options ?? {}} onChange={(options) => change({ options })} />
    </section>
  );
}

/** Adds a group of layers with an optimizer of its own, or takes the last one away. */
function GroupButtons(props: {
  readonly training: TrainingSettings;
  readonly onChange: (groups: NonNullable<TrainingSettings['groups']>) => void;
}) {
  const { groups = [], optimizer } = props.training;
  const words = messages().groups;
  return (
    <div className="flex flex-col gap-2">
      <p className="text-[11px] leading-snug text-muted">{words.hint}</p>
      <div className="flex gap-2">
        <TextButton
          onClick={() =>
            props.onChange([...groups, { name: words.newName(groups.length + 1), nodes: [], losses: [], optimizer }])
          }
        >
          {words.add}
        </TextButton>
        {groups.length > 0 && (
          <TextButton onClick={() => props.onChange(groups.slice(0, -1))}>
            {words.removeLast(groups.at(-1)?.name ?? '')}
          </TextButton>
        )}
      </div>
    </div>
  );
}

function DatasetField() {
  const id = useId();
  const { entries, problem } = useStore(datasetsStore);
  const chosen = useStore(documentStore, ({ document }) => document.data.dataset);
  const choices = datasetChoices(entries, problem, chosen);
  const entry = entries?.find((candidate) => candidate.id === chosen);
  return (
    <FieldRow
      id={id}
      label={messages().run.dataset}
      help={entry ? messages().training.source(entry.source, entry.licence) : ''}
      problem={entries && !entry ? messages().training.unknown(chosen) : problem}
    >
      <select
        id={id}
        value={chosen}
        aria-describedby={`${id}-help`}
        onChange={(event) =>
          documentStore.getState().dispatch({ kind: 'setData', data: { dataset: event.target.value } })
        }
        className={`${fieldClass} border-line`}
      >
        {choices.map(({ value, title, available }) => (
          <option key={value} value={value} disabled={!available}>
            {title}
          </option>
        ))}
      </select>
    </FieldRow>
  );
}

type Choice = TrainingSettings['optimizer'];

const CONSTANT: Choice = { type: 'Constant', parameters: {} };

interface Definition {
  readonly type: string;
  readonly title: string;
  readonly help: { readonly summary: string };
  readonly parameters: ParameterSchema;
}

/** One of several definitions, and a field for each of its parameters. */
function DefinitionFields(props: {
  readonly title: string;
  readonly chosen: Choice;
  readonly definitions: readonly Definition[];
  readonly onChange: (next: Choice) => void;
}) {
  const { title, chosen, definitions, onChange } = props;
  const id = useId();
  const find = (type: string): Definition | undefined => definitions.find((candidate) => candidate.type === type);
  const definition = find(chosen.type);
  const parameters: Readonly<Record<string, ParameterValue>> = definition
    ? completeParameters(definition.parameters, chosen.parameters)
    : {};
  const choose = (type: string): void => {
    // A learning rate means the same in each; what else the new one knows keeps its value too.
    const schema = find(type)?.parameters ?? {};
    const kept = Object.entries(chosen.parameters).filter(([name]) => Object.hasOwn(schema, name));
    onChange({ type, parameters: Object.fromEntries(kept) });
  };
  return (
    <Group title={title}>
      <FieldRow
        id={id}
        label={title}
        help={translate(definition?.help.summary ?? '')}
        problem={definition ? undefined : messages().training.unknown(chosen.type)}
      >
        <select
          id={id}
          value={definition ? chosen.type : ''}
          aria-describedby={`${id}-help`}
          onChange={(event) => choose(event.target.value)}
          className={`${fieldClass} border-line`}
        >
          {!definition && <option value="">{chosen.type}</option>}
          {definitions.map(({ type, title: name }) => (
            <option key={type} value={type}>
              {translate(name)}
            </option>
          ))}
        </select>
      </FieldRow>
      {Object.entries(definition?.parameters ?? {}).map(([name, spec]) => (
        <ParameterField
          key={`${chosen.type} ${name}`}
          name={name}
          spec={spec}
          value={parameters[name] ?? spec.default}
          onChange={(value) => onChange({ ...chosen, parameters: { ...chosen.parameters, [name]: value } })}
        />
      ))}
    </Group>
  );
}

type Options = NonNullable<TrainingSettings['options']>;

/** Clipping, accumulation, averaging and early stopping. */
function OptionFields({ options, onChange }: { options: Options; onChange: (next: Options) => void }) {
  const values: Readonly<Record<string, ParameterValue>> = completeParameters(trainingOptions, options);
  return (
    <Group title={messages().training.options}>
      {Object.entries(trainingOptions).map(([name, spec]) => (
        <ParameterField
          key={name}
          name={name}
          spec={spec}
          value={values[name] ?? spec.default}
          onChange={(value) => onChange({ ...options, [name]: value })}
        />
      ))}
    </Group>
  );
}

function Group({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-2.5">
      <legend className="mb-2 text-[11px] font-semibold tracking-wide text-muted uppercase">{title}</legend>
      {children}
    </fieldset>
  );
}

const wholeNumber =
  (min: number, max: number) =>
  (value: number): string | undefined =>
    Number.isSafeInteger(value) && value >= min && value <= max ? undefined : messages().training.wholeNumber(min, max);

export default TrainingSettingsPanel;
