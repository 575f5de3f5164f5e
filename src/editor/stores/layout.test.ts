import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply } from '../../engine/graph/changes.ts';
import {
  edgeId,
  type Frame,
  frameId,
  type GraphDocument,
  type GraphEdge,
  type GraphNode,
  nodeId,
  noteId,
} from '../../engine/graph/document.ts';
import { chainDocument } from '../../engine/graph/testDocuments.ts';
import { frameBorder, frameParts, heldBy, overlap, shownBoxes } from './frameBoxes.ts';
import { layoutGraph } from './layout.ts';

const sizeOf = () => ({ width: 200, height: 92 });
const directions = ['right', 'down'] as const;

/** The document with everything where the layout puts it. */
function arranged(document: GraphDocument, direction: 'right' | 'down'): GraphDocument {
  const places = layoutGraph(document, direction, sizeOf);
  const nodes = Object.values<GraphNode>(document.nodes).map((node) => [
    node.id,
    { ...node, position: places.nodes.get(node.id)! },
  ]);
  const notes = Object.values(document.notes ?? {}).map((note) => [
    note.id,
    { ...note, position: places.notes.get(note.id)! },
  ]);
  return { ...document, nodes: Object.fromEntries(nodes), notes: Object.fromEntries(notes) };
}

/** What lies where it should not: layers in frames of others, frames in frames, layers on layers. */
function misplaced(document: GraphDocument): string[] {
  const layers = Object.values<GraphNode>(document.nodes).map((node) => ({ ...node, ...node.position, ...sizeOf() }));
  const frames = Object.values<Frame>(document.frames ?? {}).map(({ id }) => ({
    id,
    ...frameBorder(heldBy(document, id, sizeOf)),
  }));
  return [
    ...frames.flatMap((frame) =>
      layers
        .filter((layer) => layer.frame !== frame.id && overlap(layer, frame))
        .map(({ id }) => `${id} in ${frame.id}`),
    ),
    ...frames.flatMap((frame, i) =>
      frames
        .slice(i + 1)
        .filter((other) => overlap(frame, other))
        .map(({ id }) => `${id} over ${frame.id}`),
    ),
    ...layers.flatMap((layer, i) =>
      layers
        .slice(i + 1)
        .filter((other) => overlap(layer, other))
        .map(({ id }) => `${id} over ${layer.id}`),
    ),
  ];
}

/** Layers in a line, with wires from earlier to later ones, some of them in frames, whichever these are. */
const anyFramed = fc
  .record({
    count: fc.integer({ min: 1, max: 24 }),
    wires: fc.array(fc.tuple(fc.nat(23), fc.nat(23)), { maxLength: 40 }),
    frames: fc.array(fc.integer({ min: -2, max: 3 }), { minLength: 24, maxLength: 24 }),
    notes: fc.array(fc.record({ x: fc.integer({ min: 0, max: 5000 }), frame: fc.integer({ min: -2, max: 3 }) }), {
      maxLength: 4,
    }),
  })
  .map(({ count, wires, frames, notes }): GraphDocument => {
    const chain = chainDocument(...Array.from({ length: count }, () => ['ReLU'] as const));
    const nodes = Object.values<GraphNode>(chain.nodes).map((node, i) => {
      const frame = frames[i]!;
      return [node.id, { ...node, ...(frame >= 0 && { frame: frameId(`f${frame}`) }) }] as const;
    });
    const used = new Set(nodes.flatMap(([, node]) => ('frame' in node && node.frame ? [node.frame as string] : [])));
    const edges = wires
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
      .filter(([a, b]) => a < b && b < count)
      .map(([a, b], i): GraphEdge => {
        const [source, target] = [nodeId(`n${a}`), nodeId(`n${b}`)];
        return {
          id: edgeId(`w${i}`),
          source: { node: source, port: 'output' },
          target: { node: target, port: 'input' },
        };
      });
    const written = notes.map(({ x, frame }, i) => ({
      id: noteId(`t${i}`),
      text: '',
      position: { x, y: -200 },
      size: { width: 200, height: 100 },
      ...(used.has(`f${frame}`) && { frame: frameId(`f${frame}`) }),
    }));
    return {
      ...chain,
      nodes: Object.fromEntries(nodes),
      edges: Object.fromEntries(edges.map((edge) => [edge.id, edge])),
      frames: Object.fromEntries([...used].map((id) => [id, { id: frameId(id), name: id }])),
      notes: Object.fromEntries(written.map((note) => [note.id, note])),
    } as GraphDocument;
  });

