import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { membersOf } from './annotations.ts';
import { apply, type GraphChange } from './changes.ts';
import { frameId, type GraphDocument, type NodeId, nodeId, noteId } from './document.ts';
import { parseDocument, serializeDocument } from './schema.ts';
import { parseSelection, pasteSelection, selectionText } from './selection.ts';
import { anyDocument, chainDocument } from './testDocuments.ts';

const document = chainDocument(['Input'], ['Conv2d', { outChannels: 8 }], ['ReLU'], ['Flatten']);
const by = { x: 40, y: 60 };
const chosen = (ids: readonly string[], frames: readonly string[] = [], notes: readonly string[] = []) => ({
  nodes: ids.map(nodeId),
  frames: frames.map(frameId),
  notes: notes.map(noteId),
});
const copied = (ids: readonly string[], from: GraphDocument = document) =>
  parseSelection(selectionText(from, chosen(ids)), document)!;
const wires = ({ edges }: GraphDocument) =>
  Object.values(edges).map(({ source, target }) => `${source.node} ${target.node}`);

const note = { id: noteId('t'), text: 'Why?', position: { x: 250, y: -120 }, size: { width: 200, height: 80 } };
const frame = { id: frameId('f'), name: 'Features', color: 'teal' } as const;
const annotated = [
  { kind: 'setNote', note },
  { kind: 'setNote', note: { ...note, id: noteId('u'), text: 'Alone' } },
  { kind: 'setFrame', frame, around: { nodes: [nodeId('n1'), nodeId('n2')], notes: [note.id] } },
].reduce<GraphDocument>((before, change) => apply(before, change as GraphChange), document);
const pasted = (from: ReturnType<typeof chosen>, into: GraphDocument) => {
  const { change, added } = pasteSelection(into, parseSelection(selectionText(annotated, from), into)!, { by });
  return { after: apply(into, change), added };
};

describe('copied frames and notes', () => {
  it('come with all that the frame holds, beside the originals', () => {
    const { after, added } = pasted(chosen([], ['f']), annotated);
    expect(added).toEqual(chosen([], ['frame1']));
    expect(membersOf(after, frameId('frame1'))).toEqual({
      nodes: ['conv2d1', 'relu1'].map(nodeId),
      notes: [noteId('note1')],
    });
    expect(after.frames![frameId('frame1')]).toEqual({ ...frame, id: 'frame1' });
    expect(after.notes![noteId('note1')]).toMatchObject({ text: 'Why?', position: { x: 290, y: -60 } });
    expect(membersOf(after, frame.id)).toEqual(membersOf(annotated, frame.id));
    expect(wires(after)).toEqual([...wires(document), 'conv2d1 relu1']);
  });

  it('come into another document', () => {
    const { after } = pasted(chosen(['n0'], ['f'], ['u']), chainDocument());
    expect(Object.values(after.notes!).map(({ text }) => text)).toEqual(['Alone', 'Why?']);
    expect(wires(after).sort()).toEqual(['conv2d1 relu1', 'input1 conv2d1']);
    expect(parseDocument(serializeDocument(after)).document).toEqual(after);
  });

  it('leave the frame behind where only what it holds is copied', () => {
    const { after, added } = pasted(chosen(['n1'], [], ['t']), annotated);
    expect(added).toEqual(chosen(['conv2d1'], [], ['note1']));
    expect(after.nodes[nodeId('conv2d1')]).not.toHaveProperty('frame');
    expect(after.notes![noteId('note1')]).not.toHaveProperty('frame');
    expect(Object.keys(after.frames!)).toEqual(['f']);
  });
});

describe('copied layers', () => {
  it('come with the wires between them under new ids', () => {
    const { change, added } = pasteSelection(document, copied(['n1', 'n2']), { by });
    const after = apply(document, change);
    expect(added).toEqual(chosen(['conv2d1', 'relu1']));
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
        expect(Object.keys(parseSelection(selectionText(any, chosen(ids)), document)!.document.nodes)).toEqual(ids);
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
    const text = selectionText(annotated, chosen(['n1'], ['f'], ['t']));
    for (const evil of [
      text.replace('"x":260', '"x":"far"'),
      text.replace('"type":"Conv2d"', '"type":["Conv2d"]'),
      text.replace('"outChannels":8', '"outChannels":{"a":1}'),
      text.replace(/"version":\d+,"nodes"/, '"version":999,"nodes"'),
      text.replace('"incoming":[{"id":"e1"', '"incoming":[{"id":"../x"'),
      text.replace('"teal"', '"url(//evil)"'),
      text.replace('"notes":{"t":{"id":"t"', '"notes":{"t":{"id":"__proto__"'),
      text.replace('"frames":{"f":{"id":"f"', '"frames":{"f":{"id":"other"'),
      text.replace('"text":"Why?"', `"text":${JSON.stringify('x'.repeat(5000))}`),
      text.replace('"width":200', '"width":1e300'),
    ]) {
      expect(evil).not.toBe(text);
      expect(() => parseSelection(evil, document)).toThrow(/document|JSON/);
    }
  });

  it('is refused where it holds more than a person copies', () => {
    const notes = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`t${i}`, { ...note, id: `t${i}` }]));
    const nodes = Object.fromEntries(
      Array.from({ length: 2001 }, (_, i) => [`n${i}`, { ...document.nodes[nodeId('n2')], id: `n${i}` }]),
    );
    const text = (parts: object) =>
      JSON.stringify({ ...JSON.parse(selectionText(annotated, chosen(['n1']))), incoming: [], ...parts });
    expect(Object.keys(parseSelection(text({ notes }), document)!.document.notes!)).toHaveLength(2000);
    expect(() => parseSelection(text({ notes: { ...notes, u: { ...note, id: 'u' } } }), document)).toThrow(/2001|2000/);
    expect(() => parseSelection(text({ nodes }), document)).toThrow('2001 layers are too many to paste at once');
  });
});
