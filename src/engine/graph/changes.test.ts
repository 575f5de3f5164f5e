import { describe, expect, it } from 'vitest';
import { apply, type GraphChange } from './changes.ts';
import { describeChange } from './describeChange.ts';
import {
  type BlockDefinition,
  blockId,
  edgeId,
  frameId,
  type GraphDocument,
  type GraphEdge,
  type GraphNode,
  nodeId,
} from './document.ts';
import { insertOnEdge, removeAndHeal } from './edits.ts';
import { chainDocument } from './testDocuments.ts';
import { topologicalOrder, upstream } from './topology.ts';

const document = chainDocument(['Input'], ['Conv2d'], ['ReLU'], ['Flatten'], ['Linear'], ['CrossEntropyLoss']);
const node: GraphNode = { id: nodeId('new'), type: 'Tanh', version: 1, parameters: {}, position: { x: 1, y: 2 } };
const edge = (id: string, from: string, to: string): GraphEdge => ({
  id: edgeId(id),
  source: { node: nodeId(from), port: 'output' },
  target: { node: nodeId(to), port: 'input' },
});

describe('apply', () => {
  it('leaves the old document alone and shares what did not change', () => {
    const before = JSON.stringify(document);
    const after = apply(document, { kind: 'setParameter', node: nodeId('n1'), parameter: 'outChannels', value: 64 });
    expect(after.nodes[nodeId('n1')]!.parameters).toEqual({ outChannels: 64 });
    expect(after.nodes[nodeId('n2')]).toBe(document.nodes[nodeId('n2')]);
    expect(after.edges).toBe(document.edges);
    expect(JSON.stringify(document)).toBe(before);
  });

  it('removes a node with its wires', () => {
    const after = apply(document, { kind: 'removeNode', node: nodeId('n2') });
    expect(Object.keys(after.nodes)).toEqual(['n0', 'n1', 'n3', 'n4', 'n5']);
    expect(Object.keys(after.edges)).toEqual(['e1', 'e4', 'e5']);
    expect(apply(after, { kind: 'removeNode', node: nodeId('n2') })).toBe(after);
  });

  it('replaces the wire at an input, but not where many may end', () => {
    const added = edge('x', 'n0', 'n2');
    expect(Object.keys(apply(document, { kind: 'addEdge', edge: added }).edges)).toEqual(['e1', 'e3', 'e4', 'e5', 'x']);
    expect(apply(document, { kind: 'addEdge', edge: added, many: true }).edges).toHaveProperty('e2');
  });

  it('names, renames, moves, sets training and data', () => {
    const after = apply(document, {
      kind: 'group',
      changes: [
        { kind: 'nameNode', node: nodeId('n1'), name: 'eyes' },
        { kind: 'moveNode', node: nodeId('n1'), position: { x: 7, y: 8 } },
        { kind: 'setTraining', training: { epochs: 9 } },
        { kind: 'setData', data: { dataset: 'moons' } },
        { kind: 'rename', name: 'mine' },
      ],
    });
    expect(after.nodes[nodeId('n1')]).toMatchObject({ name: 'eyes', position: { x: 7, y: 8 } });
    expect(after).toMatchObject({ name: 'mine', data: { dataset: 'moons' }, training: { epochs: 9, batchSize: 64 } });
    const cleared = apply(after, { kind: 'nameNode', node: nodeId('n1'), name: undefined });
    expect(cleared.nodes[nodeId('n1')]).not.toHaveProperty('name');
  });

  it('refuses a node that does not exist', () => {
    expect(() => apply(document, { kind: 'moveNode', node: nodeId('gone'), position: { x: 0, y: 0 } })).toThrow(
      '"gone"',
    );
  });
});

