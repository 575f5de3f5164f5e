import { useRef } from 'react';
import { messages } from '../../i18n/language.ts';
import type { EditOptions } from '../../stores/document.ts';
import { Range } from '../Range.tsx';
import type { SliderScale } from './sliderScale.ts';

let drags = 0;

/** A slider under a number. While it is held all its values are one edit; its keys are those of any slider. */
export function Slider(props: {
  readonly label: string;
  readonly scale: SliderScale;
  readonly value: number;
  readonly editKey: string;
  readonly onChange: (value: number, options: EditOptions) => void;
}) {
  const { label, scale, value, editKey, onChange } = props;
  const { min, max, step } = scale;
  const drag = useRef<number | undefined>(undefined);
  const end = () => {
    drag.current = undefined;
  };
  return (
    <Range
      aria-label={messages().inspector.slider(label)}
      aria-valuetext={String(value)}
      min={min}
      max={max}
      step={step}
      value={scale.positionOf(value)}
      onPointerDown={() => {
        drag.current = ++drags;
      }}
      onPointerUp={end}
      onPointerCancel={end}
      onBlur={end}
      onChange={(event) => {
        const next = scale.valueAt(Number(event.target.value));
        const held = drag.current;
        onChange(next, held === undefined ? { key: editKey } : { key: `${editKey} drag ${held}`, held: true });
      }}
      className="col-span-full w-full"
    />
  );
}
