import { defineMetric } from './defineMetric.ts';

export default defineMetric({
  name: 'perplexity',
  title: 'Perplexity',
  help: {
    summary: 'e to the mean of −log of the probability given to the right class: among how many it still wavers.',
    reference: 'https://en.wikipedia.org/wiki/Perplexity',
  },
  better: 'lower',
  isShare: false,
  of: 'classes',
  compute({ scores, labels, classes }) {
    let sum = 0;
    for (let i = 0; i < labels.length; i++) {
      let total = 0;
      for (let c = 0; c < classes; c++) total += scores[i * classes + c] as number;
      // Scores of a loss without probabilities have none.
      if (Math.abs(total - 1) > 1e-3) return undefined;
      sum -= Math.log(scores[i * classes + (labels[i] as number)] as number);
    }
    return labels.length === 0 ? undefined : Math.exp(sum / labels.length);
  },
});
