import { useEffect, useId, useState } from 'react';
import type { ParameterValue } from '../../engine/graph/document.ts';
import { FieldRow, fieldClass } from './FieldRow.tsx';

/** Numbers with commas between; handed on when they are good, on Enter and when the field is left. Empty is no number. */
export function ListField(props: {
  readonly label: string;
  readonly help: string;
  readonly value: readonly number[];
  /** The parameter's value for these numbers; undefined where it can't be so many. */
  readonly read: (numbers: readonly number[]) => ParameterValue | undefined;
  readonly problem: (value: ParameterValue) => string | undefined;
  readonly onChange: (value: ParameterValue) => void;
}) {
  const { label, help, value, read, problem, onChange } = props;
  const id = useId();
  const written = value.join(', ');
  const [draft, setDraft] = useState(written);
  useEffect(() => setDraft(written), [written]);
  const numbers = draft
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(Number);
  const given = numbers.every(Number.isFinite) ? read(numbers) : undefined;
  const wrong = given === undefined ? 'expects numbers with commas between' : problem(given);
  const commit = (): void => {
    if (wrong || given === undefined) setDraft(written);
    else if (numbers.join(', ') !== written) onChange(given);
  };
  return (
    <FieldRow id={id} label={label} help={help} problem={wrong}>
      <input
        id={id}
        type="text"
        autoComplete="off"
        spellCheck={false}
        value={draft}
        aria-invalid={wrong !== undefined}
        aria-describedby={`${id}-help`}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setDraft(written);
        }}
        className={`${fieldClass} tabular-nums ${wrong ? 'border-danger' : 'border-line'}`}
      />
    </FieldRow>
  );
}
