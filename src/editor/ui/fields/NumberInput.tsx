import { useState } from 'react';
import { numberClass } from './fieldClass.ts';
import { type Reading, written } from './readParameter.ts';

/** A number as text while it is typed, so that `1e-3` can be; what can't be taken is reported and not handed on. */
export function NumberInput<Value extends number | null>(props: {
  readonly id: string;
  readonly label?: string;
  readonly describedBy?: string;
  readonly value: Value;
  readonly placeholder?: string;
  readonly unit?: string | undefined;
  /** How far an arrow key goes. */
  readonly step: number;
  readonly read: (text: string) => Reading<Value>;
  readonly onProblem: (problem: string | undefined) => void;
  readonly onChange: (value: Value) => void;
}) {
  const { id, label, describedBy, value, placeholder, unit, read, onProblem, onChange } = props;
  const [text, setText] = useState(written(value));
  const [known, setKnown] = useState(value);
  if (value !== known) {
    // Changed by typing, which stays as it was typed; or from outside.
    const reading = read(text);
    setKnown(value);
    if (!('value' in reading) || reading.value !== value) setText(written(value));
  }
  const type = (next: string) => {
    setText(next);
    const reading = read(next);
    onProblem('problem' in reading ? reading.problem : undefined);
    if ('value' in reading && reading.value !== value) onChange(reading.value);
  };
  const go = (by: number) => {
    const next = Number(((value ?? 0) + by * props.step).toPrecision(12));
    if ('value' in read(String(next))) type(String(next));
  };
  return (
    <span className="relative">
      <input
        id={id}
        {...(label ? { 'aria-label': label } : {})}
        aria-describedby={describedBy}
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        value={text}
        placeholder={placeholder}
        aria-invalid={'problem' in read(text)}
        onChange={(event) => type(event.target.value)}
        onBlur={() => {
          setText(written(value));
          onProblem(undefined);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
          event.preventDefault();
          go((event.key === 'ArrowUp' ? 1 : -1) * (event.shiftKey ? 10 : 1));
        }}
        className={unit ? `${numberClass} pr-14` : numberClass}
      />
      {unit && (
        <span
          aria-hidden
          className="pointer-events-none absolute inset-y-0 right-2 grid place-items-center text-[11px] text-muted"
        >
          {unit}
        </span>
      )}
    </span>
  );
}
