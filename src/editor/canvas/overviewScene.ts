import { Position } from '@xyflow/react';
import { NODE_SIZE } from '../stores/canvasActions.ts';
import type { FlowEdge } from './ShapeEdge.tsx';
import type { CanvasNode } from './useAnnotations.ts';
import { wirePath } from './wirePath.ts';

/** A rectangle in canvas units. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A layer as it is seen from afar. */
export interface Block extends Rect {
  readonly id: string;
  readonly title: string;
  /** Colour tokens of the theme. */
  readonly category: string;
  readonly tag: string | undefined;
  readonly selected: boolean;
  readonly severity: 'error' | 'warning' | undefined;
}

/** A wire as it is seen from afar. */
export interface Wire {
  readonly id: string;
  /** The `d` of an SVG path. */
  readonly path: string;
  readonly bounds: Rect;
  readonly selected: boolean;
  readonly broken: boolean;
}

export interface Scene {
  readonly blocks: readonly Block[];
  readonly wires: readonly Wire[];
}

export const EMPTY_SCENE: Scene = { blocks: [], wires: [] };

/** How far a wire may lie outside of the rectangle between its ends. */
const AROUND = 240;

/** Layers and wires as a picture. What has not changed since `before` is the same object. */
export function sceneOf(nodes: readonly CanvasNode[], edges: readonly FlowEdge[], before: Scene = EMPTY_SCENE): Scene {
  const places = new Map(nodes.map((node) => [node.id, node]));
  const known = new Map(before.wires.map((wire) => [wire.id, wire]));
  return {
    blocks: nodes.flatMap((node) => (node.type === 'layer' ? [blockOf(node)] : [])),
    wires: edges.flatMap((edge): Wire[] => {
      const [source, target] = [places.get(edge.source), places.get(edge.target)];
      if (!source || !target) return [];
      const from = endOf(source, 'source', edge.sourceHandle);
      const to = endOf(target, 'target', edge.targetHandle);
      const old = known.get(edge.id);
      const [path] = wirePath({
        sourceX: from.x,
        sourceY: from.y,
        sourcePosition: from.position,
        targetX: to.x,
        targetY: to.y,
        targetPosition: to.position,
      });
      const selected = edge.selected === true;
      const broken = edge.data?.broken === true;
      if (old?.path === path && old.selected === selected && old.broken === broken) return [old];
      const bounds = {
        x: Math.min(from.x, to.x) - AROUND,
        y: Math.min(from.y, to.y) - AROUND,
        width: Math.abs(from.x - to.x) + 2 * AROUND,
        height: Math.abs(from.y - to.y) + 2 * AROUND,
      };
      return [{ id: edge.id, path, bounds, selected, broken }];
    }),
  };
}

/** A node's place and size. */
export function rectOf({ position, measured, width, height }: CanvasNode): Rect {
  return {
    ...position,
    width: measured?.width ?? width ?? NODE_SIZE.width,
    height: measured?.height ?? height ?? NODE_SIZE.height,
  };
}

export const contains = ({ x, y, width, height }: Rect, point: { readonly x: number; readonly y: number }): boolean =>
  point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + height;

export const overlap = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function blockOf(node: Extract<CanvasNode, { type?: 'layer' }>): Block {
  const { node: layer, facts, diagnostics } = node.data;
  return {
    id: node.id,
    ...rectOf(node),
    title: layer.name ?? facts?.definition?.title ?? layer.type,
    category: categoryToken(node),
    tag: layer.color && `tag-${layer.color}`,
    selected: node.selected === true,
    severity: (diagnostics.find(({ severity }) => severity === 'error') ?? diagnostics[0])?.severity,
  };
}

/** The colour token of what kind of layer this is. */
export function categoryToken({ data }: Extract<CanvasNode, { type?: 'layer' }>): string {
  return `category-${(data.facts?.definition?.category ?? 'joining').toLowerCase()}`;
}

/** Where a wire leaves a node or comes to it. What has no such port, a folded frame, has it in the middle of a side. */
function endOf(
  node: CanvasNode,
  type: 'source' | 'target',
  port: string | null | undefined,
): { readonly x: number; readonly y: number; readonly position: Position } {
  const handle = node.handles?.find((each) => each.type === type && each.id === port);
  const { x, y, width, height } = rectOf(node);
  const isSource = type === 'source';
  const down = handle
    ? handle.position === Position.Top || handle.position === Position.Bottom
    : 'down' in node.data && node.data.down;
  if (down) {
    const middle = handle ? handle.x + (handle.width ?? 0) / 2 : width / 2;
    return { x: x + middle, y: isSource ? y + height : y, position: isSource ? Position.Bottom : Position.Top };
  }
  const middle = handle ? handle.y + (handle.height ?? 0) / 2 : height / 2;
  return { x: isSource ? x + width : x, y: y + middle, position: isSource ? Position.Right : Position.Left };
}
