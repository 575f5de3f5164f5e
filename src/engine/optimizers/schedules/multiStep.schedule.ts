import { pythonCall } from '../../layers/python.ts';
import { countAt, countedPer, defineSchedule, intervalParameter } from './defineSchedule.ts';

const parameters = {
  milestones: { kind: 'shape', default: [30, 80], min: 1, help: 'Epochs (or steps) at which it drops, ascending.' },
  gamma: { kind: 'number', default: 0.1, min: 0, step: 0.1, help: 'Factor of the learning rate at each drop.' },
  interval: intervalParameter,
} as const;

declare module './defineSchedule.ts' {
  interface ScheduleCatalog {
    MultiStepLR: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiStepLR.html */
export default defineSchedule({
  type: 'MultiStepLR',
  title: 'Multi-step',
  help: {
    summary: 'Multiplies the learning rate by gamma at each of the given epochs.',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiStepLR.html',
  },
  parameters,
  rateAt: (progress, { milestones, gamma, interval }) => {
    const count = countAt(progress, interval);
    return progress.base * gamma ** milestones.filter((at) => count >= at).length;
  },
  emit: {
    pytorch: ({ milestones, gamma, interval }) => ({
      make: pythonCall('torch.optim.lr_scheduler.MultiStepLR', [{ source: 'optimizer' }], {
        milestones: [{ source: `[${milestones.join(', ')}]` }, undefined],
        gamma: [gamma, 0.1],
      }),
      per: countedPer(interval),
    }),
    keras: ({ milestones, gamma, interval }, { base }) => ({
      rate: [`return ${base} * ${gamma} ** sum(t >= at for at in [${milestones.join(', ')}])`],
      per: countedPer(interval),
    }),
  },
});
