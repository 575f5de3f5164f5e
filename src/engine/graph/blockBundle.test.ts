import { describe, expect, it } from 'vitest';
import { residual, residualDocument } from '../compiler/testBlocks.ts';
import { EngineError } from '../errors.ts';
import { adoptBlocks, blocksOfNodes, bundleData, bundleOf, parseBundle, withBlockId } from './blockBundle.ts';
import { apply } from './changes.ts';
import { type BlockDefinition, blockId, type GraphNode, nodeId } from './document.ts';

const use: GraphNode = { ...residualDocument().nodes[nodeId('body')]!, parameters: {} };
const outer: BlockDefinition = {
  id: blockId('outer'),
  name: 'Outer',
  nodes: { [use.id]: use },
  edges: {},
  parameters: {},
};
const both = residualDocument({}, [residual, outer]);

describe('a block by itself', () => {
  it('takes along what it uses, through JSON', () => {
    const bundle = bundleOf(both.blocks, outer.id);
    expect(Object.keys(bundle.blocks)).toEqual(['residual', 'outer']);
    expect(parseBundle(JSON.parse(JSON.stringify(bundleData(bundle))))).toEqual(bundle);
    expect(blocksOfNodes([use], both.blocks)).toEqual([residual]);
  });

  it.each([
    null,
    {},
    { format: 'gradloom-block', version: 2, root: 'a', blocks: {} },
    { format: 'gradloom-block', version: 1, root: 'a', blocks: {} },
    { format: 'gradloom-block', version: 1, root: '<a>', blocks: {} },
  ])('is refused where it is none: %j', (value) => {
    expect(() => parseBundle(value)).toThrow(EngineError);
  });
});

describe('adoptBlocks', () => {
  it('adds nothing that the document has', () => {
    expect(adoptBlocks(both, [residual, outer])).toEqual({
      changes: [],
      ids: new Map([
        ['residual', 'residual'],
        ['outer', 'outer'],
      ]),
    });
  });

  it('gives another id and name where another block has them, and uses follow', () => {
    const other: BlockDefinition = { ...residual, parameters: {} };
    const { changes, ids } = adoptBlocks(residualDocument(), [other, outer]);
    const after = apply(residualDocument(), { kind: 'group', changes });
    expect(Object.values(after.blocks).map(({ id, name }) => [id, name])).toEqual([
      ['residual', 'Residual'],
      ['residual-2', 'Residual 2'],
      ['outer', 'Outer'],
    ]);
    expect(after.blocks[outer.id]!.nodes[use.id]!.block).toBe('residual-2');
    expect(withBlockId(use, ids).block).toBe('residual-2');
  });
});
