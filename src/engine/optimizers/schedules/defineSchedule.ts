import type { ParameterSchema, ParametersOf } from '../../layers/parameters.ts';

/** Where a run stands when the next update is made. */
export interface Progress {
  /** The optimizer's own learning rate. */
  readonly base: number;
  /** Updates made so far: 0 before the first. */
  readonly step: number;
  /** Updates in one epoch, and in the whole run. */
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** Loss on the test set after each epoch so far. */
  readonly losses: readonly number[];
}

/** What a generator of code knows that a schedule needs, as expressions. */
export interface ScheduleContext {
  /** The optimizer's own learning rate. */
  readonly base: number;
  readonly epochs: string;
  /** Updates in one epoch. */
  readonly stepsPerEpoch: string;
}

export interface PytorchSchedule {
  /** `torch.optim.lr_scheduler.StepLR(optimizer, step_size=30)` */
  readonly make: string;
  /** When its `step` is called: after each update, after each epoch, or after each epoch with the test loss. */
  readonly per: 'update' | 'epoch' | 'loss';
}

export type KerasSchedule =
  /** Body of `def learning_rate(t)`, t counting updates or epochs from 0; may use `math`. */
  | { readonly rate: readonly string[]; readonly per: 'update' | 'epoch' }
  /** A callback that does it by itself. */
  | { readonly callback: string };

/** How the learning rate changes while training: pure, so that a run can be taken up anywhere. */
export interface ScheduleDefinition<Schema extends ParameterSchema = ParameterSchema> {
  /** PyTorch's class name in torch.optim.lr_scheduler. */
  readonly type: string;
  readonly title: string;
  readonly help: { readonly summary: string; readonly reference: string };
  readonly parameters: Schema;
  /** The learning rate of the next update, in float64. */
  rateAt(progress: Progress, parameters: ParametersOf<Schema>): number;
  readonly emit: {
    /** Undefined where nothing has to be done. */
    pytorch(parameters: ParametersOf<Schema>, context: ScheduleContext): PytorchSchedule | undefined;
    keras(parameters: ParametersOf<Schema>, context: ScheduleContext): KerasSchedule | undefined;
  };
}

/** Typed schemas by schedule type, for the TypeScript API; each file adds its own entry by declaration merging. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging, one entry a schedule's file
export interface ScheduleCatalog {}

export function defineSchedule<const Schema extends ParameterSchema>(
  definition: ScheduleDefinition<Schema>,
): ScheduleDefinition<Schema> {
  return definition;
}

/** Whether a schedule counts epochs or updates. */
export const intervalParameter = {
  kind: 'choice',
  default: 'epoch',
  choices: ['epoch', 'step'],
  help: 'What the schedule counts: epochs, or updates of the weights.',
} as const;

export type Interval = 'epoch' | 'step';

/** The count that a schedule goes by. */
export function countAt({ step, stepsPerEpoch }: Progress, interval: Interval): number {
  return interval === 'epoch' ? Math.floor(step / stepsPerEpoch) : step;
}

/** When PyTorch and Keras are to count. */
export const countedPer = (interval: Interval): 'epoch' | 'update' => (interval === 'epoch' ? 'epoch' : 'update');
