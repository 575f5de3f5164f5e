import { useEffect, useId, useState } from 'react';
import { FieldRow, fieldClass } from './FieldRow.tsx';

/** A number as text, so that `1e-3` can be typed; handed on when it is good, on Enter and when the field is left. */
export function NumberField(props: {
  readonly label: string;
  readonly help: string;
  readonly value: number;
  /** What is wrong with a number, or undefined. */
  readonly problem: (value: number) => string | undefined;
  readonly onChange: (value: number) => void;
}) {
  const { label, help, value, problem, onChange } = props;
  const id = useId();
  const [draft, setDraft] = useState(String(value));
  useEffect(() => setDraft(String(value)), [value]);
  const number = draft.trim() === '' ? Number.NaN : Number(draft);
  const wrong = Number.isNaN(number) ? 'expects a number' : problem(number);
  const commit = (): void => {
    if (wrong) setDraft(String(value));
    else if (number !== value) onChange(number);
  };
  return (
    <FieldRow id={id} label={label} help={help} problem={wrong}>
      <input
        id={id}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        value={draft}
        aria-invalid={wrong !== undefined}
        aria-describedby={`${id}-help`}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setDraft(String(value));
        }}
        className={`${fieldClass} tabular-nums ${wrong ? 'border-danger' : 'border-line'}`}
      />
    </FieldRow>
  );
}
