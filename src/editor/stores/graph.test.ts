import { beforeEach, describe, expect, it } from 'vitest';
import { edgeId, type GraphDocument, nodeId } from '../../engine/graph/document.ts';
import { chainDocument } from '../../engine/graph/testDocuments.ts';
import { documentStore } from './document.ts';
import { applyFix, graphStore } from './graph.ts';

/** Two losses that want a Sigmoid before them, behind one layer. */
function twoLosses(): GraphDocument {
  const chain = chainDocument(['Input'], ['Linear'], ['BCELoss'], ['BCELoss']);
  const edge = { ...chain.edges[edgeId('e3')]!, source: chain.edges[edgeId('e2')]!.source };
  return { ...chain, edges: { ...chain.edges, [edge.id]: edge } };
}

describe('applyFix', () => {
  beforeEach(() => documentStore.getState().open(twoLosses()));

  it('does what is to be done now, though the button is older than the last edit', () => {
    const [first, second] = graphStore.getState().inference.diagnostics.filter(({ id }) => id === 'missing-layer');
    applyFix(first!, first!.fixes[0]!.label);
    applyFix(second!, second!.fixes[0]!.label);
    const { document, inference } = graphStore.getState();
    // Each has its own, with wires of its own.
    expect(Object.values(document.nodes).filter(({ type }) => type === 'Sigmoid')).toHaveLength(2);
    expect(Object.keys(document.edges)).toHaveLength(5);
    expect(inference.diagnostics.filter(({ id }) => id === 'missing-layer')).toEqual([]);
  });

  it('does nothing about what is not wrong any more', () => {
    const [first] = graphStore.getState().inference.diagnostics.filter(({ id }) => id === 'missing-layer');
    documentStore.getState().dispatch({ kind: 'removeNode', node: nodeId('n2') });
    const { document } = graphStore.getState();
    applyFix(first!, first!.fixes[0]!.label);
    expect(graphStore.getState().document).toBe(document);
  });
});
