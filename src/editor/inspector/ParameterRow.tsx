import { type ReactNode, useEffect, useId, useState } from 'react';
import type { ParameterValue } from '../../engine/graph/document.ts';
import { type ParameterSpec, parameterProblem } from '../../engine/layers/parameters.ts';
import { messages, translate } from '../i18n/language.ts';
import { parameterLabel } from '../ui/format.ts';
import { MarkedColumn, TextParameter } from './TextParameter.tsx';

const INPUT =
  'h-7 w-full min-w-0 rounded-md border border-line bg-canvas px-2 font-mono text-xs text-ink outline-none placeholder:text-faint focus:border-accent aria-invalid:border-danger';

interface RowProps {
  readonly name: string;
  readonly spec: ParameterSpec;
  readonly value: ParameterValue;
  /** What stands in for an empty field. */
  readonly inferred: number | undefined;
  readonly problem: { readonly message: string; readonly column?: number } | undefined;
  /** Stands beside the label. */
  readonly action?: ReactNode;
  /** Stands instead of the field that the schema asks for. */
  readonly field?: ReactNode;
  readonly onChange: (value: ParameterValue) => void;
}

/** One parameter as a form row, derived from its schema. */
export function ParameterRow(props: RowProps) {
  const { name, spec, value, problem, action } = props;
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <div className={spec.kind === 'text' ? 'flex flex-col gap-1' : 'grid grid-cols-[1fr_7.5rem] items-center gap-2'}>
        <span className="flex min-w-0 items-center gap-1">
          <label htmlFor={id} title={translate(spec.help)} className="truncate text-xs text-ink">
            {parameterLabel(name)}
          </label>
          {action}
        </span>
        {props.field ?? <Field {...props} id={id} />}
      </div>
      {problem && (
        <p id={`${id}-problem`} className="text-[11px] leading-snug text-danger">
          {translate(problem.message)}
        </p>
      )}
      {problem?.column !== undefined && typeof value === 'string' && (
        <MarkedColumn text={value} column={problem.column} />
      )}
    </div>
  );
}

