import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../errors.ts';
import { nodeId } from './document.ts';
import version1 from './fixtures/version1.json' with { type: 'json' };
import version2 from './fixtures/version2.json' with { type: 'json' };
import version3 from './fixtures/version3.json' with { type: 'json' };
import { newEdgeId, newNodeId } from './ids.ts';
import { parseDocument, serializeDocument } from './schema.ts';
import { anyDocument, chainDocument } from './testDocuments.ts';

const base = chainDocument(['Input'], ['Flatten'], ['Linear', { outFeatures: 10 }], ['CrossEntropyLoss']);

describe('parseDocument', () => {
  it('gives every document back that was serialized', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const { document: parsed } = parseDocument(serializeDocument(document));
        expect(parsed).toEqual(document);
        expect(serializeDocument(parsed)).toBe(serializeDocument(document));
      }),
      { numRuns: 200 },
    );
  });

  it('takes or refuses whatever it is given, and fails in no other way', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), fc.string(), (thing, source) => {
        for (const input of [
          thing,
          source,
          { ...base, nodes: thing },
          { ...base, edges: thing },
          { ...base, training: thing },
          { ...base, blocks: thing },
          { ...base, blocks: { a: { id: 'a', name: 'A', nodes: thing, edges: {}, parameters: thing } } },
        ]) {
          try {
            parseDocument(input);
          } catch (error) {
            expect(error).toBeInstanceOf(EngineError);
            expect((error as EngineError).id).toBe('bad-document');
          }
        }
      }),
    );
  });

  it('keeps layers that it does not know, and says so', () => {
    const odd = chainDocument(['Input'], ['Hologram', { depth: 3 }]);
    const { document, problems } = parseDocument(serializeDocument(odd));
    expect(document).toEqual(odd);
    expect(problems).toEqual([expect.stringContaining('no layer "Hologram"')]);
  });

  it('brings documents of version 1 to today', () => {
    const { document, problems } = parseDocument(version1);
    expect(problems).toEqual([]);
    expect(document.version).toBe(4);
    expect(document.blocks).toEqual({});
    expect(document.training).toEqual({
      optimizer: { type: 'SGD', parameters: { lr: 0.1, momentum: 0.9 } },
      epochs: 5,
      batchSize: 32,
      seed: 7,
      schedule: { type: 'Constant', parameters: {} },
      options: {},
    });
    expect(Object.keys(document.nodes)).toEqual(['in', 'fc', 'loss']);
    expect(parseDocument(serializeDocument(document)).document).toEqual(document);
  });

  it('brings documents of version 2, which know no blocks, to today', () => {
    const { document, problems } = parseDocument(structuredClone(version2));
    expect(problems).toEqual([]);
    expect(document).toEqual({ ...version2, version: 4, blocks: {} });
  });

  it('brings documents of version 3, which know no frames, to today', () => {
    const { document, problems } = parseDocument(structuredClone(version3));
    expect(problems).toEqual([]);
    expect(document).toEqual({ ...version3, version: 4 });
  });

  describe('with blocks', () => {
    const block = (id: string, ...uses: string[]) => ({
      id,
      name: id.toUpperCase(),
      nodes: Object.fromEntries(
        ['fc', ...uses.map((_, i) => `use${i}`)].map((node, i) => [
          node,
          {
            id: node,
            type: i === 0 ? 'Linear' : 'Block',
            version: 1,
            parameters: {},
            position: { x: 0, y: 0 },
            ...(i > 0 && { block: uses[i - 1] }),
          },
        ]),
      ),
      edges: {},
      parameters: { units: [{ node: 'fc', parameter: 'outFeatures' }] },
    });
    const withBlocks = (...blocks: ReturnType<typeof block>[]) => ({
      ...base,
      blocks: Object.fromEntries(blocks.map((each) => [each.id, each])),
    });

    it('gives them back, without what they expose of nodes that are gone', () => {
      const given = withBlocks(block('a', 'b', 'b'), block('b'));
      expect(parseDocument(structuredClone(given)).document).toEqual(given);
      given.blocks.b!.parameters = { units: [{ node: 'gone', parameter: 'outFeatures' }] };
      expect(Object.values(parseDocument(given).document.blocks)[1]!.parameters).toEqual({});
    });

    const chain = Array.from({ length: 12 }, (_, i) => block(`b${i}`, `b${i + 1}`, `b${i + 1}`));
    const hostile: readonly (readonly [string, unknown, string])[] = [
      ['no blocks', { ...base, blocks: undefined }, 'blocks must be an object'],
      ['a block in itself', withBlocks(block('a', 'a')), 'the block "A" contains itself: "A" → "A"'],
      [
        'blocks in a circle',
        withBlocks(block('a', 'b'), block('b', 'c'), block('c', 'b')),
        'the block "B" contains itself: "B" → "C" → "B"',
      ],
      ['blocks too deep', withBlocks(...chain), 'more than 8 levels of blocks'],
      ['a block filed wrongly', { ...base, blocks: { b: block('a') } }, 'filed under "b"'],
      ['a use of nothing', withBlocks({ ...block('a', 'b'), ...block('a', '<b>') }), 'ids are'],
      [
        'exposing under a name that means something',
        withBlocks({ ...block('a'), parameters: { repeat: [] } as never }),
        'is no name for a parameter',
      ],
      ['exposing nothing', withBlocks({ ...block('a'), parameters: { units: 3 } as never }), 'must be a list, got 3'],
      [
        'too many blocks',
        { ...base, blocks: Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`b${i}`, 0])) },
        'at most 1000',
      ],
    ];
    for (const [name, input, message] of hostile) {
      it(`refuses ${name}`, () => {
        expect(() => parseDocument(input)).toThrow(message);
        expect(() => parseDocument(input)).toThrow(EngineError);
      });
    }
  });

  it('keeps layers of a newer version as they are', () => {
    const node = { ...base.nodes[nodeId('n2')]!, version: 9 };
    const { document, problems } = parseDocument({ ...base, nodes: { ...base.nodes, n2: node } });
    expect(document.nodes[nodeId('n2')]).toEqual(node);
    expect(problems).toEqual([expect.stringContaining('version 9 of Linear')]);
  });

  it('leaves out wires that end nowhere, and cleans names', () => {
    const edges = {
      ...base.edges,
      e9: { id: 'e9', source: { node: 'n0', port: 'output' }, target: { node: 'gone', port: 'input' } },
    };
    const { document, problems } = parseDocument({ ...base, edges, name: 'a\nb\u2028c' });
    expect(document.edges).toEqual(base.edges);
    expect(document.name).toBe('a b c');
    expect(problems).toHaveLength(2);
  });

  const bad: readonly (readonly [string, unknown, string])[] = [
    ['text that is not JSON', '{"format": ', 'not JSON'],
    ['another format', { ...base, format: 'keras' }, 'no Gradloom document'],
    ['a newer version', { ...base, version: 5 }, 'made by a newer Gradloom'],
    ['a list of nodes', { ...base, nodes: [] }, 'nodes must be an object, got a list'],
    ['__proto__ among the nodes', serializeDocument(base).replace('"n0": {', '"__proto__": {'), '"__proto__"'],
    ['__proto__ among parameters', serializeDocument(base).replace('"outFeatures"', '"__proto__"'), '"__proto__"'],
    ['an id that every object has', serializeDocument(base).replaceAll('"n0"', '"constructor"'), 'ids are'],
    ['an id that is markup', serializeDocument(base).replaceAll('"n0"', '"<b>"'), 'ids are'],
    [
      'a position of null',
      serializeDocument(base).replace('"x": 260', '"x": null'),
      'nodes.n1.position.x must be a finite number',
    ],
    ['a position far out', serializeDocument(base).replace('"x": 260', '"x": 1e300'), 'within ±'],
    [
      'an overflowing number',
      serializeDocument(base).replace('"outFeatures": 10', '"outFeatures": 1e999'),
      'outFeatures must be a finite number',
    ],
    [
      'a nested parameter',
      serializeDocument(base).replace('"outFeatures": 10', '"outFeatures": [[1]]'),
      'outFeatures[0]',
    ],
    ['no training', { ...base, training: undefined }, 'training must be an object, got nothing'],
    ['half an epoch', { ...base, training: { ...base.training, epochs: 0.5 } }, 'training.epochs'],
    ['a seed beyond int32', { ...base, training: { ...base.training, seed: 2 ** 31 } }, 'training.seed'],
    ['a huge name', { ...base, name: 'x'.repeat(501) }, '501 characters'],
    ['a node filed wrongly', { ...base, nodes: { other: base.nodes[nodeId('n0')] } }, 'filed under "other"'],
    [
      'too many edges',
      { ...base, edges: Object.fromEntries(Array.from({ length: 50_001 }, (_, i) => [`e${i}`, 0])) },
      'at most 50000',
    ],
    [
      'too many nodes',
      { ...base, nodes: Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [`n${i}`, 0])) },
      'at most 20000',
    ],
  ];
  for (const [name, input, message] of bad) {
    it(`refuses ${name}`, () => {
      expect(() => parseDocument(input)).toThrow(message);
      expect(() => parseDocument(input)).toThrow(EngineError);
    });
  }
});

describe('ids', () => {
  it('are free, start with a letter, and pass the parser', () => {
    const document = chainDocument(['Input'], ['Conv2d']);
    expect(newNodeId(document, 'Conv2d')).toBe('conv2d1');
    expect(newNodeId(document, 'Conv2d', new Set(['conv2d1']))).toBe('conv2d2');
    expect(newNodeId(document, '3-D <thing>')).toBe('node3dthing1');
    expect(newEdgeId(document)).toBe('edge1');
    const edges = Object.fromEntries(['edge1', 'edge2', 'edge4'].map((id) => [id, {}])) as typeof document.edges;
    expect(newEdgeId({ ...document, edges })).toBe('edge3');
    expect(newEdgeId({ ...document, edges }, new Set(['edge3']))).toBe('edge5');
    expect(newEdgeId({ ...document, edges })).toBe('edge3');
  });
});
