import type { ParameterValue } from '../../../engine/graph/document.ts';
import { type ParameterSpec, parameterProblem } from '../../../engine/layers/parameters.ts';
import { messages } from '../../i18n/language.ts';
import { fieldClass } from './fieldClass.ts';
import { NumberInput } from './NumberInput.tsx';
import { readNumber } from './readParameter.ts';

/** One number an axis; where words may stand instead, a choice between numbers and those goes before. */
export function IntegersInput(props: {
  readonly id: string;
  readonly label: string;
  readonly spec: Extract<ParameterSpec, { kind: 'integers' }>;
  readonly value: ParameterValue;
  readonly onProblem: (problem: string | undefined) => void;
  readonly onChange: (value: ParameterValue) => void;
}) {
  const { id, label, spec, value, onProblem, onChange } = props;
  const list = Array.isArray(value) ? (value as readonly number[]) : spec.default;
  const chosen = spec.words?.find((word) => word === value);
  const numbers = (
    <div className="flex gap-1">
      {spec.default.map((_, i) => (
        <NumberInput
          key={i}
          id={i === 0 ? id : `${id}-${i}`}
          label={`${label} ${i + 1}`}
          value={list[i] ?? 0}
          step={1}
          read={(text) =>
            readNumber(text, (number) =>
              parameterProblem(
                spec,
                list.map((own, k) => (k === i ? number : own)),
              ),
            )
          }
          onProblem={onProblem}
          onChange={(number) => onChange(list.map((own, k) => (k === i ? number : own)))}
        />
      ))}
    </div>
  );
  if (!spec.words) return numbers;
  return (
    <div className="flex flex-col gap-1">
      <select
        id={chosen === undefined ? `${id}-kind` : id}
        aria-label={label}
        value={chosen ?? ''}
        onChange={(event) => onChange(event.target.value === '' ? spec.default : event.target.value)}
        className={fieldClass}
      >
        <option value="">{messages().inspector.numbers}</option>
        {spec.words.map((word) => (
          <option key={word}>{word}</option>
        ))}
      </select>
      {chosen === undefined && numbers}
    </div>
  );
}
