import { describe, expect, it } from 'vitest';
import { nodesOfUse } from '../compiler/blockFace.ts';
import { inferGraph } from '../compiler/infer.ts';
import { findTemplate } from '../templates/registry.ts';
import { apply } from './changes.ts';
import { describeChange } from './describeChange.ts';
import { type GraphDocument, type NodeId, nodeId } from './document.ts';
import { dissolve, type Grouped, groupIntoBlock } from './grouping.ts';
import { parseDocument, serializeDocument } from './schema.ts';
import { chainDocument } from './testDocuments.ts';

const data = { sample: [1, 28, 28], classes: 10 };
const group = (document: GraphDocument, ...ids: string[]): Grouped => {
  const { nodes } = inferGraph(document, data);
  return groupIntoBlock(document, ids.map(nodeId), 'Residual', ({ id }) => nodes[id]?.definition);
};
const facts = (document: GraphDocument) => {
  const { totals, diagnostics } = inferGraph(document, data);
  return { totals, diagnostics };
};
const flat = chainDocument(
  ['Input'],
  ['Conv2d'],
  ['ReLU'],
  ['Flatten'],
  ['Linear', { outFeatures: 10 }],
  ['CrossEntropyLoss'],
);

/** The first residual branch of the template before it had a block: convolutions with a way around them. */
function branched(): GraphDocument {
  const chain = chainDocument(
    ['Input'],
    ['Conv2d', { outChannels: 8 }],
    ['Conv2d', { outChannels: 8, padding: [1, 1] }],
    ['ReLU'],
    ['Add'],
    ['Flatten'],
    ['Linear', { outFeatures: 10 }],
    ['CrossEntropyLoss'],
  );
  const skip = { id: 'skip', source: { node: 'n1', port: 'output' }, target: { node: 'n4', port: 'inputs' } };
  return apply(chain, { kind: 'addEdge', edge: skip as never, many: true });
}

describe('groupIntoBlock', () => {
  it('makes ports of the wires that it cuts, one for each output', () => {
    const document = branched();
    const { change, block, use } = group(document, 'n2', 'n3', 'n4');
    const after = apply(document, change);
    expect(facts(after)).toEqual(facts(document));
    expect(describeChange(change, document)).toBe('Group 3 layers into the block Residual');
    expect(Object.keys(after.blocks[block]!.nodes)).toEqual(['input1', 'n2', 'n3', 'n4', 'output1']);
    expect(
      Object.values(after.edges).filter(({ source, target }) => source.node === use || target.node === use),
    ).toHaveLength(2);
    expect(parseDocument(serializeDocument(after)).document).toEqual(after);
    const thrice = apply(after, { kind: 'setParameter', node: use, parameter: 'repeat', value: 3 });
    expect(facts(thrice).diagnostics).toEqual([]);
    expect(inferGraph(thrice, data).nodes[use]!.totalParameters).toBe(3 * 584);
  });

  it('makes ports of what is open where no wire is cut', () => {
    let lonely = chainDocument(['Conv2d'], ['ReLU']);
    lonely = apply(lonely, group(lonely, 'n0', 'n1').change);
    expect(Object.values(lonely.blocks)[0]!.edges).toMatchObject({
      edge1: { source: { node: 'input1' }, target: { node: 'n0' } },
      edge2: { source: { node: 'n1' }, target: { node: 'output1' } },
    });
  });

  it('refuses data, losses, and layers that the data comes back to', () => {
    expect(() => group(flat, 'n0', 'n1')).toThrow("Input can't be in a block");
    expect(() => group(flat, 'n4', 'n5')).toThrow("CrossEntropyLoss can't be in a block");
    expect(() => group(branched(), 'n1', 'n4')).toThrow('data would leave it for ReLU and come back');
    expect(() => group(flat)).toThrow('Select the layers');
  });
});

it('keeps the order of wires that end at one port, going in and out', () => {
  let document = chainDocument(['Input'], ['Conv2d', { outChannels: 2 }], ['Conv2d', { outChannels: 3 }], ['Concat']);
  const extra = (id: string, node: string) =>
    ({ id, source: { node, port: 'output' }, target: { node: 'n3', port: 'inputs' } }) as never;
  // Concat reads n2, n1, n2.
  document = apply(document, { kind: 'addEdge', edge: extra('x', 'n1'), many: true });
  document = apply(document, { kind: 'addEdge', edge: extra('y', 'n2'), many: true });
  const sourcesAt = (graph: GraphDocument) =>
    Object.values(graph.edges).flatMap(({ source, target }) => (target.port === 'inputs' ? [source.node] : []));
  const { change, block, use } = group(document, 'n2');
  const outside = apply(document, change);
  expect(sourcesAt(outside)).toEqual([use, 'n1', use]);
  const back = dissolve(outside, use, { nodes: outside.blocks[block]!.nodes, repeat: 1 });
  expect(sourcesAt(apply(outside, back.change))).toEqual([back.nodes[0], 'n1', back.nodes[0]]);
  const inside = apply(document, group(document, 'n2', 'n3').change);
  const { edges } = Object.values(inside.blocks)[0]!;
  expect(sourcesAt({ ...document, edges })).toEqual(['n2', 'input1', 'n2']);
});

describe('dissolve', () => {
  it('is undone grouping, repetitions and own values included', () => {
    const document = branched();
    const { change, block, use } = group(document, 'n2', 'n3', 'n4');
    let after = apply(document, change);
    const values = (repeat: number, given: Record<string, number> = {}) => ({
      nodes: nodesOfUse(after.blocks[block]!, given),
      repeat,
    });
    expect(facts(apply(after, dissolve(after, use, values(1)).change))).toEqual(facts(document));
    const target = { node: nodeId('n2'), parameter: 'kernelSize' };
    after = apply(after, { kind: 'exposeParameter', block, name: 'kernel', targets: [target] });
    after = apply(after, { kind: 'setParameter', node: use, parameter: 'repeat', value: 3 });
    const flattened = dissolve(after, use, values(3));
    const written = apply(after, flattened.change);
    expect(facts(written)).toEqual(facts(after));
    expect(flattened.nodes).toHaveLength(9);
    expect(describeChange(flattened.change, after)).toBe('Dissolve Residual');
    expect(Object.keys(written.blocks)).toEqual([block as string]);
  });

  it('keeps the shapes of every template that a part is taken out of', () => {
    const document = findTemplate('residual-cnn')!.build();
    const inner = Object.values(document.nodes).filter(({ type }) => ['BatchNorm2d', 'ReLU', 'Add'].includes(type));
    for (const { id } of inner) {
      const grouped = group(document, id as NodeId);
      const after = apply(document, grouped.change);
      expect(facts(after).totals).toEqual(facts(document).totals);
    }
  });
});
