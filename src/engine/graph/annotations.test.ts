import { describe, expect, it } from 'vitest';
import { findLayer } from '../layers/registry.ts';
import { membersOf } from './annotations.ts';
import { apply, type GraphChange } from './changes.ts';
import { describeChange } from './describeChange.ts';
import { frameId, type GraphDocument, nodeId, noteId } from './document.ts';
import { dissolve, groupIntoBlock } from './grouping.ts';
import { parseDocument, serializeDocument } from './schema.ts';
import { chainDocument } from './testDocuments.ts';

const frame = { id: frameId('f'), name: 'Encoder', color: 'teal' } as const;
const note = { id: noteId('t'), text: 'Why?\nBecause.', position: { x: 0, y: -90 }, size: { width: 200, height: 80 } };
const around = { nodes: ['n1', 'n2'].map(nodeId), notes: [note.id] };
const steps: readonly (readonly [GraphChange, string])[] = [
  [{ kind: 'setNote', note }, 'Add a note'],
  [{ kind: 'setFrame', frame, around }, 'Frame layers as Encoder'],
  [{ kind: 'setFrame', frame: { ...frame, collapsed: true } }, 'Fold the frame Encoder'],
  [{ kind: 'setFrame', frame }, 'Unfold the frame Encoder'],
  [{ kind: 'setNote', note: { ...note, frame: frame.id, text: 'So.' } }, 'Write a note'],
  [{ kind: 'colorNode', node: nodeId('n1'), color: 'red' }, 'Color Conv2d'],
  [{ kind: 'setDirection', direction: 'down' }, 'Let data flow down'],
];
const chain = chainDocument(['Input'], ['Conv2d'], ['ReLU'], ['Flatten']);
const done = steps.reduce<GraphDocument>((document, [change, name]) => {
  expect(describeChange(change, document)).toBe(name);
  return apply(document, change);
}, chain);

describe('frames and notes', () => {
  it('hold nodes and notes, and are saved', () => {
    expect(membersOf(done, frame.id)).toEqual(around);
    expect(done.nodes[nodeId('n1')]).toMatchObject({ frame: 'f', color: 'red' });
    expect(parseDocument(serializeDocument(done)).document).toEqual(done);
  });

  it('go with the last that they held', () => {
    const left = apply(done, { kind: 'removeNode', node: nodeId('n1') });
    expect(left.frames).toHaveProperty('f');
    const out = apply(left, { kind: 'frameItems', items: { nodes: [nodeId('n2')], notes: [] }, frame: undefined });
    const gone = apply(out, { kind: 'removeNote', note: note.id });
    expect(gone).not.toHaveProperty('frames');
    expect(gone).not.toHaveProperty('notes');
  });

  it('can be taken away without what they hold', () => {
    const open = apply(done, { kind: 'removeFrame', frame: frame.id });
    expect(Object.keys(open.nodes)).toEqual(Object.keys(done.nodes));
    expect(open).not.toHaveProperty('frames');
    expect(open.nodes[nodeId('n1')]).not.toHaveProperty('frame');
    expect(open.notes![note.id]).not.toHaveProperty('frame');
  });

  it('lie in blocks too, and do not come out of them', () => {
    const { change, block, use } = groupIntoBlock(done, around.nodes, 'Pair', ({ type }) => findLayer(type));
    const grouped = apply(done, change);
    expect(grouped.blocks[block]).not.toHaveProperty('frames');
    const inside = (inner: GraphChange): GraphChange => ({ kind: 'inBlock', block, change: inner });
    const framed = apply(grouped, inside({ kind: 'setFrame', frame: { id: frameId('g'), name: 'In' }, around }));
    expect(membersOf(framed.blocks[block]!, frameId('g')).nodes).toEqual(around.nodes);
    expect(parseDocument(serializeDocument(framed)).document).toEqual(framed);
    const emptied = around.nodes.reduce(
      (document, node) => apply(document, inside({ kind: 'removeNode', node })),
      framed,
    );
    expect(emptied.blocks[block]).not.toHaveProperty('frames');
    const { nodes } = framed.blocks[block]!;
    const { change: out, nodes: free } = dissolve(framed, use, { nodes, repeat: 1 });
    const dissolved = apply(framed, out);
    expect(free.map((id) => dissolved.nodes[id]?.frame)).toEqual(['f', 'f']);
  });

  it('share what did not change', () => {
    const again = apply(done, { kind: 'frameItems', items: { nodes: [nodeId('n3')], notes: [] }, frame: frame.id });
    expect(again.nodes[nodeId('n1')]).toBe(done.nodes[nodeId('n1')]);
    expect(again.notes).toBe(done.notes);
    expect(apply(done, { kind: 'colorNode', node: nodeId('n1'), color: 'red' })).toBe(done);
    expect(apply(done, { kind: 'frameItems', items: around, frame: frameId('no') })).toBe(done);
  });

  it('are refused or mended where they come from outside', () => {
    const text = serializeDocument(done);
    expect(() => parseDocument(text.replace('"teal"', '"mauve"'))).toThrow('must be one of grey, red');
    expect(() => parseDocument(text.replace('"width": 200', '"width": 1e9'))).toThrow('notes.t.size.width');
    const lost = parseDocument(text.replaceAll('"frame": "f"', '"frame": "g"')).document;
    expect(lost).not.toHaveProperty('frames');
    expect(lost.nodes[nodeId('n1')]).not.toHaveProperty('frame');
  });
});
