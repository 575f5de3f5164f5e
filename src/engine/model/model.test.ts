import { describe, expect, it } from 'vitest';
import { EngineError } from '../errors.ts';
import { input, layers } from './layers.ts';
import { model } from './model.ts';

describe('the model API', () => {
  it('makes a document with one node a call and one edge a wire', () => {
    const x = input();
    const hidden = layers.Linear(layers.Flatten(x), { outFeatures: 32, name: 'hidden' });
    const sum = layers.Add([hidden, layers.ReLU(hidden)]);
    const scores = layers.Linear(sum, { outFeatures: 10 });
    const document = model({
      name: 'Small',
      loss: layers.CrossEntropyLoss(scores),
      optimizer: { type: 'Adam', lr: 0.01 },
    });
    expect(Object.values(document.nodes).map(({ type }) => type)).toEqual([
      'Input',
      'Flatten',
      'Linear',
      'ReLU',
      'Add',
      'Linear',
      'CrossEntropyLoss',
    ]);
    expect(Object.keys(document.edges)).toHaveLength(7);
    expect(document.training.optimizer).toEqual({ type: 'Adam', parameters: { lr: 0.01 } });
    expect(Object.values(document.nodes)[2]).toMatchObject({ name: 'hidden', parameters: { outFeatures: 32 } });
    const places = Object.values(document.nodes).map(({ position }) => `${position.x},${position.y}`);
    expect(new Set(places).size).toBe(places.length);
  });

  it('leaves out layers that no loss depends on', () => {
    const x = layers.Flatten(input());
    layers.Linear(x);
    const document = model({ loss: layers.CrossEntropyLoss(layers.Linear(x, { outFeatures: 10 })) });
    expect(Object.values(document.nodes).filter(({ type }) => type === 'Linear')).toHaveLength(1);
  });

  it('refuses what the layer has not, naming what it has', () => {
    // @ts-expect-error: no layer has such a parameter, and the types say so
    expect(() => layers.Linear(input(), { units: 3 })).toThrow(/no parameter "units".*outFeatures/);
    // @ts-expect-error: a number, not text
    expect(() => layers.Linear(input(), { outFeatures: '3' })).toThrow(/outFeatures expects a whole number/);
    // @ts-expect-error: there is no such layer
    expect(layers.Dense).toBeUndefined();
    // @ts-expect-error: not an optimizer
    expect(() => model({ loss: layers.CrossEntropyLoss(input()), optimizer: { type: 'Nope' } })).toThrow(EngineError);
  });

  it('refuses a wrong number of inputs and a model without a loss', () => {
    expect(() => layers.Linear([input(), input()])).toThrow(/takes 1 input, got 2/);
    expect(() => model({ loss: layers.Flatten(input()) })).toThrow(/ends in a loss/);
    expect(() => model({ loss: [] })).toThrow(/needs a loss/);
  });
});
