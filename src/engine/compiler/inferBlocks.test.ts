import { describe, expect, it } from 'vitest';
import { BLOCK } from '../graph/blocks.ts';
import { apply } from '../graph/changes.ts';
import { type BlockDefinition, blockId, edgeId, type GraphDocument, nodeId } from '../graph/document.ts';
import { expandBlocks, expandedSize } from './expand.ts';
import { inferGraph } from './infer.ts';
import { parameterLayout } from './parameterLayout.ts';
import { residual, residualDocument, testGraph } from './testBlocks.ts';
import { canConnect } from './validateConnection.ts';

const mnist = { sample: [1, 28, 28], classes: 10 };
const inner = (document: GraphDocument, change: Parameters<typeof apply>[1]) =>
  apply(document, { kind: 'inBlock', block: residual.id, change });

describe('a document with blocks', () => {
  it('has the weights of each repetition apart, under stable paths', () => {
    const inference = inferGraph(residualDocument(), mnist);
    expect(inference.diagnostics).toEqual([]);
    const names = parameterLayout(inference).entries.map(({ name }) => name);
    expect(names).toEqual([
      'stem.weight',
      'stem.bias',
      ...[0, 1, 2].flatMap((i) =>
        ['conv1', 'conv2'].flatMap((conv) => [`body.${i}.${conv}.weight`, `body.${i}.${conv}.bias`]),
      ),
      'scores.weight',
      'scores.bias',
    ]);
    expect(inference.nodes.body!.totalParameters).toBe(3 * 2 * (8 * 8 * 9 + 8));
    expect(inference.nodes.body!.inference!.outputs).toEqual([[8, 26, 26]]);
    expect(inference.nodes.body!.inputs).toEqual([[8, 26, 26]]);
    expect(inference.totals.parameters).toBe(80 + 6 * 584 + 54_090);
  });

  it('knows the shapes on wires inside, and at the ports of a use', () => {
    const { edges, nodes } = inferGraph(residualDocument(), mnist);
    expect(edges.e2).toEqual([8, 26, 26]);
    expect(edges.e3).toEqual([8, 26, 26]);
    expect(edges['body.2.e1']).toEqual([8, 26, 26]);
    expect(nodes['body.1.conv1']!.inference!.weights[0]!.shape).toEqual([8, 8, 3, 3]);
  });

  it('gives each use its own values of what is exposed', () => {
    const document = residualDocument({ channels: 12 });
    const { diagnostics } = inferGraph(document, mnist);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ id: 'shape-mismatch', node: 'body.0.add' });
    expect(diagnostics[0]!.message).toMatch(/^Inside Residual: Add can't join samples/);
    const wider = apply(document, { kind: 'setParameter', node: nodeId('stem'), parameter: 'outChannels', value: 12 });
    expect(inferGraph(wider, mnist).diagnostics).toEqual([]);
  });

  it('tells a mistake of all repetitions once, and mends it inside of the block', () => {
    const broken = inner(residualDocument(), {
      kind: 'setParameter',
      node: nodeId('conv1'),
      parameter: 'kernelSize',
      value: [0, 3],
    });
    const [problem, ...others] = inferGraph(broken, mnist).diagnostics;
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ id: 'bad-parameter', node: 'body.0.conv1', parameter: 'kernelSize' });
    const mended = apply(broken, problem!.fixes[0]!.change);
    expect(mended.blocks[residual.id]!.nodes[nodeId('conv1')]!.parameters.kernelSize).toEqual([3, 3]);
    expect(inferGraph(mended, mnist).diagnostics).toEqual([]);
  });

  it('sets an exposed parameter at the use that has it', () => {
    const exposed: BlockDefinition = {
      ...residual,
      parameters: { width: [{ node: nodeId('conv1'), parameter: 'inChannels' }] },
    };
    const document = residualDocument({ width: 3 }, [exposed]);
    const [problem] = inferGraph(document, mnist).diagnostics;
    expect(problem!.fixes[0]!.change).toMatchObject({
      kind: 'setParameter',
      node: 'body',
      parameter: 'width',
      value: 8,
    });
  });

  it('inserts a layer where the data leaves a block', () => {
    const document = apply(residualDocument(), { kind: 'removeNode', node: nodeId('flatten') });
    const wire = {
      id: edgeId('w'),
      source: { node: nodeId('body'), port: 'out' },
      target: { node: nodeId('scores'), port: 'input' },
    };
    const unflat = apply(document, { kind: 'addEdge', edge: wire });
    const fix = inferGraph(unflat, mnist).diagnostics.flatMap(({ fixes }) => fixes)[0]!;
    expect(fix.label).toBe('Insert Flatten before Linear');
    expect(inferGraph(apply(unflat, fix.change), mnist).diagnostics).toEqual([]);
  });

  it('says what of a use is not joined, not needed, or not known', () => {
    const cut = apply(residualDocument(), { kind: 'removeEdge', edge: edgeId('e2') });
    expect(inferGraph(cut, mnist).diagnostics.filter(({ severity }) => severity === 'error')).toMatchObject([
      { id: 'unconnected-input', message: 'Residual is not connected: draw a wire to its input.', node: 'body' },
    ]);
    const unused = apply(residualDocument(), {
      kind: 'addNode',
      node: { ...residualDocument().nodes[nodeId('body')]!, id: nodeId('other') },
    });
    const joined = apply(unused, {
      kind: 'addEdge',
      edge: {
        id: edgeId('w'),
        source: { node: nodeId('stem'), port: 'output' },
        target: { node: nodeId('other'), port: 'in' },
      },
    });
    expect(inferGraph(joined, mnist).diagnostics).toMatchObject([{ id: 'unused-node', node: 'other' }]);
    const gone = { ...residualDocument(), blocks: {} };
    expect(inferGraph(gone, mnist).diagnostics[0]).toMatchObject({ id: 'unknown-layer', node: 'body' });
    const wrong = apply(residualDocument(), {
      kind: 'addEdge',
      edge: {
        id: edgeId('w'),
        source: { node: nodeId('body'), port: 'nothing' },
        target: { node: nodeId('flatten'), port: 'input' },
      },
    });
    expect(inferGraph(wrong, mnist).diagnostics.map(({ message }) => message)).toContain(
      'Residual has no output "nothing".',
    );
  });

  it('refuses what does not belong inside', () => {
    const odd = inner(residualDocument(), {
      kind: 'addNode',
      node: { id: nodeId('data'), type: 'Input', version: 1, parameters: {}, position: { x: 0, y: 0 } },
    });
    expect(inferGraph(odd, mnist).diagnostics[0]!.message).toBe('Inside Residual: Input belongs outside of blocks.');
  });

  it('expands blocks within blocks, with the same weights as written out', () => {
    const outer: BlockDefinition = {
      id: blockId('stage'),
      name: 'Stage',
      ...testGraph(
        { in: ['BlockInput'], pair: [BLOCK, { block: residual.id, parameters: { repeat: 2 } }], out: ['BlockOutput'] },
        ['in>pair.in', 'pair.out>out'],
      ),
      parameters: { width: [{ node: nodeId('pair'), parameter: 'channels' }] },
    };
    const nested = residualDocument({ repeat: 2 }, [residual, outer]);
    const body = { ...nested.nodes[nodeId('body')]!, block: outer.id };
    const document = { ...nested, nodes: { ...nested.nodes, body } };
    const { diagnostics, totals, nodes } = inferGraph(document, mnist);
    expect(diagnostics).toEqual([]);
    expect(totals).toEqual(inferGraph(residualDocument({ repeat: 4 }), mnist).totals);
    expect(nodes['body.1.pair']!.totalParameters).toBe(2 * 2 * 584);
    expect(expandedSize(document, document.blocks)).toBe(Object.keys(expandBlocks(document).document.nodes).length);
  });

  it('does not expand what would be too large, and says so', () => {
    let blocks: BlockDefinition[] = [residual];
    for (const name of ['a', 'b', 'c']) {
      const before = blocks.at(-1)!;
      const ports = {
        in: ['BlockInput'],
        use: [BLOCK, { block: before.id, parameters: { repeat: 100 } }],
        out: ['BlockOutput'],
      } as const;
      blocks = [
        ...blocks,
        { id: blockId(name), name, ...testGraph(ports, ['in>use.in', 'use.out>out']), parameters: {} },
      ];
    }
    const document = residualDocument({}, blocks);
    const body = { ...document.nodes[nodeId('body')]!, block: blockId('c') };
    const { diagnostics } = inferGraph({ ...document, nodes: { ...document.nodes, [body.id]: body } }, mnist);
    expect(diagnostics.map(({ id }) => id)).toContain('too-large');
  });

  it('checks a wire to a use before it is drawn', () => {
    const document = residualDocument();
    const inference = inferGraph(document, mnist);
    const to = { node: nodeId('body'), port: 'in' };
    expect(canConnect(document, { node: nodeId('input'), port: 'output' }, to, inference)).toMatchObject({ ok: true });
    const wide = apply(document, { kind: 'setParameter', node: nodeId('body'), parameter: 'channels', value: 5 });
    expect(canConnect(wide, { node: nodeId('input'), port: 'output' }, to, inferGraph(wide, mnist))).toMatchObject({
      ok: true,
    });
    expect(canConnect(document, { node: nodeId('scores'), port: 'output' }, to, inference)).toMatchObject({
      ok: false,
    });
  });
});
