import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply } from './changes.ts';
import { edgeId, type GraphDocument, nodeId } from './document.ts';
import { applyElements, type ElementChange } from './elements.ts';
import { newEdgeId, newNodeId } from './ids.ts';
import { anyDocument, chainDocument } from './testDocuments.ts';

/** Edits of nodes that are there and of some that are not yet; numbers choose. */
const edits = fc.array(fc.tuple(fc.nat(6), fc.nat(9), fc.nat(9), fc.boolean()), { maxLength: 12 });

function changesFor(document: GraphDocument, picks: readonly (readonly [number, number, number, boolean])[]) {
  const ids = [...Object.keys(document.nodes), 'new0', 'new1', 'new2'].map(nodeId);
  const edges = [...Object.keys(document.edges), 'wire0', 'wire1'].map(edgeId);
  return picks.map(([kind, a, b, flag]): ElementChange => {
    const [node, other] = [ids[a % ids.length]!, ids[b % ids.length]!];
    const edge = edges[b % edges.length]!;
    const position = { x: a, y: b };
    switch (kind) {
      case 0:
        return { kind: 'addNode', node: { id: node, type: 'ReLU', version: 1, parameters: {}, position } };
      case 1:
        return { kind: 'removeNode', node };
      case 2:
        return { kind: 'removeEdge', edge };
      case 3:
        return { kind: 'colorNode', node, color: flag ? 'red' : undefined };
      default: {
        const port = ['input', 'inputs', 'nonsense'][kind % 3]!;
        const wire = { id: edge, source: { node, port: 'output' }, target: { node: other, port } };
        return { kind: 'addEdge', edge: wire, ...(flag && { many: true }) };
      }
    }
  });
}

function frozen<Part>(part: Part): Part {
  if (typeof part === 'object' && part !== null) Object.values(Object.freeze(part)).forEach(frozen);
  return part;
}

describe('applyElements', () => {
  it('comes to the same as one after the other, in the same order, and leaves the document alone', () => {
    fc.assert(
      fc.property(anyDocument, edits, (document, picks) => {
        const changes = changesFor(document, picks);
        const together = applyElements(frozen(document), changes);
        const apart = changes.reduce((after, change) => applyElements(after, [change]), document);
        expect(JSON.stringify(together)).toBe(JSON.stringify(apart));
        expect(apply(document, { kind: 'group', changes })).toEqual(together);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the same document back where nothing changes', () => {
    const document = chainDocument(['Input'], ['ReLU']);
    const nothing: ElementChange[] = [
      { kind: 'removeNode', node: nodeId('gone') },
      { kind: 'removeEdge', edge: edgeId('gone') },
      { kind: 'colorNode', node: nodeId('n1'), color: undefined },
    ];
    expect(applyElements(document, nothing)).toBe(document);
  });

  it('finds a replaced wire among those that came before it', () => {
    const document = chainDocument(['Input'], ['ReLU'], ['ReLU']);
    const wire = (id: string, source: string) => ({
      id: edgeId(id),
      source: { node: nodeId(source), port: 'output' },
      target: { node: nodeId('n2'), port: 'input' },
    });
    const after = applyElements(document, [
      { kind: 'addEdge', edge: wire('x', 'n0') },
      { kind: 'addEdge', edge: wire('y', 'n1') },
    ]);
    expect(Object.keys(after.edges)).toEqual(['e1', 'y']);
  });
});

describe('new ids', () => {
  it('are the first that are free, each once', () => {
    const document = chainDocument(['Input'], ['ReLU']);
    const nodes = { ...document.nodes, [nodeId('relu2')]: document.nodes[nodeId('n1')]! };
    const taken = new Set<string>(['edge1']);
    const given = Array.from({ length: 4 }, () => {
      const id = newNodeId({ ...document, nodes }, 'ReLU', taken);
      taken.add(id);
      return id;
    });
    expect(given).toEqual(['relu1', 'relu3', 'relu4', 'relu5']);
    expect(newEdgeId(document, taken)).toBe('edge2');
    // An id that was not used after all is given again.
    expect(newNodeId(document, 'Tanh', taken)).toBe(newNodeId(document, 'Tanh', taken));
  });
});
