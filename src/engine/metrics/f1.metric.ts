import { defineMetric } from './defineMetric.ts';
import { macro, perClass, share } from './perClass.ts';

/** https://en.wikipedia.org/wiki/F-score */
export default defineMetric({
  name: 'f1Macro',
  title: 'F1',
  help: {
    summary: 'The harmonic mean of precision and recall of a class; the mean over classes.',
    reference: 'https://en.wikipedia.org/wiki/F-score',
  },
  better: 'higher',
  isShare: true,
  of: 'classes',
  compute: (predictions) =>
    macro(perClass(predictions), ({ hits, predicted, actual }) => share(2 * hits, predicted + actual)),
});
