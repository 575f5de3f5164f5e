import { record } from './validate.ts';

type Raw = Record<string, unknown>;

/**
 * Steps from one version of the document to the next: step k turns version k + 1 into k + 2, in place. Version 2 has
 * learning-rate schedules, training options and frozen layers; before, every run was what these say. Version 3 has
 * blocks, version 4 frames, notes, colours, constants, the direction of the data, groups of layers with
 * optimizers of their own and shared weights: all of them may be absent.
 */
const STEPS: readonly ((raw: Raw) => void)[] = [
  (raw) => {
    const training = record(raw.training, 'training');
    raw.training = { ...training, schedule: { type: 'Constant', parameters: {} }, options: {} };
  },
  (raw) => {
    raw.blocks = {};
  },
  () => undefined,
];

/** Brings a document of an older version to today's. */
export function upgrade(raw: Raw, version: number): void {
  for (const step of STEPS.slice(version - 1)) step(raw);
}