function Field({ id, name, spec, value, inferred, problem, onChange }: RowProps & { readonly id: string }) {
  switch (spec.kind) {
    case 'boolean':
      return (
        <button
          id={id}
          type="button"
          role="switch"
          aria-checked={value === true}
          onClick={() => onChange(value !== true)}
          className={`relative h-5 w-9 justify-self-end rounded-full outline-none transition-colors focus-visible:ring-2 focus-visible:ring-accent focus-visible:ring-offset-1 ${value === true ? 'bg-accent' : 'bg-faint'}`}
        >
          <span
            className={`absolute top-0.5 size-4 rounded-full bg-surface transition-[left] ${value === true ? 'left-[18px]' : 'left-0.5'}`}
          />
        </button>
      );
    case 'text':
      return (
        <TextParameter
          id={id}
          value={typeof value === 'string' ? value : spec.default}
          invalid={problem !== undefined}
          describedBy={problem && `${id}-problem`}
          className={INPUT}
          onChange={onChange}
        />
      );
    case 'choice':
      return (
        <select id={id} value={String(value)} onChange={(event) => onChange(event.target.value)} className={INPUT}>
          {spec.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      );
    case 'integers':
      return <IntegersField id={id} name={name} spec={spec} value={value} onChange={onChange} />;
    case 'numbers':
    case 'shape':
      return (
        <ListInput
          id={id}
          value={Array.isArray(value) ? (value as readonly number[]) : spec.default}
          accepts={(list) => parameterProblem(spec, list) === undefined}
          onChange={onChange}
        />
      );
    case 'integer':
    case 'number':
    case 'autoInteger':
      return (
        <NumberInput
          id={id}
          value={typeof value === 'number' ? value : null}
          placeholder={spec.kind === 'autoInteger' ? `auto${inferred === undefined ? '' : ` (${inferred})`}` : ''}
          parse={(text) => {
            if (text.trim() === '' && spec.kind === 'autoInteger') return null;
            return readNumber(text, (number) => parameterProblem(spec, number));
          }}
          onChange={onChange}
        />
      );
  }
}

/** One number an axis; where words may stand instead, a choice between numbers and those goes before. */
function IntegersField(props: {
  readonly id: string;
  readonly name: string;
  readonly spec: Extract<ParameterSpec, { kind: 'integers' }>;
  readonly value: ParameterValue;
  readonly onChange: (value: ParameterValue) => void;
}) {
  const { id, name, spec, value, onChange } = props;
  const list = Array.isArray(value) ? (value as readonly number[]) : spec.default;
  const chosen = spec.words?.find((word) => word === value);
  const numbers = (
    <div className="flex gap-1">
      {spec.default.map((_, i) => (
        <NumberInput
          key={i}
          id={i === 0 ? id : `${id}-${i}`}
          label={`${parameterLabel(name)} ${i + 1}`}
          value={list[i] ?? 0}
          parse={(text) =>
            readNumber(text, (number) =>
              parameterProblem(
                spec,
                list.map((own, k) => (k === i ? number : own)),
              ),
            )
          }
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
        aria-label={parameterLabel(name)}
        value={chosen ?? ''}
        onChange={(event) => onChange(event.target.value === '' ? spec.default : event.target.value)}
        className={INPUT}
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

/** A number as text while it is typed; what can't be taken is marked and not given on. */
function NumberInput<Value extends number | null>(props: {
  readonly id: string;
  readonly label?: string;
  readonly value: Value;
  readonly placeholder?: string;
  /** Undefined for text that is no good value. */
  readonly parse: (text: string) => Value | undefined;
  readonly onChange: (value: Value) => void;
}) {
  const { id, label, value, placeholder, parse, onChange } = props;
  const [text, setText] = useState(value === null ? '' : String(value));
  useEffect(() => {
    setText((now) => (parse(now) === value ? now : value === null ? '' : String(value)));
  }, [value, parse]);
  const step = (by: number) => {
    const next = parse(String((value ?? 0) + by));
    if (next !== undefined && next !== null) onChange(next);
  };
  return (
    <input
      id={id}
      {...(label ? { 'aria-label': label } : {})}
      inputMode="decimal"
      autoComplete="off"
      value={text}
      placeholder={placeholder}
      aria-invalid={parse(text) === undefined}
      onChange={(event) => {
        setText(event.target.value);
        const parsed = parse(event.target.value);
        if (parsed !== undefined && parsed !== value) onChange(parsed);
      }}
      onBlur={() => setText(value === null ? '' : String(value))}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
        event.preventDefault();
        step((event.key === 'ArrowUp' ? 1 : -1) * (event.shiftKey ? 10 : 1) * (Number.isInteger(value) ? 1 : 0.01));
      }}
      className={INPUT}
    />
  );
}

function ListInput(props: {
  readonly id: string;
  readonly value: readonly number[];
  readonly accepts: (list: readonly number[]) => boolean;
  readonly onChange: (list: readonly number[]) => void;
}) {
  const { id, value, accepts, onChange } = props;
  const [text, setText] = useState(value.join(', '));
  const written = value.join(', ');
  useEffect(() => {
    setText((now) => (listOf(now)?.join(', ') === written ? now : written));
  }, [written]);
  const list = listOf(text);
  return (
    <input
      id={id}
      autoComplete="off"
      value={text}
      aria-invalid={!list || !accepts(list)}
      onChange={(event) => {
        setText(event.target.value);
        const parsed = listOf(event.target.value);
        if (parsed && accepts(parsed)) onChange(parsed);
      }}
      className={INPUT}
    />
  );
}

function listOf(text: string): number[] | undefined {
  const parts = text.split(/[\s,×x]+/).filter(Boolean);
  const numbers = parts.map(Number);
  return numbers.every(Number.isFinite) ? numbers : undefined;
}

function readNumber(text: string, problem: (value: number) => string | undefined): number | undefined {
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) && problem(value) === undefined ? value : undefined;
}
