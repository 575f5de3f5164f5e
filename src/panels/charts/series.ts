import type { Evaluation } from '../../workers/protocol.ts';

/** More points than this are thinned before they are drawn; a screen is narrower. */
export const MAX_POINTS = 5000;

/**
 * Exponential moving average, corrected for its start at zero (as Adam's moments are), so that the first values are not
 * pulled down. Values that are not finite are passed over: the result there is the average so far.
 * @param weight of the past, 0 (no smoothing) up to but not including 1.
 */
export class Smoother {
  readonly weight: number;
  #values = new Float64Array(1024);
  #length = 0;
  #average = 0;
  #correction = 0;

  constructor(weight: number) {
    if (!(weight >= 0 && weight < 1)) throw new RangeError(`a smoothing weight is in [0, 1), got ${weight}`);
    this.weight = weight;
  }

  /** The smoothed form of `values`, which may only have grown since the last call: only what is new is computed. */
  update(values: Float64Array): Float64Array {
    if (values.length > this.#values.length) {
      const larger = new Float64Array(Math.max(values.length, this.#values.length * 2));
      larger.set(this.#values);
      this.#values = larger;
    }
    for (; this.#length < values.length; this.#length++) {
      const value = values[this.#length]!;
      if (Number.isFinite(value)) {
        this.#average = this.weight * this.#average + (1 - this.weight) * value;
        this.#correction = this.weight * this.#correction + (1 - this.weight);
      }
      this.#values[this.#length] = this.#correction === 0 ? Number.NaN : this.#average / this.#correction;
    }
    return this.#values.subarray(0, this.#length);
  }
}

/**
 * Indices of at most `most` values that draw the same picture: each bucket keeps its least and its greatest, in the
 * order in which they stand, and the ends are kept. All indices if there are few enough.
 */
export function pickExtremes(values: Float64Array, most: number): Int32Array {
  const count = values.length;
  if (count <= most) return Int32Array.from({ length: count }, (_, i) => i);
  const buckets = Math.max(1, Math.floor((most - 2) / 2));
  const picked: number[] = [0];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = 1 + Math.floor((bucket * (count - 2)) / buckets);
    const to = 1 + Math.floor(((bucket + 1) * (count - 2)) / buckets);
    let least = from;
    let greatest = from;
    for (let i = from + 1; i < to; i++) {
      if (values[i]! < values[least]!) least = i;
      if (values[i]! > values[greatest]!) greatest = i;
    }
    picked.push(Math.min(least, greatest));
    if (least !== greatest) picked.push(Math.max(least, greatest));
  }
  picked.push(count - 1);
  return Int32Array.from(picked);
}

export type Points = (number | null)[];

/** Columns of a chart over one rising x axis; null where a series has no point. */
export interface ChartColumns {
  readonly step: number[];
  readonly raw: Points;
  readonly smooth: Points;
  readonly validation: Points;
}

/** Joins training steps and evaluations into columns over the union of their steps. */
export function chartColumns(options: {
  readonly step: Float64Array;
  readonly raw: Float64Array;
  readonly smooth: Float64Array;
  readonly evaluations: readonly Evaluation[];
  readonly metric: 'loss' | 'accuracy';
  /** Only positive values can be drawn on a logarithmic axis. */
  readonly positiveOnly: boolean;
}): ChartColumns {
  const { evaluations, metric, positiveOnly } = options;
  const point = (value: number | undefined): number | null =>
    value !== undefined && Number.isFinite(value) && (!positiveOnly || value > 0) ? value : null;
  const columns: ChartColumns = { step: [], raw: [], smooth: [], validation: [] };
  let next = 0;
  const pushEvaluationsUpTo = (step: number): void => {
    for (; next < evaluations.length && evaluations[next]!.step < step; next++) {
      columns.step.push(evaluations[next]!.step);
      columns.raw.push(null);
      columns.smooth.push(null);
      columns.validation.push(point(evaluations[next]![metric]));
    }
  };
  for (const index of pickExtremes(options.raw, MAX_POINTS)) {
    const step = options.step[index]!;
    pushEvaluationsUpTo(step);
    columns.step.push(step);
    columns.raw.push(point(options.raw[index]));
    columns.smooth.push(point(options.smooth[index]));
    if (evaluations[next]?.step === step) columns.validation.push(point(evaluations[next++]![metric]));
    else columns.validation.push(null);
  }
  pushEvaluationsUpTo(Number.POSITIVE_INFINITY);
  return columns;
}

/** Steps, and the points of several curves at them; a long run is thinned, and keeps the ends of each curve's swings. */
export function termColumns(
  step: Float64Array,
  curves: readonly Float64Array[],
  /** Only positive values can be drawn on a logarithmic axis. */
  positiveOnly: boolean,
): [steps: number[], ...curves: Points[]] {
  const most = Math.floor(MAX_POINTS / Math.max(1, curves.length));
  const picked = [...new Set(curves.flatMap((curve) => [...pickExtremes(curve, most)]))].sort((a, b) => a - b);
  const drawn = (value: number): number | null =>
    Number.isFinite(value) && (!positiveOnly || value > 0) ? value : null;
  return [picked.map((i) => step[i]!), ...curves.map((curve) => picked.map((i) => drawn(curve[i]!)))];
}

/** The last value of a column at or before an index, for reading off what a line shows there. */
export function valueAt(column: readonly (number | null)[], index: number): number | undefined {
  for (let i = Math.min(index, column.length - 1); i >= 0; i--) {
    const value = column[i];
    if (value !== null && value !== undefined) return value;
  }
  return undefined;
}
