import { type ReactNode, useId, useState } from 'react';
import type { ParameterValue } from '../../../engine/graph/document.ts';
import { type ParameterSpec, parameterProblem } from '../../../engine/layers/parameters.ts';
import { translate } from '../../i18n/language.ts';
import type { EditOptions } from '../../stores/document.ts';
import { parameterLabel } from '../format.ts';
import { FieldRow } from './FieldRow.tsx';
import { fieldClass, numberClass } from './fieldClass.ts';
import { IntegersInput } from './IntegersInput.tsx';
import { ListInput } from './ListInput.tsx';
import { MarkedColumn } from './MarkedColumn.tsx';
import { NumberInput } from './NumberInput.tsx';
import { readList, readNumber } from './readParameter.ts';
import { Slider } from './Slider.tsx';
import { Switch } from './Switch.tsx';
import { sliderScale } from './sliderScale.ts';

interface ParameterFieldProps {
  readonly name: string;
  /** Where it is not the name in words. */
  readonly label?: string;
  readonly spec: ParameterSpec;
  readonly value: ParameterValue;
  /** Tells this field's edits from others': those that follow quickly become one step of the history. */
  readonly editKey: string;
  /** What stands in for an empty field. */
  readonly inferred?: number | undefined;
  /** What is wrong with the value for the model, besides its range. */
  readonly problem?: { readonly message: string; readonly column?: number } | undefined;
  /** Help as a line of its own, not only on hover. */
  readonly showsHelp?: boolean;
  /** Stands beside the label. */
  readonly action?: ReactNode;
  /** Stands instead of the field that the schema asks for. */
  readonly field?: ReactNode;
  readonly onChange: (value: ParameterValue, options: EditOptions) => void;
}

/** One parameter of a layer, an optimizer or the training as a form row, derived from its schema. */
export function ParameterField(props: ParameterFieldProps) {
  const { name, spec, value, problem, editKey, field, onChange } = props;
  const id = useId();
  const [typed, setTyped] = useState<string>();
  const label = props.label ?? parameterLabel(name);
  const scale = field === undefined ? sliderScale(spec) : undefined;
  return (
    <div data-parameter={name} className="flex flex-col gap-1">
      <FieldRow
        id={id}
        label={label}
        help={spec.help}
        showsHelp={props.showsHelp ?? false}
        problem={typed ?? problem?.message}
        {...(spec.kind === 'text' ? { layout: 'below' as const } : {})}
        action={props.action}
      >
        {field ?? (
          <Field
            {...props}
            id={id}
            label={label}
            onProblem={setTyped}
            edit={(next) => onChange(next, { key: editKey })}
          />
        )}
        {scale && <Slider label={label} scale={scale} value={Number(value)} editKey={editKey} onChange={onChange} />}
      </FieldRow>
      {problem?.column !== undefined && typeof value === 'string' && (
        <MarkedColumn text={value} column={problem.column} />
      )}
    </div>
  );
}

function Field(
  props: ParameterFieldProps & {
    readonly id: string;
    readonly label: string;
    readonly onProblem: (problem: string | undefined) => void;
    readonly edit: (value: ParameterValue) => void;
  },
) {
  const { id, label, spec, value, inferred, problem, onProblem, edit } = props;
  const describedBy = `${id}-help`;
  switch (spec.kind) {
    case 'boolean':
      return <Switch id={id} describedBy={describedBy} on={value === true} onChange={edit} />;
    case 'text':
      return (
        <input
          id={id}
          autoComplete="off"
          spellCheck={false}
          value={typeof value === 'string' ? value : spec.default}
          aria-invalid={problem !== undefined}
          aria-describedby={describedBy}
          onChange={(event) => edit(event.target.value)}
          className={numberClass}
        />
      );
    case 'choice':
      return (
        <select
          id={id}
          value={String(value)}
          aria-describedby={describedBy}
          onChange={(event) => edit(event.target.value)}
          className={fieldClass}
        >
          {spec.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      );
    case 'integers':
      return <IntegersInput id={id} label={label} spec={spec} value={value} onProblem={onProblem} onChange={edit} />;
    case 'numbers':
    case 'shape':
      return (
        <ListInput
          id={id}
          describedBy={describedBy}
          value={Array.isArray(value) ? (value as readonly number[]) : spec.default}
          read={(text) => readList(text, spec)}
          onProblem={onProblem}
          onChange={edit}
        />
      );
    case 'integer':
    case 'number':
    case 'autoInteger':
      return (
        <NumberInput
          id={id}
          describedBy={describedBy}
          value={typeof value === 'number' ? value : null}
          placeholder={spec.kind === 'autoInteger' ? `auto${inferred === undefined ? '' : ` (${inferred})`}` : ''}
          unit={spec.unit && translate(spec.unit)}
          step={spec.kind === 'number' ? (spec.step ?? 0.01) : 1}
          read={(text) =>
            text.trim() === '' && spec.kind === 'autoInteger'
              ? { value: null }
              : readNumber(text, (number) => parameterProblem(spec, number))
          }
          onProblem={onProblem}
          onChange={edit}
        />
      );
  }
}
