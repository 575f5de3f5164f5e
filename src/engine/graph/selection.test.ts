import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply } from './changes.ts';
import { type GraphDocument, type NodeId, nodeId } from './document.ts';
import { parseSelection, pasteSelection, selectionText } from './selection.ts';
import { anyDocument, chainDocument } from './testDocuments.ts';

const document = chainDocument(['Input'], ['Conv2d', { outChannels: 8 }], ['ReLU'], ['Flatten']);
const by = { x: 40, y: 60 };
const copied = (ids: readonly string[], from: GraphDocument = document) =>
  parseSelection(selectionText(from, ids.map(nodeId)), document)!;
const wires = ({ edges }: GraphDocument) =>
  Object.values(edges).map(({ source, target }) => `${source.node} ${target.node}`);

describe('copied layers', () => {
  it('come with the wires between them under new ids', () => {
    const { change, nodes } = pasteSelection(document, copied(['n1', 'n2']), { by });
    const after = apply(document, change);
    expect(nodes).toEqual(['conv2d1', 'relu1']);
    expect(after.nodes[nodeId('conv2d1')]).toMatchObject({
      parameters: { outChannels: 8 },
      position: { x: 300, y: 60 },
    });
    expect(wires(after)).toEqual([...wires(document), 'conv2d1 relu1']);
  });

  it('are joined to what the originals read, if wanted and if that is there', () => {
    const selection = copied(['n1', 'n2']);
    const wired = apply(document, pasteSelection(document, selection, { by, wired: true }).change);
    expect(wires(wired)).toEqual([...wires(document), 'conv2d1 relu1', 'n0 conv2d1']);
    const other = chainDocument();
    const elsewhere = apply(other, pasteSelection(other, selection, { by, wired: true }).change);
    expect(wires(elsewhere)).toEqual(['conv2d1 relu1']);
  });

  it('are the same in any document after a round trip', () => {
    fc.assert(
      fc.property(anyDocument, (any) => {
        const ids = Object.keys(any.nodes) as NodeId[];
        expect(Object.keys(parseSelection(selectionText(any, ids), document)!.document.nodes)).toEqual(ids);
      }),
      { numRuns: 50 },
    );
  });
});

describe('text of a clipboard', () => {
  it.each(['', 'some words', '{"a": 1}', '[1]', 'null', '{'])('%s is none of ours', (text) => {
    expect(parseSelection(text, document)).toBeUndefined();
  });

  it('is refused where it lies', () => {
    const text = selectionText(document, [nodeId('n1')]);
    for (const evil of [
      text.replace('"x":260', '"x":"far"'),
      text.replace('"type":"Conv2d"', '"type":["Conv2d"]'),
      text.replace('"outChannels":8', '"outChannels":{"a":1}'),
      text.replace(/"version":\d+,"nodes"/, '"version":999,"nodes"'),
      text.replace('"incoming":[{"id":"e1"', '"incoming":[{"id":"../x"'),
    ]) {
      expect(evil).not.toBe(text);
      expect(() => parseSelection(evil, document)).toThrow(/document|JSON/);
    }
  });
});
