/** What a run tells of a step. */
export interface StepRecord {
  /** 1 for the first step. */
  readonly step: number;
  readonly loss: number;
  /** Share of the batch that was classified right; undefined without classes. */
  readonly accuracy: number | undefined;
  /** The learning rate of this step, as the schedule has it. */
  readonly learningRate: number;
}

/** What it tells of the test set. */
export interface EvaluationRecord {
  readonly loss: number;
  readonly accuracy: number | undefined;
}
