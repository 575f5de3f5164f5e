import { describe, expect, it } from 'vitest';
import { inferGraph } from '../compiler/infer.ts';
import { apply } from '../graph/changes.ts';
import { type GraphDocument, nodeId } from '../graph/document.ts';
import { input, layers } from '../model/layers.ts';
import { model } from '../model/model.ts';
import { timeDistributed } from '../model/timeDistributed.ts';
import { CODE_TARGETS, type CodeTarget, type DatasetInfo, generateCode } from './generate.ts';

const DIGITS: DatasetInfo = { id: 'digits', title: 'Digits', sample: [1, 28, 28], classes: [...'0123456789'] };

/** Features of four strips of a digit, the same for each, read by a GRU. */
const strips = (): GraphDocument => {
  const sequence = layers.Reshape(input(), { shape: [4, 1, 7, 28] });
  const features = timeDistributed(sequence, (strip) => {
    const seen = layers.Conv2d(strip, { outChannels: 8, kernelSize: [3, 3], padding: [1, 1] });
    return layers.Flatten(layers.MaxPool2d(layers.ReLU(seen), { kernelSize: [2, 2] }));
  });
  const scores = layers.Linear(layers.GRU(features, { hiddenSize: 16 }), { outFeatures: 10 });
  return model({ name: 'Strips', loss: layers.CrossEntropyLoss(scores) });
};

/** Two sequences in, two out. */
const pairs = (): GraphDocument => {
  const rows = layers.Reshape(input(), { shape: [28, 28] });
  const { outputs } = timeDistributed([rows, rows], (a, b) => [
    layers.Add([layers.Linear(a!, { outFeatures: 8 }), layers.Linear(b!, { outFeatures: 8 })]),
    layers.ReLU(layers.Linear(b!, { outFeatures: 8 })),
  ]);
  const joined = layers.Flatten(layers.Concat([...outputs], { dim: 2 }));
  return model({ name: 'Pairs', loss: layers.CrossEntropyLoss(layers.Linear(joined, { outFeatures: 10 })) });
};

function mainOf(document: GraphDocument, target: CodeTarget): string {
  const { files, main } = generateCode(document, target, DIGITS);
  return files.find(({ path }) => path === main)!.text;
}

/** Runs the part of the TypeScript program that makes the model. */
function rebuilt(document: GraphDocument): GraphDocument {
  const text = mainOf(document, 'typescript');
  const start = text.indexOf("'./data.js';\n") + "'./data.js';\n".length;
  const untyped = (line: string) => line.replace(/\): .* \{$/, ') {').replaceAll(/: \w+(?=[,)])/g, '');
  const body = text.slice(start, text.indexOf('const { values: args }')).replaceAll(/^function .*$/gm, untyped);
  const make = new Function('input', 'layers', 'model', 'timeDistributed', `${body}\nreturn network;`);
  return make(input, layers, model, timeDistributed) as GraphDocument;
}

describe('code of a block for each step', () => {
  it.each(CODE_TARGETS)('is as before for %s', async (target) => {
    await expect(mainOf(strips(), target)).toMatchFileSnapshot(`snapshots/strips.${target}.txt`);
  });

  it.each([
    ['one sequence', strips],
    ['two sequences', pairs],
  ])('is a function of the steps in TypeScript, which makes the same document: %s', (_, make) => {
    const [made, given] = [rebuilt(make()), make()];
    const types = ({ nodes }: Pick<GraphDocument, 'nodes'>) =>
      Object.values(nodes)
        .map(({ type }) => type)
        .sort();
    const parts = (document: GraphDocument) => [document, ...Object.values(document.blocks)];
    expect(parts(made).map(types)).toEqual(parts(given).map(types));
    const shapes = (document: GraphDocument) => inferGraph(document, { sample: [1, 28, 28], classes: 10 }).totals;
    expect(shapes(made)).toEqual(shapes(given));
    expect(made.nodes[nodeId('block1')]).toEqual(given.nodes[nodeId('block1')]);
  });

  it('takes several sequences in PyTorch, and says that Keras does not', () => {
    expect(mainOf(pairs(), 'pytorch')).toMatch(
      /\w+, \w+ = \(step\.unflatten\(0, x\.shape\[:2\]\) for step in self\.\w+\(x\.flatten\(0, 1\), x\.flatten\(0, 1\)\)\)/,
    );
    expect(() => mainOf(pairs(), 'keras')).toThrow(/Keras can't express TimeDistributed of each_step with several/);
  });

  it('has all repetitions within', () => {
    const rows = layers.Reshape(input(), { shape: [28, 28] });
    const seen = timeDistributed(rows, (row) => layers.Tanh(layers.Linear(row, { outFeatures: 28 })));
    const scores = layers.Linear(layers.Flatten(seen), { outFeatures: 10 });
    const once = model({ loss: layers.CrossEntropyLoss(scores) });
    const twice = apply(once, { kind: 'setParameter', node: nodeId('block1'), parameter: 'repeat', value: 2 });
    expect(mainOf(twice, 'pytorch')).toContain('self.each_step(x.flatten(0, 1)).unflatten(0, x.shape[:2])');
    expect(mainOf(twice, 'keras')).toMatch(/for _ in range\(2\):\n\s+x = time_distributed\(each_step, x\)/);
  });
});
