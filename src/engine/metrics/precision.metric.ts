import { defineMetric } from './defineMetric.ts';
import { macro, perClass, share } from './perClass.ts';

/** https://en.wikipedia.org/wiki/Precision_and_recall */
export default defineMetric({
  name: 'precisionMacro',
  title: 'Precision',
  help: {
    summary: 'Of the samples taken for a class, the share that is of it; the mean over classes.',
    reference: 'https://en.wikipedia.org/wiki/Precision_and_recall',
  },
  better: 'higher',
  isShare: true,
  of: 'classes',
  compute: (predictions) => macro(perClass(predictions), ({ hits, predicted }) => share(hits, predicted)),
});
