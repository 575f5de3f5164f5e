import { pythonCall } from '../../layers/python.ts';
import {
  countAt,
  countedPer,
  defineSchedule,
  type Interval,
  intervalParameter,
  type ScheduleContext,
} from './defineSchedule.ts';

const parameters = {
  tMax: { kind: 'autoInteger', default: null, min: 1, help: 'Epochs (or steps) until the smallest; empty: the run.' },
  etaMin: { kind: 'number', default: 0, min: 0, step: 0.0001, help: 'The smallest learning rate.' },
  interval: intervalParameter,
} as const;

declare module './defineSchedule.ts' {
  interface ScheduleCatalog {
    CosineAnnealingLR: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html */
export default defineSchedule({
  type: 'CosineAnnealingLR',
  title: 'Cosine',
  help: {
    summary: 'Falls along half a cosine from the learning rate to the smallest one.',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html',
  },
  parameters,
  rateAt: (progress, { tMax, etaMin, interval }) => {
    const { totalSteps, stepsPerEpoch, base } = progress;
    const length = tMax ?? (interval === 'epoch' ? Math.ceil(totalSteps / stepsPerEpoch) : totalSteps);
    return etaMin + ((base - etaMin) * (1 + Math.cos((Math.PI * countAt(progress, interval)) / length))) / 2;
  },
  emit: {
    pytorch: ({ tMax, etaMin, interval }, context) => ({
      make: pythonCall('torch.optim.lr_scheduler.CosineAnnealingLR', [{ source: 'optimizer' }], {
        T_max: [{ source: lengthOf(tMax, interval, context) }, undefined],
        eta_min: [etaMin, 0],
      }),
      per: countedPer(interval),
    }),
    keras: ({ tMax, etaMin, interval }, context) => ({
      rate: [
        `return ${etaMin} + ${context.base - etaMin} * (1 + math.cos(math.pi * t / (${lengthOf(tMax, interval, context)}))) / 2`,
      ],
      per: countedPer(interval),
    }),
  },
});

/** The half period as an expression: the whole run where none is given. */
function lengthOf(tMax: number | null, interval: Interval, { epochs, stepsPerEpoch }: ScheduleContext): string {
  if (tMax !== null) return String(tMax);
  return interval === 'epoch' ? epochs : `${epochs} * ${stepsPerEpoch}`;
}
