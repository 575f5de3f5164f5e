import { pythonCall } from '../../layers/python.ts';
import { countAt, countedPer, defineSchedule, intervalParameter } from './defineSchedule.ts';

const parameters = {
  startFactor: {
    kind: 'number',
    default: 0.1,
    min: 1e-6,
    max: 1,
    step: 0.1,
    help: 'Factor of the learning rate at the start.',
  },
  endFactor: { kind: 'number', default: 1, min: 0, max: 1, step: 0.1, help: 'Factor at the end, kept from then on.' },
  totalIters: { kind: 'integer', default: 5, min: 1, help: 'Epochs (or steps) until the end is reached.' },
  interval: intervalParameter,
} as const;

declare module './defineSchedule.ts' {
  interface ScheduleCatalog {
    LinearLR: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html */
export default defineSchedule({
  type: 'LinearLR',
  title: 'Linear warm-up',
  help: {
    summary: 'Starts with a part of the learning rate and grows to the whole of it in even steps.',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html',
  },
  parameters,
  rateAt: (progress, { startFactor, endFactor, totalIters, interval }) => {
    const share = Math.min(countAt(progress, interval), totalIters) / totalIters;
    return progress.base * (startFactor + (endFactor - startFactor) * share);
  },
  emit: {
    pytorch: ({ startFactor, endFactor, totalIters, interval }) => ({
      make: pythonCall('torch.optim.lr_scheduler.LinearLR', [{ source: 'optimizer' }], {
        start_factor: [startFactor, undefined],
        end_factor: [endFactor, 1],
        total_iters: [totalIters, 5],
      }),
      per: countedPer(interval),
    }),
    keras: ({ startFactor, endFactor, totalIters, interval }, { base }) => ({
      rate: [
        `return ${base} * (${startFactor} + ${Number((endFactor - startFactor).toPrecision(12))} * min(t, ${totalIters}) / ${totalIters})`,
      ],
      per: countedPer(interval),
    }),
  },
});
