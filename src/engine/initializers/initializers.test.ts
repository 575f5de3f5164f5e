import { describe, expect, it } from 'vitest';
import fixtures from '../../../conformance/initializers/fixtures.json' with { type: 'json' };
import { completeParameters, parameterProblem } from '../layers/parameters.ts';
import { normals, orthogonal, truncatedNormals } from './draw.ts';
import { allInitializers, findInitializer, withInitializer } from './registry.ts';

describe('initializers', () => {
  it.each(fixtures.cases)('$type of $shape $parameters draws from what torch.nn.init does', (fixture) => {
    const definition = findInitializer(fixture.type)!;
    const drawn = definition.distribution(fixture.shape, completeParameters(definition.parameters, fixture.parameters));
    const theirs = fixture.bound ?? fixture.deviation!;
    const ours = drawn.kind === 'uniform' ? drawn.bound : drawn.kind === 'normal' ? drawn.deviation : Number.NaN;
    expect(drawn.kind).toBe(fixture.bound === undefined ? 'normal' : 'uniform');
    expect(Math.abs(ours / theirs - 1)).toBeLessThan(1e-12);
  });

  it.each(allInitializers())('$type is complete, and prints itself', (definition) => {
    expect(definition.help.summary).toMatch(/\.$/);
    expect(definition.help.reference).toMatch(/^https:/);
    for (const spec of Object.values(definition.parameters))
      expect(parameterProblem(spec, spec.default)).toBeUndefined();
    const parameters = completeParameters(definition.parameters, {});
    expect(definition.emit.pytorch('self.fc.weight', parameters)).toMatch(/^nn\.init\.\w+_\(self\.fc\.weight/);
    expect(definition.emit.keras(parameters)).toMatch(/^\w+$|^keras\.initializers\.\w+\(/);
  });

  it('leave biases and statistics as their layers have them', () => {
    const initial = { kind: 'constant', value: 7 } as const;
    const weights = [
      { name: 'weight', shape: [3, 2], initial, trainable: true },
      { name: 'bias', shape: [3], initial, trainable: true },
      { name: 'statistics', shape: [3, 2], initial, trainable: false },
    ];
    const drawn = withInitializer(weights, { type: 'Constant', parameters: { value: 2 } });
    expect(drawn.map((each) => each.initial)).toEqual([{ kind: 'constant', value: 2 }, initial, initial]);
    expect(withInitializer(weights, undefined)).toBe(weights);
    expect(() => withInitializer(weights, { type: 'Odd', parameters: {} })).toThrow('"Odd"');
  });
});

describe('draws', () => {
  it.each([
    [5, 12],
    [12, 5],
    [7, 7],
    [64, 3],
  ])('an orthogonal matrix of %i by %i has rows or columns at right angles', (rows, columns) => {
    const matrix = orthogonal(rows, columns, 3, 1);
    const wide = rows <= columns;
    const [count, length] = wide ? [rows, columns] : [columns, rows];
    const at = (k: number, i: number): number => matrix[wide ? k * columns + i : i * columns + k]!;
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < count; b++) {
        let product = 0;
        for (let i = 0; i < length; i++) product += at(a, i) * at(b, i);
        expect(Math.abs(product - (a === b ? 1 : 0))).toBeLessThan(1e-12);
      }
    }
  });

  it('truncated normal numbers stay within two deviations, with the spread of a cut normal', () => {
    const drawn = truncatedNormals(20_000, 1, 2);
    const deviation = Math.sqrt(drawn.reduce((sum, each) => sum + each * each, 0) / drawn.length);
    expect(drawn.every((each) => Math.abs(each) <= 2)).toBe(true);
    // √(1 − 4·φ(2) ÷ (2·Φ(2) − 1)) = 0.8796
    expect(deviation).toBeGreaterThan(0.87);
    expect(deviation).toBeLessThan(0.89);
    expect(truncatedNormals(10, 1, 2)).toEqual(drawn.slice(0, 10));
  });

  it('normal numbers have mean 0 and deviation 1', () => {
    const drawn = normals(20_000, 1, 2);
    expect(Math.abs(drawn.reduce((sum, each) => sum + each, 0) / drawn.length)).toBeLessThan(0.03);
    expect(Math.abs(drawn.reduce((sum, each) => sum + each * each, 0) / drawn.length - 1)).toBeLessThan(0.05);
  });
});
