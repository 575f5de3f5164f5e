import { describe, expect, it } from 'vitest';
import { apply } from '../graph/changes.ts';
import { type GraphDocument, nodeId } from '../graph/document.ts';
import { chainDocument } from '../graph/testDocuments.ts';
import { removeAndRejoin } from './healing.ts';
import { inferGraph } from './infer.ts';

const images = { sample: [1, 28, 28], classes: 10 };
const heal = (document: GraphDocument, id: string) => {
  const { change, refused } = removeAndRejoin(document, nodeId(id), inferGraph(document, images));
  const after = apply(document, change);
  return {
    after,
    refused,
    wires: Object.values(after.edges).map(({ source, target }) => `${source.node} ${target.node}`),
  };
};

describe('a wire around a layer that is taken out', () => {
  it('is drawn where what flows there fits', () => {
    const { wires, refused, after } = heal(chainDocument(['Input'], ['Conv2d'], ['ReLU'], ['Flatten']), 'n2');
    expect(wires).toEqual(['n0 n1', 'n1 n3']);
    expect(refused).toEqual([]);
    expect(inferGraph(after, images).nodes[nodeId('n3')]?.inference?.outputs).toEqual([[32 * 26 * 26]]);
  });

  it('is drawn where a quick fix makes it fit, as a wire drawn by hand is', () => {
    // Images into a Linear: "Insert Flatten" is offered.
    const { wires, refused, after } = heal(
      chainDocument(['Input'], ['Flatten'], ['Linear'], ['CrossEntropyLoss']),
      'n1',
    );
    expect(wires).toEqual(['n2 n3', 'n0 n2']);
    expect(refused).toEqual([]);
    expect(inferGraph(after, images).diagnostics.find(({ node }) => node === 'n2')?.fixes.length).toBeGreaterThan(0);
  });

  it('is not drawn where it can not fit, and the reason is given', () => {
    // Sequences to images: no quick fix undoes a Reshape that is gone.
    const document = chainDocument(['Input'], ['Reshape', { shape: [28, 28] }], ['PositionalEncoding'], ['Flatten']);
    expect(inferGraph(document, images).nodes[nodeId('n3')]?.inference?.outputs).toEqual([[784]]);
    const { wires, refused } = heal(document, 'n1');
    expect(wires).toEqual(['n2 n3']);
    expect(refused).toEqual([expect.stringContaining('(Input gives 1×28×28.)')]);
  });

  it('goes on from the input of several that fits', () => {
    const chain = chainDocument(
      ['Input'],
      ['Conv2d', { padding: [1, 1] }],
      ['ReLU'],
      ['Add'],
      ['Conv2d', { inChannels: 1 }],
    );
    // The sum can't be made, but its second input is what the convolution takes.
    const document = apply(chain, {
      kind: 'addEdge',
      edge: {
        id: 'x' as never,
        source: { node: nodeId('n0'), port: 'output' },
        target: { node: nodeId('n3'), port: 'inputs' },
      },
      many: true,
    });
    expect(heal(document, 'n3').wires).toContain('n0 n4');
  });

  it('is none where nothing came in', () => {
    const { wires, refused } = heal(chainDocument(['Input'], ['Conv2d'], ['ReLU']), 'n0');
    expect(wires).toEqual(['n1 n2']);
    expect(refused).toEqual([]);
  });
});
