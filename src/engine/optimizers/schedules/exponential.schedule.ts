import { pythonCall } from '../../layers/python.ts';
import { countAt, countedPer, defineSchedule, intervalParameter } from './defineSchedule.ts';

const parameters = {
  gamma: { kind: 'number', default: 0.95, min: 0, step: 0.01, help: 'Factor of the learning rate at each epoch.' },
  interval: intervalParameter,
} as const;

declare module './defineSchedule.ts' {
  interface ScheduleCatalog {
    ExponentialLR: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html */
export default defineSchedule({
  type: 'ExponentialLR',
  title: 'Exponential',
  help: {
    summary: 'Multiplies the learning rate by gamma after every epoch.',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html',
  },
  parameters,
  rateAt: (progress, { gamma, interval }) => progress.base * gamma ** countAt(progress, interval),
  emit: {
    pytorch: ({ gamma, interval }) => ({
      make: pythonCall('torch.optim.lr_scheduler.ExponentialLR', [{ source: 'optimizer' }], {
        gamma: [gamma, undefined],
      }),
      per: countedPer(interval),
    }),
    keras: ({ gamma, interval }, { base }) => ({
      rate: [`return ${base} * ${gamma} ** t`],
      per: countedPer(interval),
    }),
  },
});
