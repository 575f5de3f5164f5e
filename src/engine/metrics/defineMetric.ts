/** What a classifier said of the test set. */
export interface ClassPredictions {
  /** `count × classes`, row-major: probabilities, or scores that order as they do. */
  readonly scores: Float32Array;
  readonly labels: ArrayLike<number>;
  readonly classes: number;
  /** Counts, `[true class][predicted class]`, row-major. */
  readonly confusion: ArrayLike<number>;
}

/** What a model that gives numbers said of the test set. */
export interface NumberPredictions {
  /** `count × width`, row-major. */
  readonly outputs: Float32Array;
  readonly targets: Float32Array;
  readonly width: number;
}

interface Common {
  /** Its key in results: `f1Macro`. */
  readonly name: string;
  readonly title: string;
  readonly help: { readonly summary: string; readonly reference: string };
  readonly better: 'higher' | 'lower';
  /** Whether it lies between 0 and 1 and reads as a percentage. */
  readonly isShare: boolean;
}

/** A number that says how good a model is on the test set; undefined where it has no meaning. */
export type MetricDefinition = Common &
  (
    | { readonly of: 'classes'; compute(predictions: ClassPredictions): number | undefined }
    | { readonly of: 'numbers'; compute(predictions: NumberPredictions): number | undefined }
  );

export function defineMetric(definition: MetricDefinition): MetricDefinition {
  return definition;
}

/** One metric of a model on the test set. */
export interface MetricResult {
  readonly name: string;
  readonly title: string;
  readonly value: number;
  readonly isShare: boolean;
}
