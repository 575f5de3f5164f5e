import { pythonCall } from '../../layers/python.ts';
import { defineSchedule } from './defineSchedule.ts';

const parameters = {
  factor: {
    kind: 'number',
    default: 0.1,
    min: 0,
    max: 0.999,
    step: 0.1,
    help: 'Factor of the learning rate at a drop.',
  },
  patience: {
    kind: 'integer',
    default: 10,
    min: 0,
    unit: 'epochs',
    help: 'Epochs without a better test loss that are waited for.',
  },
  threshold: { kind: 'number', default: 0.0001, min: 0, step: 0.0001, help: 'What counts as better.' },
  thresholdMode: {
    kind: 'choice',
    default: 'rel',
    choices: ['rel', 'abs'],
    help: 'Whether the threshold is a share of the best loss, or a difference from it.',
  },
  cooldown: { kind: 'integer', default: 0, min: 0, unit: 'epochs', help: 'Epochs after a drop that are not counted.' },
  minLr: { kind: 'number', default: 0, min: 0, step: 0.0001, help: 'The smallest learning rate.' },
} as const;

declare module './defineSchedule.ts' {
  interface ScheduleCatalog {
    ReduceLROnPlateau: typeof parameters;
  }
}

/** A smaller drop than this is left out, as in PyTorch. */
const LEAST_DROP = 1e-8;

/** https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html */
export default defineSchedule({
  type: 'ReduceLROnPlateau',
  title: 'Reduce on plateau',
  help: {
    summary: 'Lowers the learning rate when the test loss has not become better for some epochs.',
    reference: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html',
  },
  parameters,
  rateAt({ base, losses }, { factor, patience, threshold, thresholdMode, cooldown, minLr }) {
    let rate = base;
    let best = Number.POSITIVE_INFINITY;
    let bad = 0;
    let cooling = 0;
    for (const loss of losses) {
      const mark = thresholdMode === 'rel' ? best * (1 - threshold) : best - threshold;
      if (loss < mark) {
        best = loss;
        bad = 0;
      } else bad++;
      if (cooling > 0) {
        cooling--;
        bad = 0;
      }
      if (bad <= patience) continue;
      const lower = Math.max(rate * factor, minLr);
      if (rate - lower > LEAST_DROP) rate = lower;
      cooling = cooldown;
      bad = 0;
    }
    return rate;
  },
  emit: {
    pytorch: ({ factor, patience, threshold, thresholdMode, cooldown, minLr }) => ({
      make: pythonCall('torch.optim.lr_scheduler.ReduceLROnPlateau', [{ source: 'optimizer' }], {
        factor: [factor, 0.1],
        patience: [patience, 10],
        threshold: [threshold, 0.0001],
        threshold_mode: [{ source: `"${thresholdMode}"` }, { source: '"rel"' }],
        cooldown: [cooldown, 0],
        min_lr: [minLr, 0],
      }),
      per: 'loss',
    }),
    // Keras counts the epoch that ends the patience, and its threshold is always a difference.
    keras: ({ factor, patience, threshold, cooldown, minLr }) => ({
      callback: pythonCall('keras.callbacks.ReduceLROnPlateau', [], {
        factor: [factor, 0.1],
        patience: [patience + 1, 10],
        min_delta: [threshold, 0.0001],
        cooldown: [cooldown, 0],
        min_lr: [minLr, 0],
      }),
    }),
  },
});
