import { describe, expect, it } from 'vitest';
import fixtures from '../../../conformance/optimizers/fixtures.json' with { type: 'json' };
import { constant, type Expression } from '../kernels/expression.ts';
import { completeParameters, parameterProblem } from '../layers/parameters.ts';
import { allOptimizers, findOptimizer } from './registry.ts';

/** The value of an expression of constants, in float64. */
function evaluate(expression: Expression): number {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'unary':
      if (expression.fn === 'sqrt') return Math.sqrt(evaluate(expression.a));
      if (expression.fn === 'sign') return Math.sign(evaluate(expression.a));
      break;
    case 'binary': {
      const [a, b] = [evaluate(expression.a), evaluate(expression.b)];
      if (expression.fn === 'add') return a + b;
      if (expression.fn === 'subtract') return a - b;
      if (expression.fn === 'multiply') return a * b;
      if (expression.fn === 'divide') return a / b;
      if (expression.fn === 'maximum') return Math.max(a, b);
    }
  }
  throw new Error(`an optimizer uses ${JSON.stringify(expression)}, which this test can't evaluate`);
}

/** Updates the numbers of `start` with one gradient after another, as the compiled step does. */
function train(
  type: string,
  given: Readonly<Record<string, number | boolean>>,
  start: readonly number[],
  gradients: readonly (readonly number[])[],
): number[][] {
  const optimizer = findOptimizer(type)!;
  const parameters = completeParameters(optimizer.parameters, given);
  const names = optimizer.state(parameters);
  let weights = [...start];
  let states = start.map(() => Object.fromEntries(names.map((name) => [name, 0])));
  return gradients.map((gradient, i) => {
    const numbers = optimizer.scalarsAt(i + 1, parameters);
    expect(numbers).toHaveLength(optimizer.scalars.length);
    const scalars = Object.fromEntries(optimizer.scalars.map((name, k) => [name, constant(numbers[k]!)]));
    const updated = weights.map((weight, k) => {
      const state = Object.fromEntries(names.map((name) => [name, constant(states[k]![name]!)]));
      return optimizer.update(
        { parameter: constant(weight), gradient: constant(gradient[k]!), state, scalars },
        parameters,
      );
    });
    weights = updated.map(({ parameter }) => evaluate(parameter));
    states = updated.map(({ state }) => Object.fromEntries(names.map((name) => [name, evaluate(state[name]!)])));
    return weights;
  });
}

describe('optimizers', () => {
  fixtures.cases.forEach(({ optimizer, parameters, steps }) => {
    it(`${optimizer} ${JSON.stringify(parameters)} takes PyTorch's steps`, () => {
      const given: Record<string, number | boolean> = {};
      for (const [name, value] of Object.entries(parameters)) if (value !== undefined) given[name] = value;
      const ours = train(optimizer, given, fixtures.start, fixtures.gradients);
      ours.forEach((weights, step) => {
        weights.forEach((weight, k) => {
          const theirs = steps[step]![k]!;
          expect(Math.abs(weight - theirs), `step ${step + 1}, weight ${k}`).toBeLessThan(
            1e-12 * (1 + Math.abs(theirs)),
          );
        });
      });
    });
  });

  for (const optimizer of allOptimizers()) {
    it(`${optimizer.type} is complete, and prints itself`, () => {
      expect(optimizer.help.summary.length).toBeGreaterThan(20);
      expect(optimizer.help.reference).toMatch(/^https:/);
      for (const spec of Object.values(optimizer.parameters)) {
        expect(parameterProblem(spec, spec.default)).toBeUndefined();
        expect(spec.help.length).toBeGreaterThan(10);
      }
      const parameters = completeParameters(optimizer.parameters, {});
      const own = optimizer.emit.pytorchClass !== undefined;
      const call = optimizer.emit.pytorch(parameters);
      expect(call.startsWith(own ? `${optimizer.type}(` : 'torch.optim.')).toBe(true);
      expect(call).toMatch(/^[\w.]+\(model\.parameters\(\), lr=[\d.]+\)$/);
      // Keras has no RAdam.
      if (optimizer.type === 'RAdam') expect(() => optimizer.emit.keras(parameters)).toThrow("Keras can't express");
      else expect(optimizer.emit.keras(parameters)).toMatch(/^keras\.optimizers\.\w+\(learning_rate=[\d.]+/);
      expect(fixtures.cases.some((each) => each.optimizer === optimizer.type)).toBe(true);
    });
  }

  it('gives Keras a learning rate that is no integer', () => {
    const adadelta = findOptimizer('Adadelta')!;
    expect(adadelta.emit.keras(completeParameters(adadelta.parameters, {}))).toContain('learning_rate=1.0');
  });

  it("says what Keras can't express", () => {
    const adam = findOptimizer('Adam')!;
    expect(() => adam.emit.keras(completeParameters(adam.parameters, { weightDecay: 0.1 }))).toThrow('L2 penalty');
  });
});
