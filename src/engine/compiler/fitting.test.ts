import { describe, expect, it } from 'vitest';
import { apply } from '../graph/changes.ts';
import { describeChange } from '../graph/describeChange.ts';
import { edgeId, type NodeId, nodeId } from '../graph/document.ts';
import { chainDocument } from '../graph/testDocuments.ts';
import { topologicalOrder } from '../graph/topology.ts';
import { allLayers, findLayer } from '../layers/registry.ts';
import { layersThatFit, type Place, portsThatTake, replaceLayer } from './fitting.ts';
import { inferGraph } from './infer.ts';

const data = { sample: [1, 28, 28], classes: 10 };
const document = chainDocument(
  ['Input'],
  ['Conv2d', { outChannels: 16, padding: [1, 1] }],
  ['ReLU'],
  ['MaxPool2d'],
  ['Flatten'],
  ['Linear', { outFeatures: 10 }],
  ['CrossEntropyLoss'],
);
const inference = inferGraph(document, data);
const offered = allLayers().filter(({ category }) => category !== 'Block');
const fitting = (place: Place) => layersThatFit(document, inference, place, offered).map(({ type }) => type);
const layer = (type: string) => findLayer(type)!;

describe('layersThatFit', () => {
  it('offers what takes an image behind an image', () => {
    const types = fitting({ kind: 'from', port: { node: nodeId('n2'), port: 'output' } });
    expect(types).toEqual(expect.arrayContaining(['Conv2d', 'BatchNorm2d', 'Flatten', 'Add']));
    for (const type of ['Linear', 'Conv1d', 'Input', 'LSTM']) expect(types).not.toContain(type);
  });

  it('offers on a wire what its reader takes too', () => {
    const types = fitting({ kind: 'on', edge: edgeId('e2') });
    expect(types).toEqual(expect.arrayContaining(['BatchNorm2d', 'Conv2d', 'Dropout']));
    for (const type of ['CrossEntropyLoss', 'Linear', 'Input']) expect(types).not.toContain(type);
  });

  it('offers before an input what has an output', () => {
    const types = fitting({ kind: 'to', port: { node: nodeId('n1'), port: 'input' } });
    expect(types).toEqual(expect.arrayContaining(['Input', 'ReLU', 'Conv2d']));
    expect(types).not.toContain('CrossEntropyLoss');
  });

  it('offers instead of a layer what keeps all its wires', () => {
    const types = fitting({ kind: 'replace', node: nodeId('n1') });
    expect(types).toEqual(expect.arrayContaining(['SeparableConv2d', 'ConvTranspose2d', 'BatchNorm2d']));
    for (const type of ['Conv2d', 'Linear', 'Conv1d', 'CrossEntropyLoss', 'Input']) expect(types).not.toContain(type);
    const losses = fitting({ kind: 'replace', node: nodeId('n6') });
    expect(losses).toContain('NLLLoss');
    expect(losses).not.toContain('ReLU');
  });
});

describe('replaceLayer', () => {
  it('keeps place, name, wires and shared parameters', () => {
    const named = apply(document, { kind: 'nameNode', node: nodeId('n1'), name: 'eyes' });
    const { change, node } = replaceLayer(named, nodeId('n1'), layer('SeparableConv2d'))!;
    expect(describeChange(change, named)).toBe('Replace eyes by SeparableConv2d');
    const after = apply(named, change);
    const { id: _id, ...placed } = after.nodes[node]!;
    expect(placed).toEqual({
      type: 'SeparableConv2d',
      version: 1,
      name: 'eyes',
      parameters: { outChannels: 16, padding: [1, 1] },
      position: document.nodes[nodeId('n1')]!.position,
    });
    expect(topologicalOrder(after).order.slice(0, 3)).toEqual(['n0', node, 'n2']);
    expect(inferGraph(after, data).diagnostics).toEqual([]);
  });

  it('leaves out values that the new layer does not take', () => {
    const wide = chainDocument(['Input'], ['Conv2d', { kernelSize: [5, 5] }]);
    const { change, node } = replaceLayer(wide, nodeId('n1'), layer('Conv1d'))!;
    expect(apply(wide, change).nodes[node]!.parameters).toEqual({});
  });

  it('refuses a layer with too few ports', () => {
    const joined = apply(chainDocument(['Input'], ['Add'], ['Tanh']), {
      kind: 'addEdge',
      edge: {
        id: edgeId('x'),
        source: { node: nodeId('n0'), port: 'output' },
        target: { node: nodeId('n1'), port: 'inputs' },
      },
      many: true,
    });
    expect(replaceLayer(joined, nodeId('n1'), layer('ReLU'))).toBeUndefined();
    const { change, node } = replaceLayer(joined, nodeId('n1'), layer('Concat'))!;
    const wires = Object.values(apply(joined, change).edges).filter(({ target }) => target.node === node);
    expect(wires).toHaveLength(2);
  });

  it('replaces whatever it offers, without a mistake', () => {
    for (const id of Object.keys(document.nodes) as NodeId[]) {
      for (const other of layersThatFit(document, inference, { kind: 'replace', node: id }, offered)) {
        const { change, node } = replaceLayer(document, id, other)!;
        const after = inferGraph(apply(document, change), data);
        expect(after.nodes[node]!.inference, `${document.nodes[id]!.type} by ${other.type}`).toBeDefined();
      }
    }
  });
});

it('names the inputs that an output may lead to: free ones, taken ones, those to be mended', () => {
  const more = apply(document, {
    kind: 'addNode',
    node: { id: nodeId('free'), type: 'BatchNorm2d', version: 1, parameters: {}, position: { x: 0, y: 0 } },
  });
  const takers = portsThatTake(more, inferGraph(more, data), { node: nodeId('n2'), port: 'output' });
  expect(takers.map(({ port, taken, warning }) => [port.node, taken, warning !== undefined])).toEqual([
    ['free', false, false],
    ['n4', true, false],
    ['n5', true, true],
    ['n6', true, true],
  ]);
});