describe('what is arranged', () => {
  it.each(directions)('keeps what a frame holds together, no other layer within: %s', (direction) => {
    fc.assert(
      fc.property(anyFramed, (document) => {
        expect(misplaced(arranged(document, direction))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it.each(directions)('gives a folded frame the room of its one box, and a tidy inside: %s', (direction) => {
    fc.assert(
      fc.property(anyFramed, fc.nat(15), (document, bits) => {
        const frames = Object.values<Frame>(document.frames ?? {}).map((frame, i): [string, Frame] => [
          frame.id,
          (bits >> i) & 1 ? { ...frame, collapsed: true } : frame,
        ]);
        const after = arranged({ ...document, frames: Object.fromEntries(frames) } as GraphDocument, direction);
        const shown = shownBoxes(after, sizeOf);
        for (const [i, box] of shown.entries())
          expect(shown.slice(i + 1).filter((other) => overlap(box, other))).toEqual([]);
        for (const [id] of frames) {
          const held = heldBy(after, frameId(id), sizeOf);
          for (const [i, box] of held.entries())
            expect(held.slice(i + 1).filter((other) => overlap(box, other))).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('stands a folded frame between its neighbours, no further than a layer', () => {
    const chain = chainDocument(['Input'], ...Array.from({ length: 8 }, () => ['ReLU'] as const), ['Flatten']);
    const inside = Array.from({ length: 8 }, (_, i) => nodeId(`n${i + 1}`));
    const frame: Frame = { id: frameId('f'), name: 'F', collapsed: true };
    const folded = apply(chain, { kind: 'setFrame', frame, around: { nodes: inside, notes: [] } });
    const { nodes } = arranged(folded, 'right');
    expect(nodes[nodeId('n9')]!.position.x - nodes[nodeId('n0')]!.position.x).toBeLessThanOrEqual(2 * 270);
    expect(nodes[nodeId('n1')]!.position.x).toBeGreaterThan(nodes[nodeId('n0')]!.position.x);
    expect(nodes[nodeId('n8')]!.position.x - nodes[nodeId('n1')]!.position.x).toBe(7 * 260);
  });

  it.each(directions)('runs along the data: %s', (direction) => {
    const { nodes } = arranged(chainDocument(['Input'], ['Conv2d'], ['ReLU']), direction);
    const along = Object.values<GraphNode>(nodes).map(({ position }) => position[direction === 'right' ? 'x' : 'y']);
    const across = Object.values<GraphNode>(nodes).map(({ position }) => position[direction === 'right' ? 'y' : 'x']);
    expect(along).toEqual([...along].sort((a, b) => a - b));
    expect(new Set(along).size).toBe(3);
    expect(new Set(across).size).toBe(1);
  });

  it('puts a note beside its layer', () => {
    const chain = chainDocument(['Input'], ['Conv2d'], ['ReLU'], ['Flatten']);
    const note = { id: noteId('t'), text: 'Here', position: { x: 520, y: 110 }, size: { width: 200, height: 80 } };
    const after = arranged({ ...chain, notes: { [note.id]: note } } as GraphDocument, 'right');
    const [layer, text] = [after.nodes[nodeId('n2')]!.position, after.notes![note.id]!.position];
    expect(text).toEqual({ x: layer.x, y: layer.y + 110 });
  });

  it('puts a note aside where a frame would cover it', () => {
    const chain = chainDocument(['Input'], ['Conv2d'], ['ReLU'], ['Flatten']);
    const note = { id: noteId('t'), text: 'Here', position: { x: 520, y: 80 }, size: { width: 200, height: 80 } };
    const change = { kind: 'setFrame', frame: { id: frameId('f'), name: 'F' } } as const;
    const around = { nodes: ['n1', 'n2'].map(nodeId), notes: [] };
    const framed = apply({ ...chain, notes: { [note.id]: note } } as GraphDocument, { ...change, around });
    const after = arranged(framed, 'right');
    const box = { ...after.notes![note.id]!.position, ...note.size };
    expect(overlap(frameBorder(heldBy(after, frameId('f'), sizeOf)), box)).toBe(false);
    expect(Math.abs(box.y - after.nodes[nodeId('n2')]!.position.y)).toBeLessThan(240);
  });

  it('is nothing where there is nothing', () => {
    expect(layoutGraph(chainDocument(), 'right', sizeOf).nodes.size).toBe(0);
  });
});

describe('a frame around layers of two rows', () => {
  // Input, Conv2d, ReLU / MaxPool2d, Flatten, Linear, as the first model stands.
  const rows = chainDocument(['Input'], ['Conv2d'], ['ReLU'], ['MaxPool2d'], ['Flatten'], ['Linear']);
  const placed = Object.values<GraphNode>(rows.nodes).map((node, i) => {
    const frame = i >= 1 && i <= 3 ? { frame: frameId('f') } : {};
    return [node.id, { ...node, position: { x: 260 * (i % 3), y: i < 3 ? 0 : 160 }, ...frame }] as const;
  });
  const document = {
    ...rows,
    nodes: Object.fromEntries(placed),
    frames: { f: { id: frameId('f'), name: 'Features' } },
  } as GraphDocument;

  it('has a border for each, so that none has the layers of others in it', () => {
    const parts = frameParts(document, frameId('f'), sizeOf);
    expect(parts.map((part) => part.map(({ id }) => id))).toEqual([['n1', 'n2'], ['n3']]);
    const others = ['n0', 'n4', 'n5'].map((id) => ({ ...document.nodes[nodeId(id)]!.position, ...sizeOf() }));
    for (const part of parts) for (const other of others) expect(overlap(frameBorder(part), other)).toBe(false);
  });

  it('has one after it was arranged', () => {
    expect(frameParts(arranged(document, 'right'), frameId('f'), sizeOf)).toHaveLength(1);
    expect(frameParts(arranged(document, 'down'), frameId('f'), sizeOf)).toHaveLength(1);
  });
});
