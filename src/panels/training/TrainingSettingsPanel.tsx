import { useId } from 'react';
import { useStore } from 'zustand';
import { messages, translate } from '../../editor/i18n/language.ts';
import { datasetsStore } from '../../editor/stores/datasets.ts';
import { documentStore, type EditOptions } from '../../editor/stores/document.ts';
import { TextButton } from '../../editor/ui/controls.tsx';
import { FieldRow } from '../../editor/ui/fields/FieldRow.tsx';
import { fieldClass } from '../../editor/ui/fields/fieldClass.ts';
import { ParameterField } from '../../editor/ui/fields/ParameterField.tsx';
import type { ParameterValue, TrainingSettings } from '../../engine/graph/document.ts';
import { completeParameters, type ParameterSchema } from '../../engine/layers/parameters.ts';
import { allOptimizers } from '../../engine/optimizers/registry.ts';
import { allSchedules } from '../../engine/optimizers/schedules/registry.ts';
import { runSettings, trainingOptions } from '../../engine/optimizers/trainingOptions.ts';
import { datasetChoices } from '../parts/dataChoices.ts';
import { TuneDevice } from './TuneDevice.tsx';

const RUN_SETTINGS = ['epochs', 'batchSize', 'seed'] as const;

/** How the document is trained and on what: part of the document, so that undo reaches it, but for what is the device's. */
function TrainingSettingsPanel() {
  const training = useStore(documentStore, ({ document }) => document.training);
  const change = (settings: Partial<TrainingSettings>, options?: EditOptions): void =>
    documentStore.getState().dispatch({ kind: 'setTraining', training: settings }, options);
  return (
    <section aria-label={messages().training.title} className="form-sections">
      <Group title={messages().training.data}>
        <DatasetField />
      </Group>
      <Group title={messages().training.run}>
        {RUN_SETTINGS.map((name) => (
          <ParameterField
            key={name}
            name={name}
            label={messages().training[name]}
            spec={runSettings[name]}
            value={training[name]}
            editKey={name}
            showsHelp
            onChange={(value, options) => change({ [name]: value }, options)}
          />
        ))}
      </Group>
      <DefinitionFields
        title={messages().training.optimizer}
        chosen={training.optimizer}
        definitions={allOptimizers()}
        onChange={(optimizer, options) => change({ optimizer }, options)}
      />
      {(training.groups ?? []).map((group, i) => (
        <DefinitionFields
          key={`${i} ${group.name}`}
          title={messages().groups.optimizerOf(group.name)}
          chosen={group.optimizer}
          definitions={allOptimizers()}
          onChange={(optimizer, options) =>
            change(
              { groups: (training.groups ?? []).map((own, k) => (k === i ? { ...own, optimizer } : own)) },
              options,
            )
          }
        />
      ))}
      <GroupButtons training={training} onChange={(groups) => change({ groups })} />
      <DefinitionFields
        title={messages().training.schedule}
        chosen={training.schedule ?? CONSTANT}
        definitions={allSchedules()}
        onChange={(schedule, options) => change({ schedule }, options)}
      />
      <OptionFields options={training.options ?? {}} onChange={(next, options) => change({ options: next }, options)} />
      <Group title={messages().run.device}>
        <TuneDevice />
      </Group>
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
    <section aria-label={words.title} className="flex flex-col gap-3">
      <h3 className="section-title">{words.title}</h3>
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
    </section>
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
      showsHelp
      problem={entries && !entry ? messages().training.unknown(chosen) : problem}
    >
      <select
        id={id}
        value={chosen}
        aria-describedby={`${id}-help`}
        onChange={(event) =>
          documentStore.getState().dispatch({ kind: 'setData', data: { dataset: event.target.value } })
        }
        className={fieldClass}
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
  readonly onChange: (next: Choice, options?: EditOptions) => void;
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
        help={definition?.help.summary ?? ''}
        showsHelp
        problem={definition ? undefined : messages().training.unknown(chosen.type)}
      >
        <select
          id={id}
          value={definition ? chosen.type : ''}
          aria-describedby={`${id}-help`}
          onChange={(event) => choose(event.target.value)}
          className={fieldClass}
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
          editKey={`${title} ${chosen.type} ${name}`}
          showsHelp
          onChange={(value, options) =>
            onChange({ ...chosen, parameters: { ...chosen.parameters, [name]: value } }, options)
          }
        />
      ))}
    </Group>
  );
}

type Options = NonNullable<TrainingSettings['options']>;

/** Clipping, accumulation, averaging and early stopping. */
function OptionFields(props: {
  readonly options: Options;
  readonly onChange: (next: Options, edit: EditOptions) => void;
}) {
  const { options, onChange } = props;
  const values: Readonly<Record<string, ParameterValue>> = completeParameters(trainingOptions, options);
  return (
    <Group title={messages().training.options}>
      {Object.entries(trainingOptions).map(([name, spec]) => (
        <ParameterField
          key={name}
          name={name}
          spec={spec}
          value={values[name] ?? spec.default}
          editKey={`option ${name}`}
          showsHelp
          onChange={(value, edit) => onChange({ ...options, [name]: value }, edit)}
        />
      ))}
    </Group>
  );
}

function Group({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      {/* Floating, it is a part of the form like the others; else it would stand on the border. */}
      <legend className="section-title float-left">{title}</legend>
      {children}
    </fieldset>
  );
}

export default TrainingSettingsPanel;
