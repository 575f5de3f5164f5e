import { defineMetric } from './defineMetric.ts';

const K = 5;

export default defineMetric({
  name: 'top5Accuracy',
  title: 'Top-5 accuracy',
  help: {
    summary: 'The share of samples whose class is among the five with the largest scores.',
    reference: 'https://keras.io/api/metrics/accuracy_metrics/#topkcategoricalaccuracy-class',
  },
  better: 'higher',
  isShare: true,
  of: 'classes',
  compute({ scores, labels, classes }) {
    if (classes <= K || labels.length === 0) return undefined;
    let found = 0;
    for (let i = 0; i < labels.length; i++) {
      const own = scores[i * classes + (labels[i] as number)] as number;
      let above = 0;
      for (let c = 0; c < classes; c++) if ((scores[i * classes + c] as number) > own) above++;
      if (above < K) found++;
    }
    return found / labels.length;
  },
});
