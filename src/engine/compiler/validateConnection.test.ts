import { describe, expect, it } from 'vitest';
import { apply } from '../graph/changes.ts';
import { edgeId, type GraphEdge, nodeId } from '../graph/document.ts';
import { chainDocument } from '../graph/testDocuments.ts';
import { inferGraph } from './infer.ts';
import { canConnect } from './validateConnection.ts';

const mnist = { sample: [1, 28, 28], classes: 10 };

function wire(id: string, from: string, to: string, port = 'input'): GraphEdge {
  return { id: edgeId(id), source: { node: nodeId(from), port: 'output' }, target: { node: nodeId(to), port } };
}

describe('canConnect', () => {
  // A chain, and an Add that nothing reaches yet.
  const document = apply(
    chainDocument(['Input'], ['Conv2d'], ['Flatten'], ['Linear', { outFeatures: 10 }], ['CrossEntropyLoss'], ['Add']),
    {
      kind: 'removeEdge',
      edge: edgeId('e5'),
    },
  );
  const inference = inferGraph(document, mnist);
  const check = (from: string, to: string, port = 'input', out = 'output') =>
    canConnect(document, { node: nodeId(from), port: out }, { node: nodeId(to), port }, inference);

  it('lets through what fits, and what one click mends', () => {
    expect(check('n0', 'n2')).toEqual({ ok: true });
    expect(check('n0', 'n5', 'inputs')).toEqual({ ok: true });
    expect(check('n1', 'n3')).toMatchObject({ ok: true, warning: expect.stringContaining('32×26×26') });
  });

  it('refuses the rest and says why', () => {
    expect(check('n2', 'n2')).toMatchObject({ ok: false, reason: expect.stringContaining('itself') });
    expect(check('n3', 'n1')).toMatchObject({ ok: false, reason: expect.stringContaining('circle') });
    expect(check('n0', 'n1')).toMatchObject({ ok: false, reason: expect.stringContaining('already') });
    expect(check('n0', 'n2', 'nonsense')).toMatchObject({ ok: false, reason: expect.stringContaining('no input') });
    expect(check('n4', 'n2')).toMatchObject({ ok: false, reason: expect.stringContaining('no output') });
    const joined = apply(document, { kind: 'addEdge', edge: wire('j', 'n0', 'n5', 'inputs'), many: true });
    const clash = canConnect(
      joined,
      { node: nodeId('n1'), port: 'output' },
      { node: nodeId('n5'), port: 'inputs' },
      inferGraph(joined, mnist),
    );
    expect(clash).toMatchObject({ ok: false, reason: expect.stringContaining('1×28×28 and 32×26×26') });
  });
});
