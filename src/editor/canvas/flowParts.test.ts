import { describe, expect, it } from 'vitest';
import { inferAgain } from '../../engine/compiler/infer.ts';
import { apply, type GraphChange } from '../../engine/graph/changes.ts';
import { edgeId, type GraphDocument, nodeId } from '../../engine/graph/document.ts';
import { chainDocument } from '../../engine/graph/testDocuments.ts';
import { byNode, flowEdges, flowNodes } from './flowParts.ts';

const chain = chainDocument(
  ['Input'],
  ['Flatten'],
  ['Linear', { outFeatures: 20 }],
  ['ReLU'],
  ['Linear', { outFeatures: 10 }],
  ['CrossEntropyLoss'],
);
const data = { sample: [1, 28, 28], classes: 10 };

/** The canvas of a document, and again after edits: as many layers and wires as are other objects then. */
function canvas(start: GraphDocument) {
  const again = inferAgain();
  let document = start;
  let nodes: ReturnType<typeof flowNodes> = [];
  let edges: ReturnType<typeof flowEdges> = [];
  return {
    show: (change?: GraphChange, selected: readonly string[] = [], fitting?: ReadonlySet<string>) => {
      if (change) document = apply(document, change);
      const inference = again(document, data);
      const [old, oldEdges] = [nodes, edges];
      const diagnostics = byNode(inference.diagnostics);
      nodes = flowNodes(nodes, {
        document,
        inference,
        diagnostics,
        selected: new Set(selected),
        fitting,
        from: undefined,
      });
      edges = flowEdges(edges, document.edges, inference.edges, new Set());
      return {
        nodes,
        edges,
        same: nodes === old && edges === oldEdges,
        anew: nodes.filter((node) => !old.includes(node)).map(({ id }) => id),
        wires: edges.filter((edge) => !oldEdges.includes(edge)).map(({ id }) => id),
      };
    },
  };
}

describe('flowNodes and flowEdges', () => {
  it('make anew only what an edit changed', () => {
    const { show } = canvas(chain);
    expect(show().anew).toHaveLength(6);
    expect(show().same).toBe(true);
    const wider = show({ kind: 'setParameter', node: nodeId('n2'), parameter: 'outFeatures', value: 30 });
    expect(wider).toMatchObject({ anew: ['n2', 'n3', 'n4'], wires: ['e3', 'e4'] });
    const moved = show({ kind: 'moveNode', node: nodeId('n1'), position: { x: 5, y: 5 } });
    expect(moved).toMatchObject({ anew: ['n1'], wires: [] });
    expect(show({ kind: 'setTraining', training: { epochs: 7 } }).same).toBe(true);
    expect(show(undefined, ['n5']).anew).toEqual(['n5']);
    expect(show(undefined, []).anew).toEqual(['n5']);
  });

  it('follow nodes that go and come back to their place', () => {
    const { show } = canvas(chain);
    show();
    const without = show({ kind: 'removeNode', node: nodeId('n0') });
    expect(without.nodes.map(({ id }) => id)).toEqual(['n1', 'n2', 'n3', 'n4', 'n5']);
    const apart = show({ kind: 'removeEdge', edge: edgeId('e5') });
    expect(apart.edges.map(({ id }) => id)).toEqual(['e2', 'e3', 'e4']);
    // Shapes were unknown before, but what leads to no loss is told of.
    expect(apart.anew).toContain('n4');
  });

  it('draw a layer anew for another message, also if there are as many', () => {
    const { show } = canvas(chain);
    show();
    const wrong = (value: number) =>
      show({ kind: 'setParameter', node: nodeId('n2'), parameter: 'inFeatures', value }).nodes[2]!.data.diagnostics;
    expect(wrong(5)[0]!.message).toContain('expects 5');
    expect(wrong(6)[0]!.message).toContain('expects 6');
  });
});