describe('blocks', () => {
  const port = (id: string, type: string): GraphNode => ({ ...node, id: nodeId(id), type });
  const block: BlockDefinition = {
    id: blockId('b'),
    name: 'B',
    nodes: {
      [nodeId('in')]: port('in', 'BlockInput'),
      [nodeId('new')]: node,
      [nodeId('out')]: port('out', 'BlockOutput'),
    },
    edges: {},
    parameters: { slope: [{ node: nodeId('new'), parameter: 'slope' }] },
  };
  const use: GraphNode = { ...node, id: nodeId('use'), type: 'Block', block: block.id };
  const used = apply(document, {
    kind: 'group',
    changes: [
      { kind: 'setBlock', block },
      { kind: 'addNode', node: use },
      { kind: 'addEdge', edge: { ...edge('a', 'n0', 'use'), target: { node: use.id, port: 'in' } } },
      { kind: 'addEdge', edge: { ...edge('b', 'use', 'n2'), source: { node: use.id, port: 'out' } } },
    ],
  });
  const within = (change: GraphChange): GraphDocument => apply(used, { kind: 'inBlock', block: block.id, change });

  it('are edited inside, and lose what pointed at parts that are gone', () => {
    expect(within({ kind: 'nameNode', node: node.id, name: 'mine' }).blocks[block.id]!.nodes[node.id]!.name).toBe(
      'mine',
    );
    expect(within({ kind: 'removeNode', node: node.id }).blocks[block.id]!.parameters).toEqual({});
    const narrow = within({ kind: 'removeNode', node: nodeId('out') });
    expect(narrow.edges).not.toHaveProperty('b');
    expect(narrow.edges).toHaveProperty('a');
    expect(within({ kind: 'removeEdge', edge: edgeId('gone') })).toBe(used);
    expect(within({ kind: 'rename', name: 'other' })).toMatchObject({
      name: 'other',
      blocks: used.blocks,
      nodes: used.nodes,
    });
  });

  it('are renamed, expose parameters, and go when nothing uses them', () => {
    expect(apply(used, { kind: 'renameBlock', block: block.id, name: 'C' }).blocks[block.id]!.name).toBe('C');
    const hidden = apply(used, { kind: 'exposeParameter', block: block.id, name: 'slope', targets: [] });
    expect(hidden.blocks[block.id]!.parameters).toEqual({});
    expect(() => apply(used, { kind: 'removeBlock', block: block.id })).toThrow('is used');
    const alone = apply(used, { kind: 'removeNode', node: use.id });
    expect(apply(alone, { kind: 'removeBlock', block: block.id }).blocks).toEqual({});
    expect(() => apply(alone, { kind: 'renameBlock', block: blockId('gone'), name: 'x' })).toThrow('no block "gone"');
  });

  it('never contain themselves', () => {
    expect(() => within({ kind: 'addNode', node: use })).toThrow('the block "B" contains itself: "B" → "B"');
  });

  it('have their names in what a step is called', () => {
    expect(describeChange({ kind: 'removeNode', node: use.id }, used)).toBe('Remove B');
    expect(
      describeChange({ kind: 'inBlock', block: block.id, change: { kind: 'removeNode', node: node.id } }, used),
    ).toBe('Remove Tanh in B');
    expect(describeChange({ kind: 'renameBlock', block: block.id, name: 'C' }, used)).toBe('Name the block B "C"');
    const added: GraphChange[] = [
      { kind: 'setBlock', block },
      { kind: 'addNode', node: use },
    ];
    expect(describeChange({ kind: 'group', changes: added }, document)).toBe('Add B');
    const removed: GraphChange[] = [{ kind: 'removeNode', node: nodeId('n1') }];
    expect(describeChange({ kind: 'group', changes: [...added, ...removed] }, document)).toBe(
      'Group 1 layer into the block B',
    );
  });
});

describe('insertOnEdge and removeAndHeal', () => {
  const layer = { type: 'Tanh', version: 1, input: 'input', output: 'output' };

  it('puts a node between two and makes room for it', () => {
    const after = apply(document, insertOnEdge(document, document.edges[edgeId('e3')]!, layer));
    expect(topologicalOrder(after).order).toEqual(['n0', 'n1', 'n2', 'tanh1', 'n3', 'n4', 'n5']);
    expect(after.nodes[nodeId('tanh1')]!.position).toEqual({ x: 780, y: 0 });
    expect(after.nodes[nodeId('n3')]!.position).toEqual({ x: 1040, y: 0 });
    expect(after.nodes[nodeId('n5')]!.position.x).toBe(document.nodes[nodeId('n5')]!.position.x + 260);
  });

  it('stays in the middle where there is room, moves on downwards where data flows down, and keeps to a frame', () => {
    const apart = apply(document, { kind: 'moveNode', node: nodeId('n3'), position: { x: 780, y: 400 } });
    const middle = apply(apart, insertOnEdge(apart, apart.edges[edgeId('e3')]!, layer));
    expect(middle.nodes[nodeId('tanh1')]!.position).toEqual({ x: 650, y: 200 });
    expect(middle.nodes[nodeId('n3')]!.position).toEqual({ x: 780, y: 400 });
    const framed = apply(apply(document, { kind: 'setDirection', direction: 'down' }), {
      kind: 'setFrame',
      frame: { id: frameId('f'), name: 'F' },
      around: { nodes: [nodeId('n2'), nodeId('n3')], notes: [] },
    });
    const down = apply(framed, insertOnEdge(framed, framed.edges[edgeId('e3')]!, layer));
    expect(down.nodes[nodeId('tanh1')]).toMatchObject({ position: { x: 780, y: 0 }, frame: 'f' });
    expect(down.nodes[nodeId('n3')]!.position).toEqual({ x: 780, y: 150 });
    const out = apply(framed, insertOnEdge(framed, framed.edges[edgeId('e2')]!, layer));
    expect(out.nodes[nodeId('tanh1')]!.frame).toBeUndefined();
  });

  it('is undone by taking the node out again', () => {
    const inserted = apply(document, insertOnEdge(document, document.edges[edgeId('e3')]!, layer));
    const healed = apply(inserted, removeAndHeal(inserted, nodeId('tanh1')));
    expect(topologicalOrder(healed).order).toEqual(topologicalOrder(document).order);
    expect(Object.keys(healed.edges)).toHaveLength(Object.keys(document.edges).length);
  });
});

