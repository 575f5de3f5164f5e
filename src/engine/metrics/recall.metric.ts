import { defineMetric } from './defineMetric.ts';
import { macro, perClass, share } from './perClass.ts';

/** https://en.wikipedia.org/wiki/Precision_and_recall */
export default defineMetric({
  name: 'recallMacro',
  title: 'Recall',
  help: {
    summary: 'Of the samples of a class, the share that was found; the mean over classes.',
    reference: 'https://en.wikipedia.org/wiki/Precision_and_recall',
  },
  better: 'higher',
  isShare: true,
  of: 'classes',
  compute: (predictions) => macro(perClass(predictions), ({ hits, actual }) => share(hits, actual)),
});
