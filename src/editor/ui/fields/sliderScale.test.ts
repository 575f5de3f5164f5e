import { describe, expect, it } from 'vitest';
import { allInitializers } from '../../../engine/initializers/registry.ts';
import dropout from '../../../engine/layers/core/dropout.layer.ts';
import { parameterProblem } from '../../../engine/layers/parameters.ts';
import { allLayers } from '../../../engine/layers/registry.ts';
import { allOptimizers } from '../../../engine/optimizers/registry.ts';
import { allSchedules } from '../../../engine/optimizers/schedules/registry.ts';
import { runSettings, trainingOptions } from '../../../engine/optimizers/trainingOptions.ts';
import { sliderScale } from './sliderScale.ts';

const definitions = [...allLayers(), ...allOptimizers(), ...allSchedules(), ...allInitializers()];
const specs = [
  ...definitions.flatMap(({ type, parameters }) =>
    Object.entries(parameters).map(([name, spec]) => [`${type}.${name}`, spec] as const),
  ),
  ...Object.entries({ ...trainingOptions, ...runSettings }),
];

describe('sliders', () => {
  it('stand where a range is bounded on both sides, and nowhere else', () => {
    const names = specs.filter(([, spec]) => sliderScale(spec)).map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(['Dropout.p', 'BatchNorm2d.momentum', 'SGD.momentum', 'Adam.beta2']));
    expect(names).not.toEqual(expect.arrayContaining(['Linear.outFeatures']));
    expect(sliderScale(runSettings.seed)).toBeUndefined();
  });

  it.each(specs.filter(([, spec]) => sliderScale(spec)))('%s: every place is a value it can have', (_, spec) => {
    const scale = sliderScale(spec)!;
    for (let i = 0; i <= 40; i++) {
      // As the browser gives them: on a step, within the range.
      const steps = Math.floor((scale.max - scale.min) / scale.step + 1e-9);
      const position = scale.min + Math.round((i / 40) * steps) * scale.step;
      expect(parameterProblem(spec, scale.valueAt(Number(position.toPrecision(12))))).toBeUndefined();
    }
    const start = spec.default as number;
    expect(scale.valueAt(scale.positionOf(start))).toBe(start);
  });

  it('count nines where a decay is chosen', () => {
    const scale = sliderScale(trainingOptions.emaDecay)!;
    expect([0, 1, 2, 3].map(scale.valueAt)).toEqual([0, 0.9, 0.99, 0.999]);
    expect(scale.valueAt(scale.max)).toBe(0.99999);
  });

  it('go by the step that the schema names', () => {
    expect(sliderScale(dropout.parameters.p)).toMatchObject({ min: 0, max: 0.99, step: 0.05 });
  });
});
