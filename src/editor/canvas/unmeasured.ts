import { type NodeHandle, Position } from '@xyflow/react';
import type { NodeInference } from '../../engine/compiler/infer.ts';
import { NODE_SIZE } from '../stores/canvasActions.ts';
import { type FlowNode, portPlace } from './LayerNode.tsx';

/** Models of more layers are drawn in part: what is on the screen. */
export const LARGE = 150;

/**
 * Sizes and ports of a layer of a large model that was never drawn. React Flow draws every node whose ports it does not
 * know once, to measure it, on the screen or not: with 20,000 layers that takes the better part of a minute.
 */
export function unmeasured(facts: NodeInference | undefined): Partial<FlowNode> {
  const { inputs = [], outputs = [] } = facts?.definition ?? {};
  const ports = (
    type: 'source' | 'target',
    names: readonly { readonly name: string; readonly optional?: boolean }[],
  ): NodeHandle[] =>
    names.map(({ name }, i) => ({
      id: name,
      type,
      position: type === 'source' ? Position.Right : Position.Left,
      x: type === 'source' ? NODE_SIZE.width : 0,
      y: (portPlace(i, names) / 100) * NODE_SIZE.height,
    }));
  return {
    // Nothing fits the screen before all sizes are known. A node that is drawn is measured all the same.
    measured: NODE_SIZE,
    handles: [...ports('target', inputs), ...ports('source', outputs)],
  };
}

/** A node that React Flow has measured: its true ports count from now on. */
export function withoutGuess({ handles: _guess, ...node }: FlowNode): FlowNode {
  return node;
}
