import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../errors.ts';
import { apply } from '../graph/changes.ts';
import { type GraphDocument, type GraphNode, type NodeId, nodeId } from '../graph/document.ts';
import { completeParameters } from '../layers/parameters.ts';
import { findLayer } from '../layers/registry.ts';
import { input, layers } from '../model/layers.ts';
import { model } from '../model/model.ts';
import type { SymbolicTensor } from '../model/symbolic.ts';
import { CODE_TARGETS, type CodeTarget, type DatasetInfo, generateCode } from './generate.ts';

const DIGITS: DatasetInfo = {
  id: 'digits',
  title: 'Digits',
  sample: [1, 28, 28],
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
};

function mainOf(document: GraphDocument, target: CodeTarget): string {
  const { files, main } = generateCode(document, target, DIGITS);
  return files.find(({ path }) => path === main)!.text;
}

/** Runs the part of the TypeScript program that makes the model. */
function rebuild(document: GraphDocument): GraphDocument {
  const code = mainOf(document, 'typescript');
  const start = code.indexOf("from './data.js';\n") + "from './data.js';\n".length;
  const body = code.slice(start, code.indexOf('const { values: args }'));
  return new Function('input', 'layers', 'model', `${body}\nreturn network;`)(input, layers, model) as GraphDocument;
}

/** Types, complete parameters and wires, without ids and places: nodes are numbered as they lie in the document. */
function structure(document: GraphDocument): unknown {
  const ids = Object.keys(document.nodes);
  return {
    name: document.name,
    optimizer: document.training.optimizer.type,
    nodes: Object.values(document.nodes).map(({ type, parameters, name }) => ({
      type,
      name,
      parameters: completeParameters(findLayer(type)!.parameters, parameters),
    })),
    wires: Object.values(document.edges).map(({ source, target }) => [
      ids.indexOf(source.node),
      source.port,
      ids.indexOf(target.node),
      target.port,
    ]),
  };
}

const chain = (): GraphDocument => {
  let x = layers.Conv2d(input(), { outChannels: 8 });
  x = layers.MaxPool2d(layers.ReLU(x));
  x = layers.MaxPool2d(layers.ReLU(layers.Conv2d(x, { outChannels: 16 })));
  x = layers.Linear(layers.Flatten(x), { outFeatures: 10 });
  return model({ name: 'Chain', loss: layers.CrossEntropyLoss(x) });
};

const branches = (): GraphDocument => {
  const stem = layers.Conv2d(input(), { padding: [1, 1], name: 'stem' });
  const side = layers.ReLU(layers.Conv2d(stem, { padding: [1, 1] }));
  const sum = layers.Add([stem, side]);
  const both = layers.Concat([layers.Flatten(sum), layers.Flatten(layers.MaxPool2d(sum))]);
  const scores = layers.Linear(both, { outFeatures: 10 });
  const copy = layers.Sigmoid(layers.Linear(both, { outFeatures: 784 }));
  return model({
    name: 'Branches',
    loss: [layers.CrossEntropyLoss(scores), layers.MSELoss(copy, { target: 'input' })],
    optimizer: { type: 'SGD', lr: 0.01 },
  });
};

