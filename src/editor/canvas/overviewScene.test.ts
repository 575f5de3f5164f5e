import { Position } from '@xyflow/react';
import { describe, expect, it } from 'vitest';
import { type GraphNode, nodeId } from '../../engine/graph/document.ts';
import { handlesOf } from './handles.ts';
import type { FlowNode } from './LayerNode.tsx';
import { mapOf } from './minimapView.ts';
import { extendChanges } from './overviewChanges.ts';
import { contains, overlap, sceneOf } from './overviewScene.ts';
import type { FlowEdge } from './ShapeEdge.tsx';
import { wirePath } from './wirePath.ts';

const size = { width: 200, height: 82 };

function layer(id: string, x: number, y: number, down = false): FlowNode {
  const node: GraphNode = { id: nodeId(id), type: 'ReLU', version: 1, parameters: {}, position: { x, y } };
  return {
    id,
    type: 'layer',
    position: { x, y },
    measured: size,
    handles: handlesOf(undefined, size, down),
    data: { node, facts: undefined, diagnostics: [], fits: undefined, down },
  };
}

function wire(id: string, source: string, target: string): FlowEdge {
  return {
    id,
    source,
    sourceHandle: 'output',
    target,
    targetHandle: 'input',
    type: 'shape',
    data: { label: '', broken: false },
  };
}

describe('sceneOf', () => {
  const nodes = [layer('a', 0, 0), layer('b', 300, 40)];
  const edges = [wire('w', 'a', 'b')];

  it('draws the wires where the elements have them', () => {
    const [path] = wirePath({
      sourceX: 200,
      sourceY: 41,
      sourcePosition: Position.Right,
      targetX: 300,
      targetY: 81,
      targetPosition: Position.Left,
    });
    expect(sceneOf(nodes, edges).wires.map((each) => each.path)).toEqual([path]);
  });

  it('leads wires from below to above where data flows down', () => {
    const down = [layer('a', 0, 0, true), layer('b', 0, 200, true)];
    const [path] = wirePath({
      sourceX: 100,
      sourceY: 82,
      sourcePosition: Position.Bottom,
      targetX: 100,
      targetY: 200,
      targetPosition: Position.Top,
    });
    expect(sceneOf(down, edges).wires[0]?.path).toBe(path);
  });

  it('keeps the wires of layers that did not move, and makes the others anew', () => {
    const all = [...nodes, layer('c', 600, 0)];
    const wires = [...edges, wire('v', 'b', 'c')];
    const before = sceneOf(all, wires);
    const after = sceneOf([...nodes, layer('c', 700, 0)], wires, before);
    expect(after.wires[0]).toBe(before.wires[0]);
    expect(after.wires[1]).not.toBe(before.wires[1]);
  });

  it('leaves out wires of which an end is not shown', () => {
    expect(sceneOf([layer('a', 0, 0)], edges).wires).toEqual([]);
  });

  it('holds each wire within its bounds', () => {
    const back = sceneOf([layer('a', 900, 0), layer('b', 0, 400)], edges).wires[0]!;
    const numbers = back.path.match(/-?[\d.]+/g)!.map(Number);
    for (let i = 0; i < numbers.length; i += 2) {
      expect(contains(back.bounds, { x: numbers[i]!, y: numbers[i + 1]! })).toBe(true);
    }
  });
});

describe('handlesOf', () => {
  it('puts ports in the middle of the sides that they belong to', () => {
    const middles = (down: boolean) =>
      handlesOf(undefined, size, down).map(({ x, y, width = 0, height = 0 }) => [x + width / 2, y + height / 2]);
    // One unit of border lies outside of what they are placed in.
    expect(middles(false)).toEqual([
      [1, 41],
      [199, 41],
    ]);
    expect(middles(true)).toEqual([
      [100, 1],
      [100, 81],
    ]);
  });
});

describe('extendChanges', () => {
  const unknown = new Map([['far', { x: 10, y: 20 }]]);
  const lead = (id: string) => (id === 'a' ? { x: 0, y: 0 } : undefined);

  it('moves selected layers that are only drawn along with the one that is dragged', () => {
    const move = { type: 'position', id: 'a', position: { x: 5, y: -5 }, dragging: true } as const;
    expect(extendChanges([move], unknown, lead, false)).toEqual([
      move,
      { ...move, id: 'far', position: { x: 15, y: 15 } },
    ]);
  });

  it('leaves them where they are when another layer is dragged', () => {
    const move = { type: 'position', id: 'b', position: { x: 5, y: -5 }, dragging: true } as const;
    expect(extendChanges([move], unknown, lead, false)).toEqual([move]);
  });

  it('lets go of them when another one is selected, unless it joins them', () => {
    const chosen = { type: 'select', id: 'b', selected: true } as const;
    expect(extendChanges([chosen], unknown, lead, false)).toEqual([
      chosen,
      { type: 'select', id: 'far', selected: false },
    ]);
    expect(extendChanges([chosen], unknown, lead, true)).toEqual([chosen]);
  });
});

describe('mapOf', () => {
  it('shows all layers and the part that is seen, as large as fits', () => {
    const seen = { x: -500, y: 0, width: 1000, height: 500 };
    const blocks = [
      { x: 0, y: 0, ...size },
      { x: 4000, y: 100, ...size },
    ];
    const map = mapOf(blocks, seen, { width: 150, height: 92 });
    expect(map.width * map.scale).toBeCloseTo(150);
    expect(map.height * map.scale).toBeCloseTo(92);
    for (const part of [...blocks, seen]) {
      expect(contains(map, part)).toBe(true);
      expect(contains(map, { x: part.x + part.width, y: part.y + part.height })).toBe(true);
    }
  });
});

describe('overlap', () => {
  it('is true for rectangles that share some of their area', () => {
    const box = { x: 0, y: 0, width: 10, height: 10 };
    expect(overlap(box, { x: 9, y: 9, width: 5, height: 5 })).toBe(true);
    expect(overlap(box, { x: 10, y: 0, width: 5, height: 5 })).toBe(false);
  });
});