describe('topology', () => {
  it('finds a cycle and what is behind it', () => {
    const looped = apply(document, { kind: 'addEdge', edge: edge('back', 'n3', 'n1') });
    const { order, cycle } = topologicalOrder(looped);
    expect(order).toEqual(['n0']);
    expect(cycle.map(({ source }) => source.node).sort()).toEqual(['n1', 'n2', 'n3']);
    cycle.forEach((wire, i) => {
      expect(wire.target.node).toBe(cycle[(i + 1) % cycle.length]!.source.node);
    });
  });

  it('follows wires', () => {
    expect([...upstream(document, nodeId('n2'))]).toEqual(['n2', 'n1', 'n0']);
    const cut = apply(document, { kind: 'removeEdge', edge: edgeId('e2') });
    expect([...upstream(cut, nodeId('n2'))]).toEqual(['n2']);
    expect([...upstream(document, nodeId('n1'))]).toEqual(['n1', 'n0']);
  });
});

describe('describeChange', () => {
  const cases: readonly (readonly [GraphChange, string])[] = [
    [{ kind: 'addNode', node }, 'Add Tanh'],
    [{ kind: 'removeNode', node: nodeId('n1') }, 'Remove Conv2d'],
    [{ kind: 'moveNode', node: nodeId('n1'), position: { x: 0, y: 0 } }, 'Move Conv2d'],
    [{ kind: 'setParameter', node: nodeId('n1'), parameter: 'outChannels', value: 64 }, 'Set outChannels to 64'],
    [{ kind: 'setParameter', node: nodeId('n1'), parameter: 'stride', value: [2, 2] }, 'Set stride to [2, 2]'],
    [{ kind: 'setParameter', node: nodeId('n1'), parameter: 'inChannels', value: null }, 'Set inChannels to automatic'],
    [{ kind: 'nameNode', node: nodeId('n1'), name: 'eyes' }, 'Name Conv2d "eyes"'],
    [{ kind: 'nameNode', node: nodeId('n1'), name: undefined }, 'Clear the name of Conv2d'],
    [{ kind: 'addEdge', edge: edge('x', 'n0', 'n3') }, 'Connect Input to Flatten'],
    [{ kind: 'removeEdge', edge: edgeId('e2') }, 'Disconnect ReLU from Conv2d'],
    [{ kind: 'setTraining', training: { epochs: 5 } }, 'Set epochs to 5'],
    [{ kind: 'setTraining', training: { epochs: 5, seed: 2 } }, 'Change the training settings'],
    [{ kind: 'setTraining', training: { optimizer: { type: 'SGD', parameters: {} } } }, 'Train with SGD'],
    [{ kind: 'setTraining', training: { optimizer: { type: 'Adam', parameters: { lr: 0.1 } } } }, 'Set lr to 0.1'],
    [{ kind: 'setData', data: { dataset: 'moons' } }, 'Use the data set moons'],
    [{ kind: 'rename', name: 'mine' }, 'Rename the model to "mine"'],
    [{ kind: 'group', changes: [{ kind: 'addNode', node }] }, 'Add Tanh'],
    [
      insertOnEdge(document, document.edges[edgeId('e2')]!, {
        type: 'Tanh',
        version: 1,
        input: 'input',
        output: 'output',
      }),
      'Insert Tanh',
    ],
    [removeAndHeal(document, nodeId('n2')), 'Remove ReLU'],
    [
      {
        kind: 'group',
        changes: [1, 2].map((i) => ({ kind: 'moveNode', node: nodeId(`n${i}`), position: { x: 0, y: 0 } })),
      },
      'Move 2 layers',
    ],
  ];
  for (const [change, text] of cases) {
    it(text, () => {
      expect(describeChange(change, document)).toBe(text);
    });
  }
});