describe('generateCode', () => {
  it.each(CODE_TARGETS)('writes a chain and a branched graph for %s as before', async (target) => {
    await expect(mainOf(chain(), target)).toMatchFileSnapshot(`snapshots/chain.${target}.txt`);
    await expect(mainOf(branches(), target)).toMatchFileSnapshot(`snapshots/branches.${target}.txt`);
  });

  it('weighs several losses, and hands a loss all of its inputs', () => {
    const embed = (): SymbolicTensor => layers.Linear(layers.Flatten(input()), { outFeatures: 8 });
    const [anchor, positive, negative] = [embed(), embed(), embed()];
    const document = model({
      loss: [
        layers.LossTerm(anchor, { of: 'square', lossWeight: 0.01 }),
        layers.TripletMarginLoss([anchor, positive, negative], { lossWeight: 0.5 }),
      ],
    });
    const pytorch = mainOf(document, 'pytorch');
    expect(pytorch).toContain('        return y, y, z, x\n');
    const [anchorName, ...others] = ['anchor', 'positive', 'negative'].map((port) => `triplet_margin_loss_${port}`);
    expect(pytorch).toContain(`loss_term_input, ${anchorName}, ${others.join(', ')} = model(inputs)`);
    expect(pytorch).toContain(
      `0.01 * loss_term_input.square().mean() + 0.5 * triplet_margin_loss_fn(${anchorName}, ${others.join(', ')})`,
    );
    expect(() => mainOf(document, 'keras')).toThrow("Keras can't express");
    const again = Object.values(rebuild(document).nodes);
    const settings = (nodes: readonly GraphNode[]) =>
      nodes.map((node) => JSON.stringify([node.type, node.parameters])).sort();
    expect(settings(again)).toEqual(settings(Object.values(document.nodes)));
  });

  it.each(CODE_TARGETS)(
    'writes schedule, clipping, accumulation, averages, early stopping and frozen layers for %s',
    async (target) => {
      let x = layers.Linear(layers.Flatten(input()), { outFeatures: 32, frozen: true });
      x = layers.Linear(layers.ReLU(x), { outFeatures: 10, initial: { type: 'KaimingNormal' } });
      const document = model({
        name: 'Everything',
        loss: layers.CrossEntropyLoss(x, { labelSmoothing: 0.1 }),
        optimizer: { type: 'NAdam', lr: 0.01 },
        schedule: { type: 'OneCycleLR', pctStart: 0.2 },
        options: { clipGradients: 'norm', clipLimit: 0.5, accumulateSteps: 4, emaDecay: 0.99, earlyStopping: 3 },
      });
      await expect(mainOf(document, target)).toMatchFileSnapshot(`snapshots/everything.${target}.txt`);
      const again = rebuild(document);
      expect(again.training).toEqual(document.training);
      expect(Object.values(again.nodes).map(({ initial }) => initial?.type)).toContain('KaimingNormal');
      expect(Object.values(again.nodes).map(({ initial }) => initial?.type)).toContain('KaimingNormal');
      expect(Object.values(again.nodes).map(({ frozen = false }) => frozen)).toEqual([
        false,
        false,
        true,
        false,
        false,
        false,
      ]);
    },
  );

  it('calls modules as it says it does', () => {
    const document = chain();
    const { names } = generateCode(document, 'pytorch', DIGITS);
    const code = mainOf(document, 'pytorch');
    const weighted = Object.values(document.nodes).filter(({ type }) => type === 'Conv2d' || type === 'Linear');
    expect(weighted.map(({ id }) => names[id])).toEqual(['conv1', 'conv2', 'fc']);
    for (const { id } of weighted) expect(code).toContain(`self.${names[id]} = nn.`);
  });

  it.each([chain, branches])('writes TypeScript that makes the same document again', (make) => {
    const document = make();
    expect(structure(rebuild(document))).toEqual(structure(document));
  });

  it('keeps hostile names inside of identifiers, comments and literals', () => {
    const document = chain();
    const linear = Object.values(document.nodes).find(({ type }) => type === 'Linear')!.id;
    const pieces = [
      '"""',
      "'''",
      '*/',
      '\\',
      '\n',
      '\r',
      '\u2028',
      '\u2029',
      '\u0085',
      `\${x}`,
      '`',
      '#',
      '//',
      'é',
      '层',
    ];
    const hostile = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 4 })), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(hostile, hostile, (nodeWords, documentWords) => {
        const named = apply(apply(document, { kind: 'nameNode', node: linear, name: nodeWords.join('') }), {
          kind: 'rename',
          name: documentWords.join(''),
        });
        expect(structure(rebuild(named))).toEqual(structure(named));
        for (const target of ['pytorch', 'keras'] as const) {
          const [first, ...rest] = mainOf(named, target).split('\n');
          expect(first).toMatch(/^# /);
          // Below the comment there is nothing but ASCII, and as many lines as ever.
          expect(rest.join('\n')).toMatch(/^[\n -~]*$/);
          expect(rest).toHaveLength(mainOf(document, target).split('\n').length - 1);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('never takes a name twice, nor one that means something in Python', () => {
    let x = input();
    for (const name of ['train', 'Train', 'forward', 'x', 'self', 'lambda', 'fc', 'ﬁt', 'fit']) {
      x = layers.Linear(layers.Flatten(x), { outFeatures: 10, name });
    }
    const document = model({ loss: layers.CrossEntropyLoss(layers.Linear(x, { outFeatures: 10 })) });
    const code = mainOf(document, 'pytorch');
    const attributes = [...code.matchAll(/^ {8}self\.(\w+) = /gm)].map(([, name]) => name!);
    expect(new Set(attributes).size).toBe(attributes.length);
    for (const name of ['train', 'forward', 'lambda']) expect(attributes).not.toContain(name);
  });

  it('refuses a document with errors, and says what is wrong', () => {
    const document = chain();
    const edge = Object.values(document.edges)[2]!;
    const broken = apply(document, { kind: 'removeEdge', edge: edge.id });
    expect(() => generateCode(broken, 'keras', DIGITS)).toThrow(EngineError);
    expect(() => generateCode(broken, 'keras', DIGITS)).toThrow(/code can be made when/);
  });

  it('names the node that a framework can not express', () => {
    const x = layers.MaxPool2d(input(), { dilation: [2, 2] });
    const document = model({ loss: layers.CrossEntropyLoss(layers.Linear(layers.Flatten(x), { outFeatures: 10 })) });
    const pool = Object.values(document.nodes).find(({ type }) => type === 'MaxPool2d')!.id;
    expect(() => mainOf(document, 'keras')).toThrow(expect.objectContaining({ id: 'unsupported', where: pool }));
  });

  it('refuses a document without a loss', () => {
    const document = chain();
    const loss = Object.keys(document.nodes).at(-1) as NodeId;
    const open = apply(document, { kind: 'removeNode', node: nodeId(loss) });
    expect(() => generateCode(open, 'pytorch', DIGITS)).toThrow(EngineError);
  });
});
