import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNKNOWN_DATA } from '../data/dataset.ts';
import { apply, type GraphChange } from '../graph/changes.ts';
import type { Diagnostic } from '../graph/diagnostic.ts';
import { edgeId, type GraphDocument, type GraphEdge, nodeId } from '../graph/document.ts';
import { groupIntoBlock } from '../graph/grouping.ts';
import { anyDocument, chainDocument } from '../graph/testDocuments.ts';
import { findTemplate } from '../templates/registry.ts';
import { inferAgain, inferGraph } from './infer.ts';
import { missingDataset } from './validateData.ts';

const mnist = { sample: [1, 28, 28], classes: 10 };

const ids = (diagnostics: readonly Diagnostic[]): string[] => diagnostics.map(({ id }) => id);

/** Applies the first fix of the first diagnostic again and again until none is left. */
function mend(document: GraphDocument, data = mnist): { document: GraphDocument; labels: string[] } {
  const labels: string[] = [];
  let mended = document;
  for (let round = 0; round < 10; round++) {
    const fix = inferGraph(mended, data).diagnostics.flatMap(({ fixes }) => fixes)[0];
    if (!fix) break;
    labels.push(fix.label);
    mended = apply(mended, fix.change);
  }
  return { document: mended, labels };
}

function wire(id: string, from: string, to: string, port = 'input'): GraphEdge {
  return { id: edgeId(id), source: { node: nodeId(from), port: 'output' }, target: { node: nodeId(to), port } };
}

/** A sound chain with one more layer beside it, which reads from a node of the chain or from nothing. */
function aside([type]: readonly [string], from?: string): GraphDocument {
  const chain = chainDocument(['Input'], ['Flatten'], ['Linear', { outFeatures: 10 }], ['CrossEntropyLoss']);
  const node = { ...chainDocument([type]).nodes[nodeId('n0')]!, id: nodeId('extra') };
  const more = apply(chain, { kind: 'addNode', node });
  return from === undefined ? more : apply(more, { kind: 'addEdge', edge: wire('aside', from, 'extra') });
}

