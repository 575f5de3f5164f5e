import { useId } from 'react';
import { translate } from '../../editor/i18n/language.ts';
import type { ParameterValue } from '../../engine/graph/document.ts';
import { type ParameterSpec, parameterProblem } from '../../engine/layers/parameters.ts';
import { FieldRow, fieldClass } from './FieldRow.tsx';
import { ListField } from './ListField.tsx';
import { NumberField } from './NumberField.tsx';

/** The field that a parameter's schema asks for. */
export function ParameterField(props: {
  readonly name: string;
  readonly spec: ParameterSpec;
  readonly value: ParameterValue;
  readonly onChange: (value: ParameterValue) => void;
}) {
  const { name, spec, value, onChange } = props;
  const id = useId();
  switch (spec.kind) {
    case 'integer':
    case 'number':
      return (
        <NumberField
          label={name}
          help={translate(spec.help)}
          value={Number(value)}
          problem={(number) => parameterProblem(spec, number)}
          onChange={onChange}
        />
      );
    case 'boolean':
      return (
        <FieldRow id={id} label={name} help={translate(spec.help)}>
          <input
            id={id}
            type="checkbox"
            checked={value === true}
            aria-describedby={`${id}-help`}
            onChange={(event) => onChange(event.target.checked)}
            className="size-4 justify-self-start accent-accent"
          />
        </FieldRow>
      );
    case 'text':
      return (
        <FieldRow id={id} label={name} help={spec.help}>
          <input
            id={id}
            value={String(value)}
            autoComplete="off"
            aria-describedby={`${id}-help`}
            onChange={(event) => onChange(event.target.value)}
            className={`${fieldClass} border-line`}
          />
        </FieldRow>
      );
    case 'choice':
      return (
        <FieldRow id={id} label={name} help={translate(spec.help)}>
          <select
            id={id}
            value={String(value)}
            aria-describedby={`${id}-help`}
            onChange={(event) => onChange(event.target.value)}
            className={`${fieldClass} border-line`}
          >
            {spec.choices.map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
          </select>
        </FieldRow>
      );
    case 'autoInteger':
    case 'numbers':
    case 'integers':
    case 'shape':
      return (
        <ListField
          label={name}
          help={translate(spec.help)}
          value={Array.isArray(value) ? value : value === null ? [] : [Number(value)]}
          read={(list) => (spec.kind === 'autoInteger' ? (list.length > 1 ? undefined : (list[0] ?? null)) : list)}
          problem={(given) => parameterProblem(spec, given)}
          onChange={onChange}
        />
      );
  }
}
