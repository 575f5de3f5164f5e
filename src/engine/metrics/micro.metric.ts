import { defineMetric } from './defineMetric.ts';
import { perClass, share } from './perClass.ts';

/**
 * Over all samples at once, precision, recall and F1 are the same number where each sample has one class:
 * https://en.wikipedia.org/wiki/F-score
 */
export default defineMetric({
  name: 'f1Micro',
  title: 'F1 (micro)',
  help: {
    summary: 'Precision, recall and F1 over all samples at once: all three the share that is right.',
    reference: 'https://en.wikipedia.org/wiki/F-score',
  },
  better: 'higher',
  isShare: true,
  of: 'classes',
  compute(predictions) {
    const counts = perClass(predictions);
    const sum = (of: (each: (typeof counts)[number]) => number): number =>
      counts.reduce((total, each) => total + of(each), 0);
    return share(2 * sum(({ hits }) => hits), sum(({ predicted }) => predicted) + sum(({ actual }) => actual));
  },
});
