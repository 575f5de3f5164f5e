import { EngineError } from '../errors.ts';
import type { ParameterValue, TrainingSettings } from '../graph/document.ts';
import { type ParameterSchema, parameterProblem } from '../layers/parameters.ts';
import type { OptimizerCatalog } from '../optimizers/defineOptimizer.ts';
import { allOptimizers } from '../optimizers/registry.ts';
import type { ScheduleCatalog } from '../optimizers/schedules/defineSchedule.ts';
import { allSchedules } from '../optimizers/schedules/registry.ts';
import { trainingOptions } from '../optimizers/trainingOptions.ts';
import type { LayerParameters } from './layers.ts';

/** `{ type: 'Adam', lr: 1e-3 }`; parameters left out are at their default. */
export type OptimizerOptions = {
  [Type in keyof OptimizerCatalog]: { readonly type: Type } & LayerParameters<OptimizerCatalog[Type]>;
}[keyof OptimizerCatalog];

/** `{ type: 'StepLR', stepSize: 10 }`; parameters left out are at their default. */
export type ScheduleOptions = {
  [Type in keyof ScheduleCatalog]: { readonly type: Type } & LayerParameters<ScheduleCatalog[Type]>;
}[keyof ScheduleCatalog];

/** `{ clipGradients: 'norm', clipLimit: 1, emaDecay: 0.999 }`; what is left out is at its default. */
export type TrainingOptions = LayerParameters<typeof trainingOptions>;

type Given = Readonly<Record<string, ParameterValue | undefined>>;

/** @throws EngineError `bad-option` for a type, a name or a value that there is not. */
export function trainingSettings(
  optimizer: OptimizerOptions | undefined,
  schedule: ScheduleOptions | undefined,
  options: TrainingOptions | undefined,
): Pick<TrainingSettings, 'optimizer' | 'schedule' | 'options'> {
  return {
    optimizer: chosen('optimizer', optimizer ?? { type: 'Adam' }, allOptimizers()),
    ...(schedule ? { schedule: chosen('schedule', schedule, allSchedules()) } : {}),
    ...(options ? { options: checked('options', trainingOptions, options as Given) } : {}),
  };
}

function chosen(
  what: string,
  { type, ...given }: Given,
  definitions: readonly { readonly type: string; readonly parameters: ParameterSchema }[],
): TrainingSettings['optimizer'] {
  const definition = definitions.find((candidate) => candidate.type === type);
  if (!definition) {
    const known = definitions.map((candidate) => candidate.type);
    throw new EngineError('bad-option', `unknown ${what} "${type}": expected one of ${known.join(', ')}`);
  }
  return { type: definition.type, parameters: checked(definition.type, definition.parameters, given) };
}

function checked(type: string, schema: ParameterSchema, given: Given): Record<string, ParameterValue> {
  const parameters: Record<string, ParameterValue> = {};
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const spec = Object.hasOwn(schema, key) ? schema[key] : undefined;
    const problem = spec ? parameterProblem(spec, value) : 'is no parameter of it';
    if (problem) throw new EngineError('bad-option', `${type}: ${key} ${problem}, got ${JSON.stringify(value)}`, type);
    parameters[key] = value;
  }
  return parameters;
}
