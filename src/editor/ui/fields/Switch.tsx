import { useId } from 'react';

/** What is on or off, at once. */
export function Switch(props: {
  readonly id: string;
  readonly describedBy?: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}) {
  const { id, describedBy, on, onChange } = props;
  return (
    <button
      id={id}
      type="button"
      role="switch"
      aria-checked={on}
      {...(describedBy === undefined ? {} : { 'aria-describedby': describedBy })}
      onClick={() => onChange(!on)}
      className={`relative h-4.5 w-8 shrink-0 justify-self-end rounded-full outline-none transition-colors focus-visible:ring-2 focus-visible:ring-accent focus-visible:ring-offset-1 focus-visible:ring-offset-surface pointer-coarse:h-6 pointer-coarse:w-11 ${on ? 'bg-primary' : 'bg-faint hover:bg-muted'}`}
    >
      <span
        className={`absolute top-0.5 size-3.5 rounded-full bg-white transition-[left] pointer-coarse:size-5 ${on ? 'left-4 pointer-coarse:left-5.5' : 'left-0.5'}`}
      />
    </button>
  );
}

/** A switch with its label in front. */
export function SwitchRow(props: {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}) {
  const id = useId();
  return (
    <div className="flex items-center justify-between gap-2 text-xs text-ink">
      <label htmlFor={id}>{props.label}</label>
      <Switch id={id} on={props.on} onChange={props.onChange} />
    </div>
  );
}
