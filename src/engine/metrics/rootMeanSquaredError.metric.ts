import { defineMetric } from './defineMetric.ts';

export default defineMetric({
  name: 'rmse',
  title: 'RMSE',
  help: {
    summary: 'The root of the mean of the squared differences.',
    reference: 'https://en.wikipedia.org/wiki/Root_mean_square_deviation',
  },
  better: 'lower',
  isShare: false,
  of: 'numbers',
  compute({ outputs, targets }) {
    let sum = 0;
    for (let i = 0; i < outputs.length; i++) sum += ((outputs[i] as number) - (targets[i] as number)) ** 2;
    return outputs.length === 0 ? undefined : Math.sqrt(sum / outputs.length);
  },
});
