import { pythonCall } from '../../layers/python.ts';
import { countAt, countedPer, defineSchedule, intervalParameter } from './defineSchedule.ts';

const parameters = {
  stepSize: { kind: 'integer', default: 30, min: 1, help: 'Epochs (or steps) from one drop to the next.' },
  gamma: { kind: 'number', default: 0.1, min: 0, step: 0.1, help: 'Factor of the learning rate at each drop.' },
  interval: intervalParameter,
} as const;

declare module './defineSchedule.ts' {
  interface ScheduleCatalog {
    StepLR: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html */
export default defineSchedule({
  type: 'StepLR',
  title: 'Step',
  help: {
    summary: 'Multiplies the learning rate by gamma every stepSize epochs.',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html',
  },
  parameters,
  rateAt: (progress, { stepSize, gamma, interval }) =>
    progress.base * gamma ** Math.floor(countAt(progress, interval) / stepSize),
  emit: {
    pytorch: ({ stepSize, gamma, interval }) => ({
      make: pythonCall('torch.optim.lr_scheduler.StepLR', [{ source: 'optimizer' }], {
        step_size: [stepSize, undefined],
        gamma: [gamma, 0.1],
      }),
      per: countedPer(interval),
    }),
    keras: ({ stepSize, gamma, interval }, { base }) => ({
      rate: [`return ${base} * ${gamma} ** (t // ${stepSize})`],
      per: countedPer(interval),
    }),
  },
});
