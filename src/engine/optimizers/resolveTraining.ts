import { EngineError } from '../errors.ts';
import type { TrainingSettings } from '../graph/document.ts';
import { completeParameters, type ParameterSchema, type ParametersOf } from '../layers/parameters.ts';
import type { OptimizerDefinition } from './defineOptimizer.ts';
import { findOptimizer } from './registry.ts';
import type { ScheduleDefinition } from './schedules/defineSchedule.ts';
import { findSchedule } from './schedules/registry.ts';
import { trainingOptions } from './trainingOptions.ts';

interface Chosen<Definition> {
  readonly definition: Definition;
  readonly parameters: ParametersOf<ParameterSchema>;
}

/** The training settings of a document, with defaults filled in and definitions found. */
export interface Training {
  readonly optimizer: Chosen<OptimizerDefinition>;
  readonly schedule: Chosen<ScheduleDefinition>;
  readonly options: ParametersOf<typeof trainingOptions>;
}

/** @throws EngineError `bad-document` for an optimizer or a schedule that this program does not know. */
export function resolveTraining(settings: TrainingSettings): Training {
  const { optimizer, schedule = { type: 'Constant', parameters: {} }, options = {} } = settings;
  const definition = findOptimizer(optimizer.type);
  if (!definition) {
    throw new EngineError('bad-document', `unknown optimizer "${optimizer.type}": choose another one`);
  }
  const rates = findSchedule(schedule.type);
  if (!rates) {
    throw new EngineError('bad-document', `unknown learning-rate schedule "${schedule.type}": choose another one`);
  }
  return {
    optimizer: { definition, parameters: completeParameters(definition.parameters, optimizer.parameters) },
    schedule: { definition: rates, parameters: completeParameters(rates.parameters, schedule.parameters) },
    options: completeParameters(trainingOptions, options),
  };
}
