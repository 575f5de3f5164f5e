import { describe, expect, it } from 'vitest';
import fixtures from '../../../../conformance/schedules/fixtures.json' with { type: 'json' };
import type { ParameterValue } from '../../graph/document.ts';
import { completeParameters, parameterProblem } from '../../layers/parameters.ts';
import { allSchedules, findSchedule } from './registry.ts';

const { base, losses } = fixtures;
const COUNT = losses.length;

describe('schedules', () => {
  fixtures.cases.forEach((fixture) => {
    const { schedule, parameters, rates } = fixture;
    it(`${schedule} ${JSON.stringify(parameters)} has PyTorch's learning rates`, () => {
      const definition = findSchedule(schedule)!;
      const given: Record<string, ParameterValue> = {};
      for (const [name, value] of Object.entries(parameters)) {
        if (value === undefined) continue;
        expect(parameterProblem(definition.parameters[name]!, value), name).toBeUndefined();
        given[name] = value;
      }
      const complete = completeParameters(definition.parameters, given);
      // Schedules by epoch are held against it with three updates an epoch.
      const stepsPerEpoch = complete.interval === 'epoch' || schedule === 'ReduceLROnPlateau' ? 3 : 1;
      const totalSteps = COUNT * stepsPerEpoch;
      for (let step = 0; step < totalSteps; step++) {
        const epoch = Math.floor(step / stepsPerEpoch);
        const progress = { base, step, stepsPerEpoch, totalSteps, losses: losses.slice(0, epoch) };
        const theirs = rates[epoch]!;
        expect(Math.abs(definition.rateAt(progress, complete) - theirs), `update ${step}`).toBeLessThan(1e-14);
      }
    });
  });

  for (const schedule of allSchedules()) {
    it(`${schedule.type} is complete, and prints itself`, () => {
      expect(schedule.help.summary.length).toBeGreaterThan(20);
      expect(schedule.help.reference).toMatch(/^https:/);
      for (const [name, spec] of Object.entries(schedule.parameters)) {
        expect(parameterProblem(spec, spec.default), name).toBeUndefined();
        expect(spec.help.length, name).toBeGreaterThan(10);
      }
      const parameters = completeParameters(schedule.parameters, {});
      const context = { base: 0.1, epochs: 'args.epochs', stepsPerEpoch: 'len(train_loader)' };
      if (schedule.type === 'Constant') {
        expect(schedule.rateAt({ base: 0.1, step: 9, stepsPerEpoch: 3, totalSteps: 30, losses: [] }, parameters)).toBe(
          0.1,
        );
        expect(schedule.emit.pytorch(parameters, context)).toBeUndefined();
        return;
      }
      expect(fixtures.cases.some((each) => each.schedule === schedule.type)).toBe(true);
      expect(schedule.emit.pytorch(parameters, context)?.make).toMatch(
        new RegExp(`^torch\\.optim\\.lr_scheduler\\.${schedule.type}\\(optimizer`),
      );
      expect(JSON.stringify(schedule.emit.keras(parameters, context))).not.toMatch(/undefined|NaN/);
    });
  }
});
