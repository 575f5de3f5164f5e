import type { ClassPredictions } from './defineMetric.ts';

export interface PerClass {
  /** Samples of the class that were found. */
  readonly hits: number;
  /** Samples that were taken for the class. */
  readonly predicted: number;
  /** Samples of the class. */
  readonly actual: number;
}

/** Counts of each class. */
export function perClass({ confusion, classes }: ClassPredictions): PerClass[] {
  const at = (truth: number, predicted: number): number => confusion[truth * classes + predicted] as number;
  const all = Array.from({ length: classes }, (_, c) => c);
  return all.map((own) => ({
    hits: at(own, own),
    predicted: all.reduce((sum, truth) => sum + at(truth, own), 0),
    actual: all.reduce((sum, predicted) => sum + at(own, predicted), 0),
  }));
}

/** a ÷ b, and 0 where there is nothing to divide by. */
export const share = (a: number, b: number): number => (b === 0 ? 0 : a / b);

/** The mean over classes. */
export function macro(counts: readonly PerClass[], of: (counts: PerClass) => number): number {
  return counts.reduce((sum, each) => sum + of(each), 0) / counts.length;
}
