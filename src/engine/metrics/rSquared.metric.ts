import { defineMetric } from './defineMetric.ts';

export default defineMetric({
  name: 'r2',
  title: 'R²',
  help: {
    summary:
      'The share of the targets’ variance that the model explains, variances of several outputs added up; 0 is no better than their mean.',
    reference: 'https://en.wikipedia.org/wiki/Coefficient_of_determination',
  },
  better: 'higher',
  isShare: false,
  of: 'numbers',
  compute({ outputs, targets, width }) {
    const count = outputs.length / width;
    let residual = 0;
    let total = 0;
    for (let column = 0; column < width; column++) {
      let mean = 0;
      for (let i = 0; i < count; i++) mean += (targets[i * width + column] as number) / count;
      for (let i = 0; i < count; i++) {
        const target = targets[i * width + column] as number;
        residual += (target - (outputs[i * width + column] as number)) ** 2;
        total += (target - mean) ** 2;
      }
    }
    return total === 0 ? undefined : 1 - residual / total;
  },
});
