import type { ParameterSpec } from '../../../engine/layers/parameters.ts';

/** Where a slider stands for a value, and back. */
export interface SliderScale {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  positionOf(value: number): number;
  valueAt(position: number): number;
}

/** Whole numbers over a wider range are typed more quickly than pointed at. */
const WIDEST = 128;
/** Steps of a slider whose parameter names none. */
const STEPS = 100;

/** The slider of a parameter that is bounded on both sides; undefined for others. */
export function sliderScale(spec: ParameterSpec): SliderScale | undefined {
  if (spec.kind !== 'integer' && spec.kind !== 'number') return undefined;
  const { min, max } = spec;
  if (min === undefined || max === undefined) return undefined;
  if (spec.kind === 'integer') return max - min > WIDEST ? undefined : linear(min, max, 1);
  return spec.scale === 'decay' ? decay(min, max) : linear(min, max, spec.step ?? (max - min) / STEPS);
}

function linear(min: number, max: number, step: number): SliderScale {
  const same = (value: number): number => value;
  return { min, max, step, positionOf: same, valueAt: same };
}

/** Positions count the nines: 1 is 0.9, 2 is 0.99; between them 1 - value has two digits. */
function decay(min: number, max: number): SliderScale {
  const nines = (value: number): number => -Math.log10(1 - value);
  return {
    min: nines(min),
    max: nines(max),
    step: 0.05,
    positionOf: nines,
    valueAt: (position) => {
      const rest = Number((10 ** -position).toPrecision(2));
      // Without the noise of the subtraction: no decay has more than 7 digits here.
      return Math.min(max, Math.max(min, Number((1 - rest).toFixed(7))));
    },
  };
}
