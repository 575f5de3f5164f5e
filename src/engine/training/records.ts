import { RING_STEPS } from '../compiler/stepProgram.ts';

/** What a run tells of a step. */
export interface StepRecord {
  /** 1 for the first step. */
  readonly step: number;
  readonly loss: number;
  /** Where several losses are added up: each by the name of its layer, its weight included. */
  readonly terms: Readonly<Record<string, number>> | undefined;
  /** Share of the batch that was classified right; undefined without classes. */
  readonly accuracy: number | undefined;
  /** The learning rate of this step, as the schedule has it. */
  readonly learningRate: number;
}

/** What a step over `samples` left in the ring; `terms` are the names of the losses that are kept apart. */
export function readRing(
  ring: Float32Array,
  step: number,
  samples: number,
  terms: readonly string[],
): Pick<StepRecord, 'loss' | 'accuracy' | 'terms'> {
  const width = 2 + terms.length;
  const at = (step % RING_STEPS) * width;
  const [loss = Number.NaN, right = -1, ...apart] = ring.subarray(at, at + width);
  return {
    loss,
    accuracy: right < 0 ? undefined : right / samples,
    terms: terms.length > 0 ? Object.fromEntries(terms.map((name, i) => [name, apart[i] as number])) : undefined,
  };
}

/** What it tells of the test set. */
export interface EvaluationRecord {
  readonly loss: number;
  readonly accuracy: number | undefined;
}
