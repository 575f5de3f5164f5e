import { useState } from 'react';
import { numberClass } from './fieldClass.ts';
import type { Reading } from './readParameter.ts';

/** Any number of numbers in one field. */
export function ListInput(props: {
  readonly id: string;
  readonly describedBy?: string;
  readonly value: readonly number[];
  readonly read: (text: string) => Reading<readonly number[]>;
  readonly onProblem: (problem: string | undefined) => void;
  readonly onChange: (list: readonly number[]) => void;
}) {
  const { id, describedBy, value, read, onProblem, onChange } = props;
  const written = value.join(', ');
  const [text, setText] = useState(written);
  const [known, setKnown] = useState(written);
  if (written !== known) {
    // Changed by typing, which stays as it was typed; or from outside.
    const reading = read(text);
    setKnown(written);
    if (!('value' in reading) || reading.value.join(', ') !== written) setText(written);
  }
  return (
    <input
      id={id}
      aria-describedby={describedBy}
      autoComplete="off"
      spellCheck={false}
      value={text}
      aria-invalid={'problem' in read(text)}
      onChange={(event) => {
        setText(event.target.value);
        const reading = read(event.target.value);
        onProblem('problem' in reading ? reading.problem : undefined);
        if ('value' in reading && reading.value.join(', ') !== written) onChange(reading.value);
      }}
      onBlur={() => {
        setText(written);
        onProblem(undefined);
      }}
      className={numberClass}
    />
  );
}
