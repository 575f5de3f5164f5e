import { describe, expect, it } from 'vitest';
import { apply } from '../graph/changes.ts';
import { nodeId } from '../graph/document.ts';
import { inferGraph } from './infer.ts';
import { graphInside } from './inside.ts';
import { residual, residualDocument } from './testBlocks.ts';

const data = { sample: [1, 28, 28], classes: 10 };
const look = (document: ReturnType<typeof residualDocument>, ...path: string[]) =>
  graphInside(document, inferGraph(document, data), path.map(nodeId));

describe('graphInside', () => {
  it('is the document itself where no use is entered', () => {
    const document = residualDocument();
    const inference = inferGraph(document, data);
    expect(graphInside(document, inference, [])).toEqual({ path: [], block: undefined, document, inference });
    expect(look(document, 'stem').path).toEqual([]);
  });

  it('shows shapes under the ids inside, and ports from within', () => {
    const { path, block, document, inference } = look(residualDocument(), 'body');
    expect([path, block]).toEqual([['body'], residual]);
    expect(document.nodes).toBe(residual.nodes);
    expect(inference.edges).toMatchObject({ e1: [8, 26, 26], e6: [8, 26, 26] });
    expect(inference.nodes.in!.definition!.inputs).toEqual([]);
    expect(inference.nodes.out!.definition!.outputs).toEqual([]);
    expect(inference.nodes.conv1!.sources).toMatchObject([{ node: 'in', edge: 'e1' }]);
    expect(inference.totals.parameters).toBe(2 * 584);
    expect(inference.order).toEqual(['in', 'conv1', 'relu1', 'conv2', 'add', 'out']);
  });

  it('has a mistake on the use outside, and on the layer inside', () => {
    const broken = apply(residualDocument(), {
      kind: 'setParameter',
      node: nodeId('body'),
      parameter: 'channels',
      value: 3,
    });
    expect(look(broken).inference.diagnostics).toMatchObject([{ id: 'shape-mismatch', node: 'body' }]);
    expect(look(broken, 'body').inference.diagnostics).toMatchObject([{ id: 'shape-mismatch', node: 'add' }]);
    const other = apply(residualDocument(), {
      kind: 'setParameter',
      node: nodeId('scores'),
      parameter: 'outFeatures',
      value: 3,
    });
    expect(look(other, 'body').inference.diagnostics).toEqual([]);
  });
});