describe('inferGraph', () => {
  it('finds shapes, parameters and multiply-adds of the seed', () => {
    const { edges, nodes, totals, diagnostics } = inferGraph(findTemplate('keras-cnn')!.build(), mnist);
    expect(diagnostics).toEqual([]);
    expect(Object.values(edges)).toEqual([
      [1, 28, 28],
      [32, 26, 26],
      [32, 26, 26],
      [32, 13, 13],
      [5408],
      [128],
      [128],
      [10],
    ]);
    expect(nodes.conv2d1!.totalParameters).toBe(320);
    expect(totals).toEqual({ parameters: 693_962, multiplyAdds: 32 * 26 * 26 * 9 + 5408 * 128 + 1280 });
  });

  it('never throws, and gives each wire and node an entry', () => {
    fc.assert(
      fc.property(anyDocument, fc.constantFrom(mnist, { sample: [2], classes: 0 }), (document, data) => {
        const inference = inferGraph(document, data);
        expect(Object.keys(inference.nodes).sort()).toEqual(Object.keys(document.nodes).sort());
        expect(Object.keys(inference.edges).sort()).toEqual(Object.keys(document.edges).sort());
        for (const { fixes } of inference.diagnostics) {
          for (const { change } of fixes) inferGraph(apply(document, change), data);
        }
      }),
      { numRuns: 300 },
    );
  });

  describe('after an edit', () => {
    const cnn = findTemplate('keras-cnn')!.build();
    const edited = (...changes: GraphChange[]) => {
      const again = inferAgain();
      const before = again(cnn, mnist);
      return { before, after: again(apply(cnn, { kind: 'group', changes }), mnist) };
    };

    it('keeps all that the edit does not reach', () => {
      const wider = { kind: 'setParameter', node: nodeId('linear1'), parameter: 'outFeatures', value: 64 } as const;
      const { before, after } = edited(wider);
      const changed = Object.keys(after.nodes).filter((id) => after.nodes[id] !== before.nodes[id]);
      // What follows has the shape that comes in, up to the layer that gives a shape of its own.
      expect(changed).toEqual(['linear1', 'relu2', 'linear2']);
      const wires = Object.keys(after.edges).filter((id) => after.edges[id] !== before.edges[id]);
      expect(wires).toHaveLength(2);
      expect(after.nodes.linear2!.inference!.weights[0]!.shape).toEqual([10, 64]);
      expect(after.order).toBe(before.order);
      expect(after.diagnostics).toBe(before.diagnostics);
    });

    it('gives the same back if shapes, wires and mistakes are as they were', () => {
      const { before, after } = edited(
        { kind: 'moveNode', node: nodeId('linear1'), position: { x: 7, y: 7 } },
        { kind: 'colorNode', node: nodeId('conv2d1'), color: 'red' },
        { kind: 'rename', name: 'other' },
        { kind: 'setTraining', training: { epochs: 9 } },
      );
      expect(after).toBe(before);
    });

    it('looks at every layer again for other data', () => {
      const again = inferAgain();
      again(cnn, mnist);
      const other = again(cnn, { sample: [3, 32, 32], classes: 10 });
      expect(other.nodes.conv2d1!.inference!.weights[0]!.shape).toEqual([32, 3, 3, 3]);
    });

    it('gives the same back of a model of blocks, until a use of one is another', () => {
      const again = inferAgain();
      const { change } = groupIntoBlock(cnn, [nodeId('linear1'), nodeId('relu2')], 'Dense', () => undefined);
      const document = apply(cnn, change);
      const before = again(document, mnist);
      expect(before.diagnostics).toEqual([]);
      const position = { x: 7, y: 7 };
      const moved = apply(document, { kind: 'moveNode', node: nodeId('conv2d1'), position });
      expect(again(moved, mnist)).toBe(before);
      const [use] = Object.values(moved.nodes).filter(({ block }) => block !== undefined);
      const frozen = apply(moved, { kind: 'freezeNode', node: use!.id, frozen: true });
      expect(again(frozen, mnist).nodes[use!.id]!.frozen).toBe(true);
    });

    it('lets go of what was wrong with a node that is gone', () => {
      const again = inferAgain();
      const wrong = chainDocument(['Input'], ['Linear', { outFeatures: 'ten' }], ['CrossEntropyLoss']);
      expect(ids(again(wrong, mnist).diagnostics)).toContain('bad-parameter');
      const { diagnostics } = again(apply(wrong, { kind: 'removeNode', node: nodeId('n1') }), mnist);
      expect(ids(diagnostics)).toEqual(['unused-node', 'unconnected-input']);
    });
  });

  it('offers the right number of features', () => {
    const document = chainDocument(
      ['Input'],
      ['Flatten'],
      ['Linear', { outFeatures: 10, inFeatures: 294 }],
      ['CrossEntropyLoss'],
    );
    const [diagnostic, ...others] = inferGraph(document, mnist).diagnostics;
    expect(others).toEqual([]);
    expect(diagnostic).toMatchObject({
      id: 'shape-mismatch',
      severity: 'error',
      message: 'Linear expects 294 features and receives 784.',
      node: 'n2',
      parameter: 'inFeatures',
    });
    expect(diagnostic!.fixes[0]!.label).toBe('Set inFeatures to 784');
    expect(ids(inferGraph(mend(document).document, mnist).diagnostics)).toEqual([]);
  });

  const mendable: readonly (readonly [string, GraphDocument, readonly string[]])[] = [
    [
      'a Linear on images',
      chainDocument(['Input'], ['Linear', { outFeatures: 10 }], ['CrossEntropyLoss']),
      ['Insert Flatten before Linear'],
    ],
    [
      'a loss on images, then of the wrong width',
      chainDocument(['Input'], ['Conv2d'], ['CrossEntropyLoss']),
      ['Insert Flatten before CrossEntropyLoss', 'Insert Linear (outFeatures 10) before CrossEntropyLoss'],
    ],
    [
      'too few scores behind an activation',
      chainDocument(['Input'], ['Flatten'], ['Linear', { outFeatures: 7 }], ['ReLU'], ['CrossEntropyLoss']),
      ['Set outFeatures of Linear to 10'],
    ],
    [
      'a convolution behind Flatten',
      chainDocument(
        ['Input'],
        ['Flatten'],
        ['Conv2d'],
        ['Flatten'],
        ['Linear', { outFeatures: 10 }],
        ['CrossEntropyLoss'],
      ),
      ['Insert Reshape (shape [1, 28, 28]) before Conv2d'],
    ],
    [
      'an LSTM on images',
      chainDocument(['Input'], ['LSTM'], ['Linear', { outFeatures: 10 }], ['CrossEntropyLoss']),
      ['Insert Reshape (shape [28, 28]) before LSTM'],
    ],
    [
      'a softmax before cross-entropy',
      chainDocument(['Input'], ['Flatten'], ['Linear', { outFeatures: 10 }], ['Softmax'], ['CrossEntropyLoss']),
      ['Remove Softmax'],
    ],
    [
      'a sigmoid before BCEWithLogitsLoss',
      chainDocument(['Input'], ['Sigmoid'], ['BCEWithLogitsLoss', { target: 'input' }]),
      ['Remove Sigmoid'],
    ],
    [
      'no probabilities before BCELoss',
      chainDocument(['Input'], ['Conv2d', { outChannels: 1, padding: [1, 1] }], ['BCELoss', { target: 'input' }]),
      ['Insert Sigmoid before BCELoss'],
    ],
    [
      'channels that the groups do not divide',
      chainDocument(
        ['Input'],
        ['Conv2d', { outChannels: 24 }],
        ['Conv2d', { outChannels: 36, groups: 8 }],
        ['GroupNorm', { numGroups: 8 }],
        ['Flatten'],
        ['Linear', { outFeatures: 10 }],
        ['CrossEntropyLoss'],
      ),
      ['Set groups to 6', 'Set numGroups to 6'],
    ],
    [
      'a log-softmax before cross-entropy',
      chainDocument(['Input'], ['Flatten'], ['Linear', { outFeatures: 10 }], ['LogSoftmax'], ['CrossEntropyLoss']),
      ['Remove LogSoftmax'],
    ],
    ['a node that leads to no loss', aside(['Dropout'], 'n1'), ['Remove Dropout']],
    ['an input that nothing is joined to', aside(['Linear']), ['Remove Linear']],
    [
      'an autoencoder that compares with labels',
      chainDocument(['Input'], ['Flatten'], ['Linear', { outFeatures: 784 }], ['MSELoss']),
      ['Set target to input'],
    ],
    [
      'a bad parameter',
      chainDocument(['Input'], ['Flatten'], ['Linear', { outFeatures: 'ten' }], ['MSELoss', { target: 'input' }]),
      ['Set outFeatures to 128', 'Set outFeatures of Linear to 784'],
    ],
    [
      'a window that is too large',
      chainDocument(
        ['Input'],
        ['MaxPool2d', { kernelSize: [30, 30] }],
        ['Flatten'],
        ['Linear', { outFeatures: 10 }],
        ['CrossEntropyLoss'],
      ),
      ['Set kernelSize to [28, 28]'],
    ],
  ];
  for (const [name, document, labels] of mendable) {
    it(`mends ${name}`, () => {
      const { document: mended, labels: taken } = mend(document);
      expect(taken).toEqual(labels);
      expect(inferGraph(mended, mnist).diagnostics).toEqual([]);
    });
  }

  it.each([
    [
      'unused-node',
      'warning',
      'Dropout does not lead to a loss, so it is left out of training.',
      aside(['Dropout'], 'n1'),
    ],
    ['unconnected-input', 'warning', 'Linear is not connected: draw a wire to its input.', aside(['Linear'])],
    [
      'labels-outside-classes',
      'error',
      'CrossEntropyLoss receives 7 scores, and the labels of this data set name 10 classes: labels from 7 on are outside of them.',
      chainDocument(['Input'], ['Flatten'], ['Linear', { outFeatures: 7 }], ['CrossEntropyLoss']),
    ],
    [
      'unsuitable-layer',
      'warning',
      expect.stringContaining('applies the softmax itself'),
      chainDocument(['Input'], ['Flatten'], ['Linear', { outFeatures: 10 }], ['Softmax'], ['CrossEntropyLoss']),
    ],
    [
      'unsuitable-layer',
      'warning',
      expect.stringContaining('applies the sigmoid itself'),
      chainDocument(['Input'], ['Sigmoid'], ['BCEWithLogitsLoss', { target: 'input' }]),
    ],
  ])('tells of %s', (id, severity, message, document) => {
    expect(inferGraph(document, mnist).diagnostics).toMatchObject([{ id, severity, message }]);
  });

  it('says nothing of shapes while the data set is not known, and offers those that fit', () => {
    const document = chainDocument(['Input'], ['Flatten'], ['Linear', { outFeatures: 10 }], ['CrossEntropyLoss']);
    expect(inferGraph(document, UNKNOWN_DATA).diagnostics).toEqual([]);
    const known = [
      { id: 'moons', shapes: { sample: [2], classes: 2 } },
      { id: 'fashion', shapes: mnist },
    ];
    const diagnostic = missingDataset({ ...document, data: { dataset: 'gone' } }, known);
    expect(diagnostic).toMatchObject({ id: 'no-dataset', severity: 'error' });
    expect(diagnostic.message).toContain('"gone"');
    expect(diagnostic.fixes.map(({ label }) => label)).toEqual(['Use the data set fashion']);
    const mended = apply(document, diagnostic.fixes[0]!.change);
    expect(mended.data.dataset).toBe('fashion');
    expect(inferGraph(mended, mnist).diagnostics).toEqual([]);
    // Where none fits, a person still can go on from one of them.
    expect(missingDataset(document, known.slice(0, 1)).fixes).toHaveLength(1);
  });

  it('names what is missing', () => {
    expect(ids(inferGraph(chainDocument(), mnist).diagnostics)).toEqual(['no-input', 'no-loss']);
    const open = chainDocument(['Linear'], ['CrossEntropyLoss']);
    expect(ids(inferGraph(open, mnist).diagnostics)).toEqual(['no-input', 'unconnected-input']);
  });

  it('does not let loose nodes stop training', () => {
    const seed = findTemplate('mlp')!.build();
    const extra = chainDocument(['Dropout'], ['Hologram']).nodes;
    const document = { ...seed, nodes: { ...seed.nodes, ...extra } };
    const { diagnostics, order } = inferGraph(document, mnist);
    expect(diagnostics.map(({ id, severity }) => `${severity} ${id}`)).toEqual([
      'warning unconnected-input',
      'warning unknown-layer',
    ]);
    expect(order).not.toContain('n0');
  });

  it('keeps an unknown layer in the way as an error, without blaming what follows', () => {
    const document = chainDocument(['Input'], ['Hologram'], ['Flatten'], ['CrossEntropyLoss']);
    expect(ids(inferGraph(document, mnist).diagnostics)).toEqual(['unknown-layer']);
    const newer = chainDocument(['Input'], ['Flatten'], ['CrossEntropyLoss']);
    const node = { ...newer.nodes[nodeId('n1')]!, version: 7 };
    const [diagnostic] = inferGraph({ ...newer, nodes: { ...newer.nodes, [node.id]: node } }, mnist).diagnostics;
    expect(diagnostic).toMatchObject({ id: 'unknown-layer', severity: 'error' });
    expect(diagnostic!.message).toContain('version 7 of Flatten');
  });

  it('names a cycle and cuts it', () => {
    const chain = chainDocument(
      ['Input'],
      ['Add'],
      ['ReLU'],
      ['Flatten'],
      ['Linear', { outFeatures: 10 }],
      ['CrossEntropyLoss'],
    );
    const looped = apply(chain, { kind: 'addEdge', edge: wire('back', 'n2', 'n1', 'inputs'), many: true });
    const [diagnostic] = inferGraph(looped, mnist).diagnostics;
    expect(diagnostic!.id).toBe('cycle');
    expect(diagnostic!.message).toMatch(/Add → ReLU → Add|ReLU → Add → ReLU/);
    expect(ids(inferGraph(apply(looped, diagnostic!.fixes[0]!.change), mnist).diagnostics)).not.toContain('cycle');
  });

  it('refuses sizes that no device holds', () => {
    const document = chainDocument(
      ['Input'],
      ['Flatten'],
      ['Linear', { outFeatures: 9_007_199_254_740_991 }],
      ['CrossEntropyLoss'],
    );
    const { diagnostics } = inferGraph(document, mnist);
    expect(diagnostics[0]).toMatchObject({ id: 'shape-mismatch', node: 'n2' });
    expect(diagnostics[0]!.message).toContain('are possible');
  });

  it('reports wires that can not be', () => {
    const seed = chainDocument(['Input'], ['Flatten'], ['Linear', { outFeatures: 10 }], ['CrossEntropyLoss']);
    const extra = {
      x1: wire('x1', 'n0', 'gone'),
      x2: wire('x2', 'n0', 'n2', 'nonsense'),
      x3: wire('x3', 'n1', 'n3'),
    };
    const { diagnostics } = inferGraph({ ...seed, edges: { ...seed.edges, ...extra } }, mnist);
    expect(diagnostics.map(({ id, edge }) => `${id} ${edge}`)).toEqual(['bad-wire x1', 'bad-wire x2', 'bad-wire x3']);
  });

  it('lets several losses add up', () => {
    const chain = chainDocument(['Input'], ['Flatten'], ['Linear', { outFeatures: 10 }], ['CrossEntropyLoss']);
    const both = chainDocument(
      ['Input'],
      ['Flatten'],
      ['Linear', { outFeatures: 10 }],
      ['CrossEntropyLoss'],
      ['L1Loss'],
    );
    const { diagnostics, order } = inferGraph(
      { ...both, edges: { ...chain.edges, [edgeId('e9')]: wire('e9', 'n2', 'n4') } },
      mnist,
    );
    expect(diagnostics).toEqual([]);
    expect(order).toHaveLength(5);
  });
});
