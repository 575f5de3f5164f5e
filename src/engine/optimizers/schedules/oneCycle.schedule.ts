import { pythonCall } from '../../layers/python.ts';
import { defineSchedule } from './defineSchedule.ts';

const parameters = {
  pctStart: { kind: 'number', default: 0.3, min: 0, max: 1, step: 0.1, help: 'Share of the run in which it grows.' },
  annealStrategy: { kind: 'choice', default: 'cos', choices: ['cos', 'linear'], help: 'Shape of rise and fall.' },
  divFactor: {
    kind: 'number',
    default: 25,
    min: 1,
    step: 1,
    help: 'By how much the first learning rate is below the optimizer’s, which is the largest.',
  },
  finalDivFactor: {
    kind: 'number',
    default: 10_000,
    min: 1,
    step: 100,
    help: 'By how much the last learning rate is below the first.',
  },
  threePhase: { kind: 'boolean', default: false, help: 'Falls as long as it grew, and only then to the last.' },
} as const;

declare module './defineSchedule.ts' {
  interface ScheduleCatalog {
    OneCycleLR: typeof parameters;
  }
}

/**
 * Smith and Topin 2017; https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html without
 * its cycle of momentum.
 */
export default defineSchedule({
  type: 'OneCycleLR',
  title: 'One cycle',
  help: {
    summary: 'Grows from a small learning rate to the optimizer’s, then falls to almost nothing, once over the run.',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html',
  },
  parameters,
  rateAt({ base, step, totalSteps }, { pctStart, annealStrategy, divFactor, finalDivFactor, threePhase }) {
    const first = base / divFactor;
    const last = first / finalDivFactor;
    const rise = pctStart * totalSteps - 1;
    const phases: [end: number, from: number, to: number][] = threePhase
      ? [
          [rise, first, base],
          [2 * rise, base, first],
          [totalSteps - 1, first, last],
        ]
      : [
          [rise, first, base],
          [totalSteps - 1, base, last],
        ];
    let start = 0;
    for (const [end, from, to] of phases) {
      if (step <= end) {
        const share = end === start ? 1 : (step - start) / (end - start);
        return annealStrategy === 'cos'
          ? to + ((from - to) / 2) * (1 + Math.cos(Math.PI * share))
          : from + (to - from) * share;
      }
      start = end;
    }
    return last;
  },
  emit: {
    pytorch: (
      { pctStart, annealStrategy, divFactor, finalDivFactor, threePhase },
      { base, epochs, stepsPerEpoch },
    ) => ({
      make: pythonCall('torch.optim.lr_scheduler.OneCycleLR', [{ source: 'optimizer' }], {
        max_lr: [base, undefined],
        total_steps: [{ source: `${epochs} * ${stepsPerEpoch}` }, undefined],
        pct_start: [pctStart, 0.3],
        anneal_strategy: [{ source: `"${annealStrategy}"` }, { source: '"cos"' }],
        cycle_momentum: [false, true],
        div_factor: [divFactor, 25],
        final_div_factor: [finalDivFactor, 10_000],
        three_phase: [threePhase, false],
      }),
      per: 'update',
    }),
    keras: ({ pctStart, annealStrategy, divFactor, finalDivFactor, threePhase }, { base, epochs, stepsPerEpoch }) => ({
      rate: [
        `total = ${epochs} * ${stepsPerEpoch}`,
        `rise, highest, first = ${pctStart} * total - 1, ${base}, ${base} / ${divFactor}`,
        `last = first / ${finalDivFactor}`,
        threePhase
          ? 'phases = [(rise, first, highest), (2 * rise, highest, first), (total - 1, first, last)]'
          : 'phases = [(rise, first, highest), (total - 1, highest, last)]',
        'start = 0',
        'for end, low, high in phases:',
        '    if t <= end:',
        '        share = (t - start) / (end - start) if end > start else 1.0',
        annealStrategy === 'cos'
          ? '        return high + (low - high) / 2 * (1 + math.cos(math.pi * share))'
          : '        return low + (high - low) * share',
        '    start = end',
        'return last',
      ],
      per: 'update',
    }),
  },
});
