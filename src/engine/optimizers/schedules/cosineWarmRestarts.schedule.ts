import { pythonCall } from '../../layers/python.ts';
import { countAt, countedPer, defineSchedule, intervalParameter } from './defineSchedule.ts';

const parameters = {
  t0: { kind: 'integer', default: 10, min: 1, help: 'Epochs (or steps) of the first fall.' },
  tMult: { kind: 'integer', default: 1, min: 1, help: 'Factor from the length of one fall to the next.' },
  etaMin: { kind: 'number', default: 0, min: 0, step: 0.0001, help: 'The smallest learning rate.' },
  interval: intervalParameter,
} as const;

declare module './defineSchedule.ts' {
  interface ScheduleCatalog {
    CosineAnnealingWarmRestarts: typeof parameters;
  }
}

/** https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.html */
export default defineSchedule({
  type: 'CosineAnnealingWarmRestarts',
  title: 'Cosine with warm restarts',
  help: {
    summary: 'Falls along half a cosine, jumps back up and falls again, each time tMult times as long.',
    reference:
      'https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.html',
  },
  parameters,
  rateAt: (progress, { t0, tMult, etaMin, interval }) => {
    let [count, length] = [countAt(progress, interval), t0];
    while (count >= length && tMult > 1) {
      count -= length;
      length *= tMult;
    }
    const share = (count % length) / length;
    return etaMin + ((progress.base - etaMin) * (1 + Math.cos(Math.PI * share))) / 2;
  },
  emit: {
    pytorch: ({ t0, tMult, etaMin, interval }) => ({
      make: pythonCall('torch.optim.lr_scheduler.CosineAnnealingWarmRestarts', [{ source: 'optimizer' }], {
        T_0: [t0, undefined],
        T_mult: [tMult, 1],
        eta_min: [etaMin, 0],
      }),
      per: countedPer(interval),
    }),
    keras: ({ t0, tMult, etaMin, interval }, { base }) => ({
      rate: [
        `length = ${t0}`,
        ...(tMult > 1 ? ['while t >= length:', `    t, length = t - length, ${tMult} * length`] : []),
        `return ${etaMin} + ${base - etaMin} * (1 + math.cos(math.pi * (t % length) / length)) / 2`,
      ],
      per: countedPer(interval),
    }),
  },
});
