/** How well a classifier does, from counts [true class][predicted class], row-major. */
export interface ClassScores {
  /** Samples of each class. */
  readonly support: readonly number[];
  /** Share of the samples of a class that were found; NaN without samples. */
  readonly recall: readonly number[];
  /** Share of the answers with a class that were right; NaN without such answers. */
  readonly precision: readonly number[];
  /** Share of all samples that were classified right. */
  readonly accuracy: number;
}

export function classScores(counts: Uint32Array, classes: number): ClassScores {
  const support = new Array<number>(classes).fill(0);
  const answers = new Array<number>(classes).fill(0);
  let right = 0;
  for (let truth = 0; truth < classes; truth++) {
    for (let predicted = 0; predicted < classes; predicted++) {
      const count = counts[truth * classes + predicted] ?? 0;
      support[truth]! += count;
      answers[predicted]! += count;
      if (truth === predicted) right += count;
    }
  }
  const hit = (index: number): number => counts[index * classes + index] ?? 0;
  return {
    support,
    recall: support.map((total, index) => hit(index) / total),
    precision: answers.map((total, index) => hit(index) / total),
    accuracy: right / support.reduce((sum, count) => sum + count, 0),
  };
}

/** "97.3%", or a dash where there is nothing to count. */
export function formatShare(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(1)}%` : '–';
}
