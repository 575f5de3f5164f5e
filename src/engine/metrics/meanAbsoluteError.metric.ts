import { defineMetric } from './defineMetric.ts';

export default defineMetric({
  name: 'mae',
  title: 'MAE',
  help: {
    summary: 'The mean of the absolute differences.',
    reference: 'https://en.wikipedia.org/wiki/Mean_absolute_error',
  },
  better: 'lower',
  isShare: false,
  of: 'numbers',
  compute({ outputs, targets }) {
    let sum = 0;
    for (let i = 0; i < outputs.length; i++) sum += Math.abs((outputs[i] as number) - (targets[i] as number));
    return outputs.length === 0 ? undefined : sum / outputs.length;
  },
});
