import { describe, expect, it } from 'vitest';
import { apply } from '../../engine/graph/changes.ts';
import { describeChange } from '../../engine/graph/describeChange.ts';
import { type FrameId, frameId, type GraphDocument, nodeId, noteId } from '../../engine/graph/document.ts';
import { chainDocument } from '../../engine/graph/testDocuments.ts';
import { drawnFrames, reframe, reframing } from './frameMoves.ts';

const SIZE = { width: 200, height: 100 };
const sizeOf = () => SIZE;
const A = frameId('a');

/** `one` and `two` side by side in frame A; `free` and a note far to the right. */
function scene(): GraphDocument {
  const at = (id: string, x: number, frame?: FrameId) => ({
    id: nodeId(id),
    type: 'ReLU',
    version: 1,
    parameters: {},
    position: { x, y: 0 },
    ...(frame && { frame }),
  });
  return {
    ...chainDocument(),
    frames: { [A]: { id: A, name: 'Encoder' } },
    nodes: { [nodeId('one')]: at('one', 0, A), [nodeId('two')]: at('two', 260, A), [nodeId('free')]: at('free', 1000) },
    notes: { [noteId('note1')]: { id: noteId('note1'), text: '', position: { x: 1000, y: 300 }, size: SIZE } },
  };
}

function dropped(document: GraphDocument, places: Readonly<Record<string, { x: number; y: number }>>, held?: string) {
  const boxes = Object.entries(places).map(([id, place]) => ({ id, ...place, ...SIZE }));
  const first = boxes.find(({ id }) => id === held) ?? boxes[0]!;
  const pointer = { x: first.x + 10, y: first.y + 10 };
  const found = reframing(document, drawnFrames(document, sizeOf), { boxes, held, pointer });
  return { found, changes: reframe(document, found, boxes, sizeOf) };
}

const applied = (document: GraphDocument, changes: ReturnType<typeof dropped>['changes']) =>
  apply(document, { kind: 'group', changes });

describe('what is dragged over frames', () => {
  it('goes into the frame under the pointer, notes too, with a name of the step', () => {
    const document = scene();
    const { found, changes } = dropped(document, { free: { x: 100, y: 20 }, 'note:note1': { x: 100, y: 400 } }, 'free');
    expect(found.into).toBe(A);
    const result = applied(document, changes);
    expect(result.nodes[nodeId('free')]?.frame).toBe(A);
    expect(result.notes?.[noteId('note1')]?.frame).toBe(A);
    const single = dropped(document, { free: { x: 100, y: 20 } }, 'free');
    const moved = { kind: 'moveNode', node: nodeId('free'), position: { x: 100, y: 20 } } as const;
    expect(describeChange({ kind: 'group', changes: [moved, ...single.changes] }, document)).toBe(
      'Move ReLU into Encoder',
    );
  });

  it('stays while its middle or the pointer is in the frame, and leaves when neither is', () => {
    const document = scene();
    expect(dropped(document, { two: { x: 360, y: 0 } }, 'two').changes).toEqual([]);
    // The middle is out, the pointer at its left edge is not.
    expect(dropped(document, { two: { x: 440, y: 0 } }, 'two').changes).toEqual([]);
    const { changes } = dropped(document, { two: { x: 600, y: 0 } }, 'two');
    expect(applied(document, changes).nodes[nodeId('two')]?.frame).toBeUndefined();
    const moved = { kind: 'moveNode', node: nodeId('two'), position: { x: 600, y: 0 } } as const;
    expect(describeChange({ kind: 'group', changes: [moved, ...changes] }, document)).toBe('Move ReLU out of Encoder');
  });

  it('takes along the frame when all that it holds is dragged', () => {
    const document = scene();
    const places = { one: { x: 900, y: 900 }, two: { x: 1160, y: 900 } };
    expect(dropped(document, places, 'one').changes).toEqual([]);
  });

  it('goes from one frame to another, whose last one takes the frame with it', () => {
    const B = frameId('b');
    const base = scene();
    const document = apply(base, {
      kind: 'setFrame',
      frame: { id: B, name: 'Decoder' },
      around: { nodes: [nodeId('free')], notes: [] },
    });
    const result = applied(document, dropped(document, { free: { x: 100, y: 20 } }, 'free').changes);
    expect(result.nodes[nodeId('free')]?.frame).toBe(A);
    expect(Object.keys(result.frames ?? {})).toEqual(['a']);
  });

  it('finds a place of its own in a folded frame', () => {
    const document = apply(scene(), { kind: 'setFrame', frame: { id: A, name: 'Encoder', collapsed: true } });
    const result = applied(document, dropped(document, { free: { x: 20, y: 20 } }, 'free').changes);
    expect(result.nodes[nodeId('free')]?.frame).toBe(A);
    const [one, free] = [result.nodes[nodeId('one')]!.position, result.nodes[nodeId('free')]!.position];
    expect(Math.abs(free.x - one.x) >= SIZE.width || Math.abs(free.y - one.y) >= SIZE.height).toBe(true);
  });

  it('leaves the others of a selection in their frame while they are within it', () => {
    const document = scene();
    const { changes } = dropped(document, { free: { x: 1010, y: 0 }, two: { x: 270, y: 0 } }, 'free');
    expect(changes).toEqual([]);
  });
});
