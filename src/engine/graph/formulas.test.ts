import { describe, expect, it } from 'vitest';
import { inferGraph } from '../compiler/infer.ts';
import { apply } from './changes.ts';
import { type GraphDocument, nodeId } from './document.ts';
import { evaluate, formulaValue } from './formulas.ts';
import { parseDocument, serializeDocument } from './schema.ts';
import { chainDocument } from './testDocuments.ts';

const data = { sample: [1, 28, 28], classes: 10 };
const [conv, fc] = [nodeId('n1'), nodeId('n3')];
const chain = chainDocument(['Input'], ['Conv2d'], ['Flatten'], ['Linear'], ['CrossEntropyLoss']);
const constants = { latent: '32', wide: '4 * latent', half: 'latent / 2' };
const withConstants = Object.entries(constants).reduce<GraphDocument>(
  (document, [name, formula]) => apply(document, { kind: 'setConstant', name, formula }),
  chain,
);
const ruled = apply(
  apply(withConstants, { kind: 'setFormula', node: fc, parameter: 'outFeatures', formula: '2 * wide + 1' }),
  { kind: 'setFormula', node: conv, parameter: 'kernelSize', formula: 'half - 11' },
);

describe('a formula', () => {
  it.each([
    ['2*latent', 64],
    ['wide - latent^2 / 8', 0],
    ['max(half, 20)', 20],
    ['-(latent)', -32],
  ])('%s is %d', (formula, value) => {
    expect(evaluate(formula, constants)).toBe(value);
  });

  it.each([
    ['2 * depth', 'there is no constant "depth": the constants are latent, wide, half'],
    ['latent +', 'the end'],
    ['1 / (latent - 32)', 'no finite number'],
    ['constructor', 'there is no constant "constructor"'],
    ['fetch(latent)', 'there is no function "fetch"'],
  ])('%s is refused', (formula, message) => {
    expect(() => evaluate(formula, constants)).toThrow(message);
  });

  it('finds constants that are made of themselves, and takes no time over many that use each other twice', () => {
    expect(() => evaluate('a', { a: 'b + 1', b: 'a' })).toThrow('"a" is made of itself');
    const tower = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`c${i}`, i === 0 ? '1' : `(c${i - 1} + c${i - 1}) / 2`]),
    );
    expect(evaluate('c59', tower)).toBe(1);
  });

  it('gives what the parameter is: whole numbers, the same for each axis of a tuple', () => {
    const node = chain.nodes[conv]!;
    expect(formulaValue(node, 'outChannels', 'latent / 5', constants)).toEqual({
      problem: 'expects a whole number: "latent / 5" is 6.4',
      column: undefined,
    });
    expect(formulaValue(node, 'outChannels', '0.1 * 30', constants)).toEqual({ value: 3 });
    expect(formulaValue(node, 'stride', '2', constants)).toEqual({ value: [2, 2] });
  });
});

describe('parameters by formula', () => {
  it('follow the constants', () => {
    expect(ruled.nodes[fc]!.parameters).toEqual({ outFeatures: 257 });
    expect(ruled.nodes[conv]!.parameters).toEqual({ kernelSize: [5, 5] });
    const narrow = apply(ruled, { kind: 'setConstant', name: 'latent', formula: '24' });
    expect(narrow.nodes[fc]!.parameters).toEqual({ outFeatures: 193 });
    expect(narrow.nodes[conv]!.parameters).toEqual({ kernelSize: [1, 1] });
  });

  it('keep their value, and say so, while the formula comes to nothing', () => {
    const broken = apply(ruled, { kind: 'setConstant', name: 'wide', formula: undefined });
    expect(broken.nodes[fc]!.parameters).toEqual({ outFeatures: 257 });
    const [problem] = inferGraph(broken, data).diagnostics.filter(({ id }) => id === 'bad-formula');
    expect(problem).toMatchObject({ node: fc, parameter: 'outFeatures', column: 5 });
    expect(problem!.message).toContain('there is no constant "wide"');
    const kept = apply(broken, problem!.fixes[0]!.change);
    expect(kept.nodes[fc]).not.toHaveProperty('formulas');
    expect(kept.nodes[fc]!.parameters).toEqual({ outFeatures: 257 });
  });

  it('follow no more when a number is set', () => {
    const set = apply(ruled, { kind: 'setParameter', node: fc, parameter: 'outFeatures', value: 9 });
    expect(set.nodes[fc]).not.toHaveProperty('formulas');
  });

  it('are saved, and evaluated anew when they are read', () => {
    expect(parseDocument(serializeDocument(ruled)).document).toEqual(ruled);
    const lying = serializeDocument(ruled).replace('"outFeatures": 257', '"outFeatures": 3');
    expect(parseDocument(lying).document).toEqual(ruled);
  });
});
